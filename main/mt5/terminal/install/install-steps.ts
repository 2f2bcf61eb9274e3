import type { Wanted } from './install-plan.ts';
import { needsPreset } from './preset.ts';
import { PROGRAM } from './program-source.ts';

/** What no program can do for the user, in the order in which to do it. */
export function stepsByHand(wanted: Wanted): string[] {
  const { inputs } = wanted.source;
  const port = wanted.inputs['InpTcpPort'] ?? '';
  const preset = needsPreset(inputs, wanted.inputs) ? [`On its Inputs tab press Load and choose ${PROGRAM}.set.`] : [];
  return [
    'In MetaTrader open the Navigator (Ctrl+N), right-click Expert Advisors and choose Refresh.',
    `Drag Expert Advisors > MT5Fabric > ${PROGRAM} onto one chart of any symbol, and onto one only.`,
    'On its Common tab tick Allow Algo Trading.',
    ...preset,
    'Press OK, and switch the Algo Trading button in the toolbar on (Ctrl+E): it turns green.',
    `Only where the named pipe cannot be used (Wine): Tools > Options > Expert Advisors > Allow WebRequest for listed URL, add 127.0.0.1 (TCP port ${port}).`,
    'Start the gateway with --terminal bridge, and see with --doctor that every link holds.',
  ];
}

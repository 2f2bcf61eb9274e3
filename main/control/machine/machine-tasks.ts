import { assertNever } from '../../assert-never.ts';
import { readBridgeToken } from '../../mt5/terminal/bridge-token.ts';
import { editorLauncher } from '../../mt5/terminal/install/compile.ts';
import { findTerminals } from '../../mt5/terminal/install/find-terminals.ts';
import { inspect } from '../../mt5/terminal/install/inspect.ts';
import { readProgramSource } from '../../mt5/terminal/install/program-source.ts';
import { terminalRoots } from '../../mt5/terminal/install/terminal-roots.ts';
import type { ControlOutput } from '../contract.ts';
import type { Check } from '../doctor/check.ts';
import { diagnose } from '../doctor/diagnose.ts';
import type { GatewayFinding } from '../doctor/findings.ts';
import { gather } from '../doctor/gather.ts';
import { installInto, programInputs, type InstallEnding } from '../install-command.ts';
import { foundTerminalView } from './found-terminal.ts';
import type { MachinePlace } from './machine-place.ts';

/** What this machine is asked, with what it answers. */
export interface MachineCalls {
  terminals: { readonly input: object; readonly output: ControlOutput<'terminals'> };
  install: { readonly input: { readonly folder: string }; readonly output: InstallEnding };
  doctor: { readonly input: { readonly gateway: GatewayFinding }; readonly output: readonly Check[] };
}

export type MachineTask = {
  [K in keyof MachineCalls]: { readonly call: K; readonly input: MachineCalls[K]['input'] };
}[keyof MachineCalls];

/** Does one of these. Reads and writes files as it goes: for a thread that nobody trades on. */
export async function performTask(
  task: MachineTask,
  place: MachinePlace,
): Promise<MachineCalls[keyof MachineCalls]['output']> {
  switch (task.call) {
    case 'terminals':
      return terminals(place);
    case 'install':
      return install(task.input.folder, place);
    case 'doctor':
      return diagnose(await gather({ ...place, roots: terminalRoots(place), gateway: task.input.gateway }));
    default:
      return assertNever(task, 'task for this machine');
  }
}

function terminals(place: MachinePlace): ControlOutput<'terminals'> {
  const roots = terminalRoots(place);
  const source = sourceOf(place);
  const wanted = { source, token: readBridgeToken(place.dataDir) ?? '', inputs: programInputs(place.settings) };
  const found = findTerminals(roots).map((terminal) => foundTerminalView(inspect(terminal, wanted), source.version));
  return { terminals: found, looked_in: found.length > 0 ? [] : roots.map(({ folder }) => folder) };
}

async function install(folder: string, place: MachinePlace): Promise<InstallEnding> {
  const { dataDir, settings, platform } = place;
  const terminal = findTerminals(terminalRoots(place)).find(({ dataFolder }) => dataFolder === folder);
  if (terminal === undefined) return { kind: 'refused', message: `${folder} is none of the terminals of this machine` };
  return installInto(terminal, sourceOf(place), { dataDir, settings, launcher: editorLauncher(platform) });
}

function sourceOf({ sources }: MachinePlace) {
  const source = readProgramSource(sources);
  if (source === null) throw new Error(`the program's sources are missing: ${sources}`);
  return source;
}

import type { JsonObject } from '../../protocol/json-value.ts';
import { compiledLines, isUsable } from '../../mt5/terminal/install/install-text.ts';
import type { ControlHandlers, ControlOutput } from '../contract.ts';
import type { InstallEnding } from '../install-command.ts';
import type { Machine } from '../machine/machine.ts';
import type { RecordOperator } from '../operator-row.ts';

export interface MachinePorts extends Pick<ControlHandlers, 'status' | 'market'> {
  readonly machine: Pick<Machine, 'terminals' | 'install' | 'doctor'>;
  readonly record: RecordOperator;
  readonly panelAddress: () => string | null;
}

/** The calls about this machine: MetaTrader, the chain to the broker, the panel. */
export type MachineHandlers = Pick<ControlHandlers, 'terminals' | 'installBridge' | 'doctor' | 'panelAddress'>;

const NO_PANEL = 'no panel is open: start the gateway with --panel-port N';

/** Makes the calls about this machine. */
export function machineHandlers({ machine, record, status, market, panelAddress }: MachinePorts): MachineHandlers {
  return {
    terminals: () => machine.terminals(),
    installBridge: async ({ folder }, by) => {
      const ending = await machine.install(folder);
      if (ending.kind === 'done') await record('BRIDGE_INSTALLED', installedRow(ending), by);
      return installedView(ending);
    },
    doctor: async (_, by) => {
      const gateway = { kind: 'running', status: await status({}, by), market: await market({}, by) } as const;
      return { checks: [...(await machine.doctor(gateway))] };
    },
    panelAddress: () => {
      const address = panelAddress();
      return Promise.resolve(address === null ? { open: false, message: NO_PANEL } : { open: true, address });
    },
  };
}

type Done = Extract<InstallEnding, { kind: 'done' }>;

function installedView(ending: InstallEnding): ControlOutput<'installBridge'> {
  if (ending.kind === 'refused') return { installed: false, message: ending.message };
  const { did, version, steps } = ending;
  if (!isUsable(did))
    return {
      installed: false,
      message: compiledLines(did.compiled)
        .map((line) => line.trim())
        .join('\n'),
    };
  return {
    installed: true,
    version,
    version_before: did.versionBefore === '' ? null : did.versionBefore,
    steps: [...steps],
  };
}

function installedRow({ terminal, version, did }: Done): JsonObject {
  const { versionBefore, written, removed, kept, token, compiled } = did;
  return {
    folder: terminal.dataFolder,
    version,
    version_before: versionBefore === '' ? null : versionBefore,
    ...{ written, removed, token, compiled: compiled.kind },
    kept: kept.map(({ file, copy }) => ({ file, copy })),
  };
}

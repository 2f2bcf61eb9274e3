import type { ProgramInput } from './program-source.ts';
import { wideText } from './text-file.ts';

/** The program's inputs as MetaTrader's preset file: the gateway's values where it has some, else the program's own. */
export function presetOf(inputs: readonly ProgramInput[], values: Readonly<Record<string, string>>): Buffer {
  const rows = inputs.map(({ name, standard }) => `${name}=${values[name] ?? standard}`);
  return wideText(['; MT5 Fabric: inputs of MT5FabricBridge', ...rows]);
}

/** Whether the program's own inputs are not the gateway's: then the preset has to be loaded. */
export function needsPreset(inputs: readonly ProgramInput[], values: Readonly<Record<string, string>>): boolean {
  return inputs.some(({ name, standard }) => values[name] !== undefined && values[name] !== standard);
}

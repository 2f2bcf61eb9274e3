import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { controlEndpoints } from '../../config/data-dir.ts';
import type { FlagValues } from '../../config/load-settings.ts';
import type { Settings } from '../../config/settings.ts';
import type { Surroundings } from '../../mt5/terminal/install/terminal-roots.ts';
import { onDisk, programFolder } from '../../worker-file.ts';

/** Where to look on this machine, and for what: all that a worker needs. */
export interface MachinePlace extends Surroundings {
  readonly dataDir: string;
  readonly endpoints: readonly string[];
  readonly flags: FlagValues;
  /** Of the gateway that runs. */
  readonly settings: Pick<Settings, 'bridgePipe' | 'bridgePort'>;
  /** The folder of the program for MetaTrader. */
  readonly sources: string;
}

/** This machine, as the running gateway has it. */
export function thisMachine({
  dataDir,
  flags,
  settings,
}: Pick<MachinePlace, 'dataDir' | 'flags' | 'settings'>): MachinePlace {
  const environment = { ...process.env };
  const { bridgePipe, bridgePort } = settings;
  return {
    ...{ dataDir, flags, environment, platform: process.platform, homeDir: homedir() },
    endpoints: controlEndpoints(dataDir, environment),
    settings: { bridgePipe, bridgePort },
    sources: fileURLToPath(programSources(import.meta.url)),
  };
}

/** The sources of the program for MetaTrader, seen from a module of this folder or from a built one. */
export function programSources(here: string): URL {
  const root = here.endsWith('.ts') ? new URL('../../../', here) : new URL('../', programFolder(here));
  return onDisk(new URL('resources/mql5/', root));
}

import { BlockList, isIP } from 'node:net';
import type { Settings } from './config/settings.ts';
import { PAPER_DEFAULTS, type PaperOptions } from './mt5/paper/paper-options.ts';
import { limitContradiction } from './safety/limits/limit-settings.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Why a gateway with these settings does not run in this version, or null. */
export function notRunnable(settings: Settings): string | null {
  if (settings.security !== 'local') {
    return `--security ${settings.security}: network access comes in a later version; use --security local`;
  }
  const kind = isIP(settings.host);
  if (kind === 0 || !loopback.check(settings.host, kind === 4 ? 'ipv4' : 'ipv6')) {
    return `--host ${settings.host}: in security mode local the gateway listens on loopback only, like 127.0.0.1`;
  }
  return limitContradiction(settings);
}

/** The paper terminal's options that follow from the settings. */
export function paperOptions(settings: Settings, reset: boolean): PaperOptions {
  return {
    ...PAPER_DEFAULTS,
    seed: settings.paperSeed,
    latencyMs: settings.paperLatencyMs,
    marginMode: settings.paperMargin === 'netting' ? 'NETTING' : 'HEDGING',
    suffix: settings.paperSuffix,
    ticksPerSecond: settings.paperTicksPerSecond,
    ...(settings.paperTicks === '' ? {} : { ticksFile: settings.paperTicks }),
    reset,
  };
}

import { basename, extname } from 'node:path';
import { LEASE_ACTIONS, MAX_LEASE_S, MIN_LEASE_S, type LeaseTerms } from './lease-terms.ts';
import type { Strategy, StrategySettings } from './strategy.ts';

/** How a strategy is run, everything filled in. */
export interface RunSettings extends LeaseTerms {
  readonly clientId: string;
  readonly symbols: readonly string[];
  readonly staleAfterMs: number;
}

export type RunSettingsResult =
  { readonly ok: true; readonly settings: RunSettings } | { readonly ok: false; readonly message: string };

/** What the command line says of it; it wins over what the strategy exports. */
export interface RunFlags {
  readonly clientId: string | null;
  readonly symbols: readonly string[] | undefined;
  readonly leaseS: number | undefined;
  readonly onExpiry: LeaseTerms['onExpiry'] | undefined;
}

const DEFAULT_LEASE_S = 10;
const DEFAULT_STALE_AFTER_MS = 5_000;
const CLIENT_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Each setting that a strategy may export: what it takes, and whether a value is that. */
const SETTINGS: Readonly<
  Record<keyof StrategySettings, { readonly takes: string; readonly fits: (value: unknown) => boolean }>
> = {
  symbols: { takes: "a list of symbols, like ['EURUSD']", fits: isListOfNames },
  leaseS: {
    takes: `a number of seconds from ${MIN_LEASE_S} to ${MAX_LEASE_S}`,
    fits: between(MIN_LEASE_S, MAX_LEASE_S),
  },
  onExpiry: {
    takes: `one of ${LEASE_ACTIONS.join(', ')}`,
    fits: (value) => LEASE_ACTIONS.some((one) => one === value),
  },
  clientId: {
    takes: '1 to 64 characters of A-Z a-z 0-9 . _ -',
    fits: (value) => typeof value === 'string' && CLIENT_ID.test(value),
  },
  staleAfterMs: { takes: 'a number of milliseconds from 100 to 3600000', fits: between(100, 3_600_000) },
};

/**
 * Settings of a run: flag over export over default. Refuses an exported setting that does not exist or cannot be, and a
 * strategy with `onTick` that names no symbols. Without a name it gets one of its own, since two runs of one name would
 * share a lease: the living would keep up that of the dead.
 */
export function runSettings(file: string, strategy: Strategy, flags: RunFlags, pid: number): RunSettingsResult {
  const exported: unknown = strategy.settings ?? {};
  const fault = faultOf(exported);
  if (fault !== null) return { ok: false, message: fault };
  const own = exported as StrategySettings;
  const symbols = [...new Set(flags.symbols ?? own.symbols ?? [])];
  if (strategy.onTick !== undefined && symbols.length === 0)
    return { ok: false, message: 'onTick gets no ticks: name symbols in settings.symbols or with --symbols' };
  const settings: RunSettings = {
    symbols,
    clientId: flags.clientId ?? own.clientId ?? nameFor(file, pid),
    leaseS: flags.leaseS ?? own.leaseS ?? DEFAULT_LEASE_S,
    onExpiry: flags.onExpiry ?? own.onExpiry ?? 'halt',
    staleAfterMs: own.staleAfterMs ?? DEFAULT_STALE_AFTER_MS,
  };
  return { ok: true, settings };
}

function faultOf(exported: unknown): string | null {
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported))
    return `settings is an object with any of ${Object.keys(SETTINGS).join(', ')}`;
  for (const [key, value] of Object.entries(exported)) {
    if (!Object.hasOwn(SETTINGS, key))
      return `settings.${key} is no setting: they are ${Object.keys(SETTINGS).join(', ')}`;
    const { takes, fits } = SETTINGS[key as keyof StrategySettings];
    if (value !== undefined && !fits(value)) return `settings.${key} is ${takes}, not ${shown(value)}`;
  }
  return null;
}

/** `strategy-4242` for strategy.ts. */
function nameFor(file: string, pid: number): string {
  const stem = basename(file, extname(file))
    .replace(/[^A-Za-z0-9._-]/g, '_')
    .slice(0, 40);
  return `${stem}-${pid}`;
}

function between(least: number, most: number): (value: unknown) => boolean {
  return (value) => typeof value === 'number' && value >= least && value <= most;
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');
}

function shown(value: unknown): string {
  return typeof value === 'bigint' ? `${value}n` : JSON.stringify(value) || typeof value;
}

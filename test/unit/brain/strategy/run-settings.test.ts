import { describe, expect, it } from 'vitest';
import { runSettings, type RunFlags } from '../../../../main/brain/strategy/run-settings.ts';
import type { Strategy } from '../../../../main/brain/strategy/strategy.ts';

const NO_FLAGS: RunFlags = { clientId: null, symbols: undefined, leaseS: undefined, onExpiry: undefined };
const settle = (exported: unknown, flags: Partial<RunFlags> = {}, more: Partial<Strategy> = {}) =>
  runSettings('/a/my strategy.ts', { ...more, settings: exported } as Strategy, { ...NO_FLAGS, ...flags }, 4242);

describe('the settings of a run', () => {
  it('have defaults, and a name that no other run has', () => {
    expect(settle(undefined)).toEqual({
      ok: true,
      settings: { symbols: [], clientId: 'my_strategy-4242', leaseS: 10, onExpiry: 'halt', staleAfterMs: 5_000 },
    });
  });

  it('come from the strategy, and flags win', () => {
    const exported = { symbols: ['A', 'B', 'A'], leaseS: 30, onExpiry: 'suspend', clientId: 'own', staleAfterMs: 100 };
    expect(settle(exported)).toMatchObject({ settings: { ...exported, symbols: ['A', 'B'] } });
    const flags = { symbols: ['C'], leaseS: 2.5, onExpiry: 'reduce_only', clientId: 'given' } as const;
    expect(settle(exported, flags)).toMatchObject({ settings: { ...flags, staleAfterMs: 100 } });
  });

  it.each([
    [{ lease: 5 }, 'settings.lease is no setting: they are symbols, leaseS, onExpiry, clientId, staleAfterMs'],
    [{ symbols: 'EURUSD' }, `settings.symbols is a list of symbols, like ['EURUSD'], not "EURUSD"`],
    [{ symbols: [''] }, 'settings.symbols is a list'],
    [{ leaseS: 0.5 }, 'settings.leaseS is a number of seconds from 1 to 86400, not 0.5'],
    [{ leaseS: '10' }, 'not "10"'],
    [{ leaseS: NaN }, 'settings.leaseS is'],
    [{ onExpiry: 'kill' }, 'settings.onExpiry is one of suspend, reduce_only, halt, halt_flatten, not "kill"'],
    [{ clientId: 'a b' }, 'settings.clientId is 1 to 64 characters'],
    [{ staleAfterMs: 1n }, 'settings.staleAfterMs is a number of milliseconds from 100 to 3600000, not 1n'],
    [{ staleAfterMs: () => 1 }, 'not function'],
    [[], 'settings is an object with any of'],
    [5, 'settings is an object with any of'],
  ])('refuse what cannot be (%#)', (exported, message) => {
    expect(settle(exported)).toEqual({ ok: false, message: expect.stringContaining(message) as string });
  });

  it('refuse a strategy for ticks that names no symbols', () => {
    expect(settle({}, {}, { onTick: () => {} })).toMatchObject({
      message: expect.stringContaining('--symbols') as string,
    });
    expect(settle({}, { symbols: ['EURUSD'] }, { onTick: () => {} })).toMatchObject({ ok: true });
  });
});

import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../main/log.ts';
import type { AccountPin } from '../../../main/mt5/handler.ts';
import { TerminalWatch, type TerminalWatchOptions } from '../../../main/safety/terminal-watch.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, tradingRig, type Rig } from './rig.ts';

const FIRST: AccountPin = { login: '7001', server: 'Paper', mode: 'PAPER' };

interface Watched {
  readonly rig: Rig;
  readonly watch: TerminalWatch;
  unknown: number;
  inFlight: number;
}

async function watched(options: Partial<TerminalWatchOptions> = {}, rigReady?: Rig): Promise<Watched> {
  const rig = rigReady ?? (await tradingRig());
  const { clock, terminal, safety } = rig;
  const ports = { clock, terminal, safety, log: silentLog };
  const asked = { unknownOrders: () => state.unknown, tradesInFlight: () => state.inFlight };
  const watch = new TerminalWatch({ ...ports, ...asked }, { haltAfterMs: null, ...options });
  const state: Watched = { rig, watch, unknown: 0, inFlight: 0 };
  watch.start();
  return state;
}

const mode = ({ rig }: Watched) => rig.safety.state().mode;
const causes = ({ rig }: Watched) =>
  rig.safety.state().causes.map(({ kind, mode: wanted, standing }) => `${kind} ${wanted}${standing ? '' : ' over'}`);
const away = { linked: false, linkFault: 'the pipe is closed' };
const back = { linked: true, linkFault: null };

describe('a terminal that is away', () => {
  test.each([
    ['without a link', away, 'the pipe is closed, for 5.0 s'],
    ['without its broker', { connected: false }, 'the terminal has lost its broker, for 5.0 s'],
  ])('%s suspends after five seconds and not before', async (_how, change, reason) => {
    const state = await watched();
    state.rig.terminal.become(change);
    await state.rig.clock.advance(4_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(state.rig.safety.state()).toMatchObject({
      mode: 'SUSPENDED',
      causes: [{ kind: 'TERMINAL', standing: true, reason }],
    });
  });

  test('and comes back within five seconds changes nothing, however often', async () => {
    const state = await watched();
    for (let n = 0; n < 5; n += 1) {
      state.rig.terminal.become(away);
      await state.rig.clock.advance(4_999);
      state.rig.terminal.become(back);
      await state.rig.clock.advance(1);
    }
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('TRADING');
    expect(state.rig.safety.state().epoch).toBe(1);
  });

  test('is away from the first sign on, whatever else it loses meanwhile', async () => {
    const state = await watched();
    state.rig.terminal.become({ connected: false });
    await state.rig.clock.advance(3_000);
    state.rig.terminal.become(away);
    await state.rig.clock.advance(1_000);
    state.rig.terminal.become(back);
    await state.rig.clock.advance(1_000);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('suspends for as long as that lasts and three beats more', async () => {
    const state = await watched();
    state.rig.terminal.become(away);
    await state.rig.clock.advance(3_600_000);
    expect(causes(state)).toEqual(['TERMINAL SUSPENDED']);
    state.rig.terminal.become(back);
    await state.rig.clock.advance(2_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('TRADING');
  });

  test('while it works on a request suspends only once that has ended', async () => {
    const state = await watched();
    state.inFlight = 1;
    state.rig.terminal.become(away);
    await state.rig.clock.advance(20_000);
    expect(mode(state)).toBe('TRADING');
    state.inFlight = 0;
    await state.rig.clock.advance(250);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('while the outcome of an order is not known halts, and a resume has to wait for the link', async () => {
    const state = await watched();
    state.unknown = 1;
    state.inFlight = 1;
    state.rig.terminal.become(away);
    await state.rig.clock.advance(4_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(state.rig.safety.state()).toMatchObject({
      mode: 'HALTED',
      flatten: 'none',
      causes: [{ reason: 'the pipe is closed, for 5.0 s; the outcome of 1 order is not known' }],
    });
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: false });
    state.rig.terminal.become(back);
    await settle();
    expect(causes(state)).toEqual(['TERMINAL HALTED over']);
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: true });
  });

  test('halts also where an outcome is lost only after it had suspended', async () => {
    const state = await watched();
    state.rig.terminal.become(away);
    await state.rig.clock.advance(60_000);
    state.unknown = 2;
    await state.rig.clock.advance(250);
    expect(causes(state)).toEqual(['TERMINAL SUSPENDED', 'TERMINAL HALTED']);
    state.rig.terminal.become(back);
    expect(causes(state)).toEqual(['TERMINAL SUSPENDED over', 'TERMINAL HALTED over']);
    expect(mode(state)).toBe('HALTED');
  });

  test('asks for nothing more once it has halted, also when the outcome becomes known', async () => {
    const state = await watched({ haltAfterMs: 30_000 });
    state.unknown = 1;
    state.rig.terminal.become(away);
    await state.rig.clock.advance(5_000);
    state.unknown = 0;
    await state.rig.clock.advance(60_000);
    expect(causes(state)).toEqual(['TERMINAL HALTED']);
  });

  test('halts after the time that was set, and not before', async () => {
    const state = await watched({ haltAfterMs: 30_000 });
    state.rig.terminal.become(away);
    await state.rig.clock.advance(29_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
    await state.rig.clock.advance(60_000);
    expect(causes(state)).toEqual(['TERMINAL SUSPENDED', 'TERMINAL HALTED']);
  });

  test('halts after a time of less than five seconds, also while it works on a request', async () => {
    const state = await watched({ haltAfterMs: 1_001 });
    state.inFlight = 1;
    state.rig.terminal.become(away);
    await state.rig.clock.advance(1_000);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test('does not halt where no time was set', async () => {
    const state = await watched();
    state.rig.terminal.become(away);
    await state.rig.clock.advance(3_600_000);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('counts from when it was last heard, where it has gone silent', async () => {
    const state = await watched();
    await state.rig.clock.advance(10_000);
    state.rig.terminal.become({ ...away, lastHeardMonoMs: state.rig.clock.monoMs() - 2_000 });
    await state.rig.clock.advance(2_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('at the start counts from there', async () => {
    const rig = await tradingRig();
    rig.terminal.become(away);
    await rig.clock.advance(60_000);
    const state = await watched({}, rig);
    await rig.clock.advance(4_999);
    expect(mode(state)).toBe('TRADING');
    await rig.clock.advance(1);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('again has all its time again', async () => {
    const state = await watched({ haltAfterMs: 8_000 });
    state.rig.terminal.become(away);
    await state.rig.clock.advance(7_000);
    state.rig.terminal.become(back);
    await state.rig.clock.advance(10_000);
    state.rig.terminal.become(away);
    await state.rig.clock.advance(4_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(3_000);
    expect(mode(state)).toBe('HALTED');
  });
});

describe('a switch that is off', () => {
  const off = { tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED', 'ACCOUNT_TRADE_EXPERT'] };

  test('suspends in the same turn, names itself and says that nothing can be flattened', async () => {
    const state = await watched();
    state.rig.terminal.become(off);
    expect(mode(state)).toBe('SUSPENDED');
    const reason = state.rig.safety.state().causes[0]?.reason;
    expect(reason).toContain('TERMINAL_TRADE_ALLOWED, ACCOUNT_TRADE_EXPERT');
    expect(reason).toContain('nothing can be closed or flattened from here');
  });

  test('suspends until it is on again and three beats more', async () => {
    const state = await watched();
    state.rig.terminal.become(off);
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('SUSPENDED');
    state.rig.terminal.become({ tradingBlockedBy: [] });
    await state.rig.clock.advance(2_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('TRADING');
  });

  test('goes on suspending while another one is still off', async () => {
    const state = await watched();
    state.rig.terminal.become(off);
    state.rig.terminal.become({ tradingBlockedBy: ['ACCOUNT_TRADE_EXPERT'] });
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('SUSPENDED');
    expect(state.rig.safety.state().causes.at(-1)?.reason).not.toContain('TERMINAL_TRADE_ALLOWED');
  });

  test('is one trigger, whatever else the terminal says meanwhile', async () => {
    const state = await watched();
    state.rig.terminal.become(off);
    state.rig.terminal.become({ bridgeVersion: '2' });
    state.rig.terminal.become({ bridgeVersion: '3' });
    expect(state.rig.safety.state().causes).toHaveLength(1);
    expect(state.rig.safety.state().causes[0]).not.toHaveProperty('count');
  });

  test('that is off at the start suspends at once', async () => {
    const rig = await tradingRig();
    rig.terminal.become(off);
    expect(mode(await watched({}, rig))).toBe('SUSPENDED');
  });
});

describe('another account', () => {
  test.each<[string, AccountPin]>([
    ['login', { ...FIRST, login: '7002' }],
    ['server', { ...FIRST, server: 'Live' }],
    ['mode', { ...FIRST, mode: 'REAL' }],
  ])('by its %s halts in the same turn and names both', async (_what, account) => {
    const state = await watched();
    state.rig.terminal.become({ account });
    const { login, server, mode: kind } = account;
    expect(state.rig.safety.state()).toMatchObject({
      mode: 'HALTED',
      flatten: 'none',
      causes: [
        {
          kind: 'ACCOUNT_CHANGED',
          reason: `the terminal trades ${kind} ${login} at ${server} now, not PAPER 7001 at Paper`,
        },
      ],
    });
  });

  test('stands against a resume until the first one is back', async () => {
    const state = await watched();
    state.rig.terminal.become({ account: { ...FIRST, login: '7002' } });
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: false });
    state.rig.terminal.become({ account: null });
    expect(causes(state)).toEqual(['ACCOUNT_CHANGED HALTED']);
    state.rig.terminal.become({ account: FIRST });
    expect(causes(state)).toEqual(['ACCOUNT_CHANGED HALTED over']);
    expect(await state.rig.safety.resume('operator', 'go on')).toMatchObject({ ok: true });
  });

  test('is told by the first one that the terminal names, which may come late', async () => {
    const rig = await tradingRig();
    rig.terminal.become({ account: null });
    const state = await watched({}, rig);
    rig.terminal.become({ account: { ...FIRST, login: '8001' } });
    expect(mode(state)).toBe('TRADING');
    rig.terminal.become({ account: FIRST });
    expect(mode(state)).toBe('HALTED');
  });

  test('than the expected one halts from the start', async () => {
    const state = await watched({ expected: { ...FIRST, login: '8001' } });
    expect(causes(state)).toEqual(['ACCOUNT_CHANGED HALTED']);
  });
});

test('a link that comes back ends only its own cause', async () => {
  const state = await watched();
  state.rig.terminal.become({ ...away, tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'] });
  await state.rig.clock.advance(5_000);
  state.rig.terminal.become(back);
  expect(causes(state)).toEqual(['AUTOTRADING SUSPENDED', 'TERMINAL SUSPENDED over']);
});

test('a terminal that is away during a halt leaves the halt as it is', async () => {
  const state = await watched();
  state.rig.safety.raise(kill({ flatten: 'none' }));
  state.rig.terminal.become(away);
  await state.rig.clock.advance(5_000);
  state.rig.terminal.become(back);
  await state.rig.clock.advance(10_000);
  expect(mode(state)).toBe('HALTED');
});

test('a second start makes no second watch', async () => {
  const state = await watched();
  state.watch.start();
  state.rig.terminal.become({ account: { ...FIRST, login: '7002' } });
  expect(state.rig.safety.state().causes[0]).not.toHaveProperty('count');
});

test('after a stop nothing is raised, also by a time that had begun to run', async () => {
  const state = await watched({ haltAfterMs: 6_000 });
  state.rig.terminal.become(away);
  state.watch.stop();
  state.watch.stop();
  state.rig.terminal.become({ account: { ...FIRST, login: '7002' } });
  await state.rig.clock.advance(60_000);
  expect(mode(state)).toBe('TRADING');
});

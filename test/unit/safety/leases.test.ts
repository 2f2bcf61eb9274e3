import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../main/protocol/json-value.ts';
import type { LeaseAction } from '../../../main/protocol/payloads.ts';
import { Leases } from '../../../main/safety/leases.ts';
import { MAX_CAUSES } from '../../../main/safety/transitions.ts';
import { settle } from '../../fakes/simulated-clock.ts';
import { kill, tradingRig, type Rig } from './rig.ts';

interface Leased {
  readonly rig: Rig;
  readonly leases: Leases;
}

async function leased(limit?: number): Promise<Leased> {
  const rig = await tradingRig();
  const { clock, safety, audit } = rig;
  const leases = new Leases({ clock, safety, audit, announce: (event) => rig.events.push(event) }, limit);
  return { rig, leases };
}

const text = (value: JsonValue | undefined) => (typeof value === 'string' ? value : 'nothing');
const mode = ({ rig }: Leased) => rig.safety.state().mode;
const changes = ({ rig }: Leased) =>
  rig.events
    .filter(({ event }) => event === 'LEASE')
    .map(({ data }) => `${text(data['client_id'])} ${text(data['change'])}`);
const rows = ({ rig }: Leased) =>
  rig.audit.rows.filter(({ type }) => type.startsWith('LEASE')).map(({ type, actor }) => `${type} ${actor}`);

/** What is called meanwhile gets no timer, as if it came late. */
function withoutTimers({ rig: { clock } }: Leased, call: () => void): void {
  const after = clock.after.bind(clock);
  clock.after = () => () => {};
  call();
  clock.after = after;
}

describe('a lease that is not renewed', () => {
  test('fires when its time is over and not a millisecond before', async () => {
    const state = await leased();
    expect(state.leases.renew('alpha', 60, 'halt')).toBeNull();
    await state.rig.clock.advance(59_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test('of a fraction of a second too', async () => {
    const state = await leased();
    state.leases.renew('alpha', 2.007, 'halt');
    await state.rig.clock.advance(2_006);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test.each<[LeaseAction, string, string]>([
    ['suspend', 'SUSPENDED', 'none'],
    ['reduce_only', 'REDUCE_ONLY', 'none'],
    ['halt', 'HALTED', 'none'],
    ['halt_flatten', 'HALTED', 'account'],
  ])('does what it asked for: %s', async (onExpiry, wanted, flatten) => {
    const state = await leased();
    state.rig.terminal.open();
    state.leases.renew('alpha', 5, onExpiry);
    await state.rig.clock.advance(5_000);
    await settle();
    expect(state.rig.safety.state()).toMatchObject({ mode: wanted, flatten });
    expect(state.rig.terminal.book.size).toBe(flatten === 'account' ? 0 : 1);
  });

  test('names the client, the lease and the silence', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(60_000);
    expect(state.rig.safety.state().causes).toMatchObject([
      { kind: 'LEASE', actor: 'alpha', reason: 'alpha has not renewed its lease of 60 s: 60.0 s of silence' },
    ]);
  });

  test('is recorded and announced, once', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'halt');
    await state.rig.clock.advance(60_000);
    expect(changes(state)).toEqual(['alpha GRANTED', 'alpha EXPIRED']);
    expect(rows(state)).toEqual(['LEASE_GRANTED alpha', 'LEASE_ENDED alpha']);
    expect(state.rig.audit.rows.findLast(({ type }) => type === 'LEASE_ENDED')).toMatchObject({
      actorKind: 'client',
      payload: '{"change":"EXPIRED","lease_s":5,"on_expiry":"halt"}',
      reason: 'alpha has not renewed its lease of 5 s: 5.0 s of silence',
    });
    expect(state.leases.views()).toEqual([]);
  });

  test('fires while the audit log cannot be written', async () => {
    const state = await leased();
    state.rig.audit.hold();
    state.leases.renew('alpha', 5, 'halt');
    await state.rig.clock.advance(5_000);
    expect(mode(state)).toBe('HALTED');
  });
});

describe('a renewal', () => {
  test('lets the lease run anew from then on', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(59_999);
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(59_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test('is recorded only when it changes the terms', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    state.leases.renew('alpha', 60, 'halt');
    state.leases.renew('alpha', 30, 'halt');
    state.leases.renew('alpha', 30, 'suspend');
    await settle();
    expect(rows(state)).toEqual(Array.from({ length: 3 }, () => 'LEASE_GRANTED alpha'));
    expect(changes(state)).toEqual(Array.from({ length: 3 }, () => 'alpha GRANTED'));
  });

  test('with a shorter or a longer time counts from that renewal', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(50_000);
    state.leases.renew('alpha', 5, 'suspend');
    await state.rig.clock.advance(4_999);
    state.leases.renew('alpha', 90, 'suspend');
    await state.rig.clock.advance(89_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('SUSPENDED');
  });

  test('in the millisecond in which the lease ends is too late: it fires, and a new one begins', async () => {
    const state = await leased();
    state.rig.clock.after(60_000, () => state.leases.renew('alpha', 60, 'halt'));
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('HALTED');
    expect(changes(state)).toEqual(['alpha GRANTED', 'alpha EXPIRED', 'alpha GRANTED']);
    expect(state.leases.views()).toMatchObject([{ client: 'alpha', remainingMs: 60_000 }]);
  });

  test('that is handled before a timer that runs late fires the lease all the same', async () => {
    const state = await leased();
    withoutTimers(state, () => state.leases.renew('alpha', 60, 'halt'));
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('TRADING');
    state.leases.renew('alpha', 60, 'halt');
    expect(mode(state)).toBe('HALTED');
  });

  test('by one client also fires what is overdue of another', async () => {
    const state = await leased();
    withoutTimers(state, () => state.leases.renew('alpha', 60, 'halt'));
    await state.rig.clock.advance(60_000);
    state.leases.renew('beta', 60, 'halt');
    expect(state.rig.safety.state().causes).toMatchObject([{ kind: 'LEASE', actor: 'alpha' }]);
  });

  test('does not undo what an expiry has latched', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'reduce_only');
    await state.rig.clock.advance(5_000);
    state.leases.renew('alpha', 5, 'reduce_only');
    await state.rig.clock.advance(4_000);
    expect(mode(state)).toBe('REDUCE_ONLY');
    expect(await state.rig.safety.resume('operator', 'seen to it')).toMatchObject({ ok: true });
  });

  test('ends a suspension, which then lasts three beats more', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'suspend');
    await state.rig.clock.advance(600_000);
    expect(mode(state)).toBe('SUSPENDED');
    state.leases.renew('alpha', 60, 'suspend');
    await state.rig.clock.advance(2_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('TRADING');
  });
});

describe('leases of two clients', () => {
  test('run each by itself', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'suspend');
    await state.rig.clock.advance(30_000);
    state.leases.renew('beta', 60, 'halt');
    await state.rig.clock.advance(30_000);
    expect(state.rig.safety.state()).toMatchObject({ mode: 'SUSPENDED', causes: [{ actor: 'alpha' }] });
    await state.rig.clock.advance(29_999);
    expect(mode(state)).toBe('SUSPENDED');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test('that both suspend need both clients back', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'suspend');
    state.leases.renew('beta', 5, 'suspend');
    await state.rig.clock.advance(5_000);
    state.leases.renew('alpha', 600, 'suspend');
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('SUSPENDED');
    state.leases.renew('beta', 600, 'suspend');
    await state.rig.clock.advance(3_000);
    expect(mode(state)).toBe('TRADING');
  });

  test('that both suspend stay apart when there are more causes than are kept one by one', async () => {
    const state = await leased(100);
    for (let n = 0; n < MAX_CAUSES + 8; n += 1) state.leases.renew(`client-${n}`, 5, 'suspend');
    await state.rig.clock.advance(5_000);
    for (let n = 0; n < MAX_CAUSES + 7; n += 1) state.leases.renew(`client-${n}`, 600, 'suspend');
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('SUSPENDED');
    state.leases.renew(`client-${MAX_CAUSES + 7}`, 600, 'suspend');
    await state.rig.clock.advance(3_000);
    expect(mode(state)).toBe('TRADING');
  });
});

describe('a BYE', () => {
  test('ends the lease without firing', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'halt');
    await state.rig.clock.advance(4_999);
    expect(state.leases.end('alpha')).toBe(true);
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('TRADING');
    expect(changes(state)).toEqual(['alpha GRANTED', 'alpha ENDED']);
    expect(rows(state)).toEqual(['LEASE_GRANTED alpha', 'LEASE_ENDED alpha']);
  });

  test('leaves the lease of another alone', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'halt');
    state.leases.renew('beta', 5, 'halt');
    state.leases.end('alpha');
    await state.rig.clock.advance(5_000);
    expect(state.rig.safety.state().causes).toMatchObject([{ actor: 'beta' }]);
  });

  test('without a lease ends none', async () => {
    const state = await leased();
    expect(state.leases.end('alpha')).toBe(false);
    expect(changes(state)).toEqual([]);
  });

  test('in the millisecond in which the lease ends is too late', async () => {
    const state = await leased();
    const ended: boolean[] = [];
    state.rig.clock.after(5_000, () => ended.push(state.leases.end('alpha')));
    state.leases.renew('alpha', 5, 'halt');
    await state.rig.clock.advance(5_000);
    expect(ended).toEqual([false]);
    expect(mode(state)).toBe('HALTED');
  });

  test('after it has fired undoes nothing', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'suspend');
    await state.rig.clock.advance(5_000);
    expect(state.leases.end('alpha')).toBe(false);
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('SUSPENDED');
  });
});

describe('the time of a lease', () => {
  test('goes on while the machine sleeps', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(10_000);
    state.rig.clock.sleep(50_016);
    await state.rig.clock.advance(1_000);
    expect(mode(state)).toBe('HALTED');
  });

  test('is not over in sleep before it is, whatever the step of the clock that counts sleep', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    state.rig.clock.sleep(58_000);
    await state.rig.clock.advance(2_015);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });

  test.each([3_600_000, -3_600_000])('does not follow the system time when that is set by %d ms', async (byMs) => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'halt');
    await state.rig.clock.advance(30_000);
    state.rig.clock.stepWall(byMs);
    await state.rig.clock.advance(29_999);
    expect(mode(state)).toBe('TRADING');
    await state.rig.clock.advance(1);
    expect(mode(state)).toBe('HALTED');
  });
});

describe('all leases at once', () => {
  test('fire when their time can no longer be told, each with what it asked for', async () => {
    const state = await leased();
    state.leases.renew('alpha', 60, 'suspend');
    state.leases.renew('beta', 60, 'halt');
    await state.rig.clock.advance(12_300);
    state.leases.expireAll('the machine slept for 3.0 s');
    await settle();
    expect(state.rig.safety.state()).toMatchObject({
      mode: 'HALTED',
      causes: [
        {
          actor: 'alpha',
          mode: 'SUSPENDED',
          reason: 'the lease of 60 s of alpha was ended after 12.3 s of silence: the machine slept for 3.0 s',
        },
        { actor: 'beta', mode: 'HALTED' },
      ],
    });
    expect(rows(state).slice(2)).toEqual(['LEASE_ENDED alpha', 'LEASE_ENDED beta']);
    expect(state.leases.views()).toEqual([]);
  });
});

describe('a lease is refused', () => {
  test('to a client without a name', async () => {
    const state = await leased();
    expect(state.leases.renew('anonymous', 60, 'halt')).toMatchObject({ code: 'INVALID_REQUEST' });
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('TRADING');
  });

  test('beyond the limit, and the ones that run are renewed all the same', async () => {
    const state = await leased(2);
    expect(state.leases.renew('alpha', 60, 'halt')).toBeNull();
    expect(state.leases.renew('beta', 60, 'halt')).toBeNull();
    expect(state.leases.renew('gamma', 60, 'halt')).toMatchObject({ code: 'BUSY' });
    expect(state.leases.renew('alpha', 60, 'halt')).toBeNull();
    state.leases.end('beta');
    expect(state.leases.renew('gamma', 60, 'halt')).toBeNull();
  });

  test('while clients hold the places whose silence suspends trading, but not to those', async () => {
    const state = await leased(1);
    state.leases.renew('alpha', 5, 'suspend');
    await state.rig.clock.advance(5_000);
    expect(state.leases.renew('beta', 5, 'suspend')).toMatchObject({ code: 'BUSY' });
    expect(state.leases.renew('alpha', 5, 'suspend')).toBeNull();
  });
});

test('the leases that run are shown with what is left of them', async () => {
  const { rig, leases } = await leased();
  leases.renew('alpha', 60, 'halt');
  await rig.clock.advance(20_000);
  leases.renew('beta', 5, 'suspend');
  expect(leases.views()).toEqual([
    { client: 'alpha', leaseS: 60, onExpiry: 'halt', remainingMs: 40_000 },
    { client: 'beta', leaseS: 5, onExpiry: 'suspend', remainingMs: 5_000 },
  ]);
});

test('after a stop no lease fires, on time or by force', async () => {
  const state = await leased();
  state.leases.renew('alpha', 5, 'halt');
  state.leases.stop();
  state.leases.stop();
  await state.rig.clock.advance(60_000);
  state.leases.expireAll('too late');
  expect(mode(state)).toBe('TRADING');
});

test('an expiry widens a halt and never narrows one', async () => {
  const state = await leased();
  state.leases.renew('alpha', 5, 'halt_flatten');
  state.leases.renew('beta', 6, 'suspend');
  state.rig.safety.raise(kill({ flatten: 'none' }));
  await state.rig.clock.advance(5_000);
  expect(state.rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account' });
  await state.rig.clock.advance(1_000);
  expect(state.rig.safety.state()).toMatchObject({ mode: 'HALTED', flatten: 'account' });
});

describe('a lease over a clean restart', () => {
  test('runs anew in the next session and fires there', async () => {
    const before = await leased();
    before.leases.renew('alpha', 5, 'halt');
    const after = await leased();
    after.leases.takeOver(before.leases.kept());
    await after.rig.clock.advance(4_999);
    expect(mode(after)).toBe('TRADING');
    await after.rig.clock.advance(1);
    expect(mode(after)).toBe('HALTED');
  });

  test('still suspends for a client that had fallen silent, until that comes back', async () => {
    const before = await leased();
    before.leases.renew('alpha', 5, 'suspend');
    await before.rig.clock.advance(5_000);
    const after = await leased();
    after.leases.takeOver(before.leases.kept());
    expect(mode(after)).toBe('SUSPENDED');
    await after.rig.clock.advance(60_000);
    expect(mode(after)).toBe('SUSPENDED');
    after.leases.renew('alpha', 5, 'suspend');
    await after.rig.clock.advance(3_000);
    expect(mode(after)).toBe('TRADING');
  });

  test('is not kept of one that has said goodbye', async () => {
    const before = await leased();
    before.leases.renew('alpha', 5, 'halt');
    before.leases.end('alpha');
    expect(before.leases.kept()).toEqual([]);
  });
});

describe('a client that an operator lets go', () => {
  test('does not fire any more', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'halt');
    expect(state.leases.dismiss('alpha', 'operator', 'gone for good')).toBe(true);
    await state.rig.clock.advance(60_000);
    expect(mode(state)).toBe('TRADING');
    expect(changes(state)).toEqual(['alpha GRANTED', 'alpha ENDED']);
  });

  test('suspends nothing any more by its silence', async () => {
    const state = await leased();
    state.leases.renew('alpha', 5, 'suspend');
    await state.rig.clock.advance(5_000);
    expect(state.leases.dismiss('alpha', 'operator', 'gone for good')).toBe(true);
    await state.rig.clock.advance(3_000);
    expect(mode(state)).toBe('TRADING');
  });

  test('has to have a lease', async () => {
    expect((await leased()).leases.dismiss('alpha', 'operator', 'gone')).toBe(false);
  });
});

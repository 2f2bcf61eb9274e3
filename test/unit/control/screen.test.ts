import { describe, expect, it } from 'vitest';
import type { ControlHandlers, TopicValue } from '../../../main/control/contract.ts';
import { BEAT_MS, type ToScreen } from '../../../main/control/frames.ts';
import { MOST_CALLS, NO_CALL, Screen } from '../../../main/control/screen.ts';
import type { Log } from '../../../main/log.ts';
import { FakeControlService, TRADING_VIEW } from '../../fakes/control-service.ts';
import { SimulatedClock, settle } from '../../fakes/simulated-clock.ts';

const quotes: TopicValue<'quotes'> = [{ symbol: 'EURUSD', bid: 1.1, ask: 1.2, digits: 5, time_msc: 0, ms_ago: 3 }];
const audit: TopicValue<'audit'> = { head: { seq: 1, hash: 'a' }, fault: null, integrity: { kind: 'unverified' } };
const never = () => new Promise<never>(() => {});

function open(handlers: Partial<ControlHandlers> = {}) {
  const service = new FakeControlService(handlers);
  const clock = new SimulatedClock();
  const sent: ToScreen[] = [];
  const logged: string[] = [];
  const write = (event: string) => void logged.push(event);
  const log: Log = { info: write, warn: write, error: write };
  const screen = new Screen({ service, by: 'operator@anna', clock, log, send: (frame) => void sent.push(frame) });
  const shown = () => sent.filter(({ kind }) => kind !== 'beat');
  return { service, clock, screen, sent, shown, logged };
}

const call = (name: string, input: unknown = {}, id = 1) => ({ kind: 'call', id, call: name, input });

describe('a screen', () => {
  it('gets a beat at once and then each half second, until it is stopped', async () => {
    const { screen, clock, sent } = open();
    expect(sent).toEqual([{ kind: 'beat' }]);
    await clock.advance(4 * BEAT_MS);
    expect(sent).toHaveLength(5);
    screen.stop();
    screen.stop();
    await clock.advance(4 * BEAT_MS);
    expect(sent).toHaveLength(5);
  });

  it('is answered under the id of its call, and acts in the name of its operator', async () => {
    const { screen, shown } = open({
      halt: ({ reason }, by) =>
        Promise.resolve({ ...TRADING_VIEW, flatten_phase: `${by}: ${reason ?? ''}`, surplus: 1n }),
    });
    screen.receive(call('halt', { reason: 'lunch' }, 7));
    await settle();
    const output = { ...TRADING_VIEW, flatten_phase: 'operator@anna: lunch' };
    expect(shown()).toEqual([{ kind: 'answer', id: 7, output }]);
  });

  it.each([
    ['nothing', undefined, NO_CALL, /kind is call, subscribe or unsubscribe/],
    ['a number', 5, NO_CALL, /kind is call, subscribe or unsubscribe/],
    ['a list', [call('halt')], NO_CALL, /kind is call, subscribe or unsubscribe/],
    ['no kind', { id: 3 }, 3, /kind is call, subscribe or unsubscribe/],
    ['another kind', { kind: 'shout', id: 3 }, 3, /kind is call, subscribe or unsubscribe/],
    ['an unknown call', call('trade'), 1, /"status"\|"market"\|.*\(call\)/],
    ['a call by the name of a prototype', call('__proto__'), 1, /"status"\|"market"/],
    ['a call without an id', { kind: 'call', call: 'halt', input: {} }, NO_CALL, /number.*\(id\)/],
    ['an id with a fraction', { ...call('halt'), id: 1.5 }, NO_CALL, /int.*\(id\)/],
    ['an unknown topic', { kind: 'subscribe', topic: 'weather' }, NO_CALL, /"state"\|"terminal".*\(topic\)/],
    ['no input', { kind: 'call', id: 4, call: 'halt' }, 4, /expected nonoptional.*\(input\)$/],
    ['a wrong input', call('resume', { reason: 'x' }), 1, /^resume: a reason of 3 to 280 characters \(reason\)$/],
    ['a deep wrong input', call('auditPage', { filter: { type: 'X' }, limit: 1 }), 1, /\(filter\.type\)$/],
  ])('that sends %s is told what is wrong and what is accepted', async (_, frame, id, error) => {
    const { screen, shown } = open();
    screen.receive(frame);
    await settle();
    expect(shown()).toEqual([{ kind: 'refusal', id, error: expect.stringMatching(error) as string }]);
  });

  it.each(['record', 'panelAddress'])("cannot make the command line's call %s", async (name) => {
    const { screen, shown } = open();
    screen.receive(call(name, { type: 'VERIFIED', payload: {} }));
    await settle();
    expect(shown()).toMatchObject([
      { kind: 'refusal', id: 1, error: `${name} is made by the command line only, not by a screen` },
    ]);
  });

  it('gets the message of a handler that fails, and the log has it too', async () => {
    const { screen, shown, logged } = open({
      doctor: () => Promise.reject(new Error('the disk is gone')),
      terminals: () => {
        throw new Error('thrown at once');
      },
    });
    screen.receive(call('doctor'));
    screen.receive(call('terminals', {}, 2));
    await settle();
    expect(shown()).toEqual([
      { kind: 'refusal', id: 2, error: 'thrown at once' },
      { kind: 'refusal', id: 1, error: 'the disk is gone' },
    ]);
    expect(logged).toEqual(['a call of a screen failed', 'a call of a screen failed']);
  });

  it('never gets an answer that is not as agreed, and is told that it was carried out', async () => {
    const { screen, shown, logged } = open({ auditShow: () => Promise.resolve({ found: 1n } as never) });
    screen.receive(call('auditShow', { seq: 1 }));
    await settle();
    expect(shown()).toMatchObject([{ kind: 'refusal', error: /auditShow was carried out/ }]);
    expect(logged).toEqual(['the answer to a screen is not as agreed']);
  });

  it('may have 64 calls under way, and can halt and kill beyond them', async () => {
    let finish = () => {};
    const first = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let asked = 0;
    const { screen, shown } = open({
      doctor: () => (asked++ === 0 ? first.then(() => ({ checks: [] })) : never()),
      halt: () => Promise.resolve(TRADING_VIEW),
    });
    for (let id = 0; id <= MOST_CALLS; id += 1) screen.receive(call('doctor', {}, id));
    screen.receive(call('halt', {}, 100));
    await settle();
    expect(shown()).toMatchObject([
      { kind: 'refusal', id: MOST_CALLS, error: /64 calls of this screen are under way/ },
      { kind: 'answer', id: 100 },
    ]);
    finish();
    await settle();
    screen.receive(call('doctor', {}, 101));
    await settle();
    expect(asked).toBe(MOST_CALLS + 1);
  });

  it('is not answered after it was stopped, and what it asks for then is not done', async () => {
    let finish: (state: typeof TRADING_VIEW) => void = () => {};
    let halts = 0;
    const { screen, shown } = open({
      halt: () => {
        halts += 1;
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
    });
    screen.receive(call('halt'));
    screen.stop();
    finish(TRADING_VIEW);
    screen.receive(call('halt'));
    await settle();
    expect([halts, shown()]).toEqual([1, []]);
  });
});

describe('the topics of a screen', () => {
  it('come as they are now and then anew, until it wants them no more', () => {
    const { screen, service, shown } = open();
    service.tell('audit', audit);
    screen.receive({ kind: 'subscribe', topic: 'audit' });
    service.tell('audit', { ...audit, fault: 'disk full' });
    screen.receive({ kind: 'unsubscribe', topic: 'audit' });
    service.tell('audit', audit);
    expect(shown()).toEqual([
      { kind: 'value', topic: 'audit', value: audit },
      { kind: 'value', topic: 'audit', value: { ...audit, fault: 'disk full' } },
    ]);
  });

  it('are followed once, however often they are asked for, and no more after its end', () => {
    const { screen, service } = open();
    for (let time = 0; time < 3; time += 1) screen.receive({ kind: 'subscribe', topic: 'quotes' });
    screen.receive({ kind: 'subscribe', topic: 'state' });
    screen.receive({ kind: 'unsubscribe', topic: 'book' });
    expect([service.followers('quotes'), service.followers('state')]).toEqual([1, 1]);
    screen.stop();
    expect([service.followers('quotes'), service.followers('state')]).toEqual([0, 0]);
  });

  it('are ended also when their first value already ended the screen', () => {
    const service = new FakeControlService();
    service.tell('quotes', quotes);
    const screen: Screen = new Screen({
      ...{ service, by: 'x', clock: new SimulatedClock(), log: { info() {}, warn() {}, error() {} } },
      send: ({ kind }) => kind === 'value' && screen.stop(),
    });
    screen.receive({ kind: 'subscribe', topic: 'quotes' });
    expect(service.followers('quotes')).toBe(0);
  });

  it('that are not as agreed are not passed on; screen and log are told once, until a good value comes', () => {
    const { screen, service, shown, logged } = open();
    const wrong = [{ ...quotes[0], bid: 1n }] as never;
    screen.receive({ kind: 'subscribe', topic: 'quotes' });
    for (let time = 0; time < 3; time += 1) service.tell('quotes', wrong);
    service.tell('quotes', quotes);
    service.tell('quotes', wrong);
    expect(shown()).toEqual([
      { kind: 'refusal', id: NO_CALL, error: expect.stringMatching(/^quotes cannot be shown.*\(0\.bid\)$/) as string },
      { kind: 'value', topic: 'quotes', value: quotes },
      { kind: 'refusal', id: NO_CALL, error: expect.stringContaining('quotes cannot be shown') as string },
    ]);
    expect(logged).toEqual(['a topic is not as agreed', 'a topic is not as agreed']);
  });

  it('that cannot be followed are refused, and it goes on', () => {
    const { screen, service, shown } = open();
    service.feed.subscribe = () => {
      throw new Error('no such feed');
    };
    screen.receive({ kind: 'subscribe', topic: 'pace' });
    expect(shown()).toEqual([{ kind: 'refusal', id: NO_CALL, error: 'pace cannot be followed: no such feed' }]);
  });
});

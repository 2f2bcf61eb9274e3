import { describe, expect, it } from 'vitest';
import { toTicket } from '../../../../main/protocol/ticket.ts';
import { COUNTER_AT_START, done, ORDER, TerminalRig, until } from './rig.ts';

const TICKET = toTicket('9007199254740993');

describe('trading calls', () => {
  it('are written with a command, the epoch and their validity in the terminal counter', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(
      { ...ORDER, price: 1e-7, sl: 1.1, expirationMs: 1_800_000_000_000 },
      rig.fence(5_000, 3),
    );
    const line = await program.request('send');
    expect(line.slice(1)).toEqual([
      ...[
        'send',
        'a1b2c3d4-0000-4000-8000-000000000000-1',
        '3',
        String(COUNTER_AT_START + 5_000),
        'EURUSD',
        'BUY',
        'MARKET',
        '0.29000000',
      ],
      ...['0.0000001', '1.1', '0', '10', '770001', 'first~abcdefghijkl', '1800000000000'],
    ]);
    program.write(line[0]!, ...done(10009));
    expect(await sent).toEqual({
      kind: 'answered',
      result: {
        ...{ retcode: 10009, message: 'Request completed', order: TICKET, deal: 0n, position: TICKET },
        ...{ volumeLots: 0.29, price: 1.17, bid: 1.16999, ask: 1.17 },
      },
    });
  });

  it('have a form each', async () => {
    const { rig, program } = await TerminalRig.linked();
    const { handler } = rig;
    const fence = rig.fence();
    const form = async (kind: string) => (await program.request(kind)).slice(4);
    const valid = String(COUNTER_AT_START + 5_000);
    void handler.close({ ticket: TICKET, symbol: 'EURUSD', deviationPoints: 5, magic: 1n, comment: 'a\tb' }, fence);
    expect(await form('close')).toEqual([valid, `${TICKET}`, 'EURUSD', '0.00000000', '5', '1', 'a\tb']);
    void handler.modifyPosition({ ticket: TICKET, sl: 1.1, tp: 0 }, fence);
    expect(await form('modify')).toEqual([valid, `${TICKET}`, '1.1', '0']);
    void handler.modifyOrder({ ticket: TICKET, price: 1.2, sl: 0, tp: 1.3 }, fence);
    expect(await form('change')).toEqual([valid, `${TICKET}`, '1.2', '0', '1.3', '0']);
    void handler.cancel(TICKET, fence);
    expect(await form('remove')).toEqual([valid, `${TICKET}`]);
  });

  it.each([
    [['fenced', 'latched'], { kind: 'fenced', message: 'latched' }],
    [['expired', 'too old'], { kind: 'expired', message: 'too old' }],
    [['unknown', 'begun'], { kind: 'lost', message: 'begun' }],
    [['refused', 'NOT_FOUND', 'no symbol'], { kind: 'answered', result: { retcode: 10013, message: 'no symbol' } }],
    [['refused', 'MALFORMED', 'volume'], { kind: 'answered', result: { retcode: 10013, message: 'volume' } }],
    [['refused', 'UNKNOWN', 'send'], { kind: 'answered', result: { retcode: 10013, message: 'send' } }],
    [['refused', 'BUSY', 'record'], { kind: 'answered', result: { retcode: 10024, message: 'record' } }],
    [['done', '0', '0', '0', '0', '0', '0', '0', '0', 'error 4756'], { kind: 'answered', result: { retcode: 0 } }],
    // What cannot be read may have happened.
    [['done', '10009', '1'], { kind: 'lost' }],
    [['done', 'nan', '0', '0', '0', '0', '0', '0', '0', ''], { kind: 'lost' }],
    [['refused', 'LATER', ''], { kind: 'lost' }],
  ])('end as the program says: %j', async (end, outcome) => {
    const { rig, program } = await TerminalRig.linked();
    program.answer('send', () => [end]);
    expect(await rig.handler.send(ORDER, rig.fence())).toMatchObject(outcome);
  });

  it('are unsent while nothing is linked, and before the program has told its state', async () => {
    const rig = await TerminalRig.listening();
    expect(await rig.handler.send(ORDER, rig.fence())).toEqual({
      kind: 'unsent',
      message: 'no terminal program has connected yet; see --doctor',
    });
    const program = await rig.visitor();
    await program.hello();
    expect(await rig.handler.send(ORDER, rig.fence())).toMatchObject({ kind: 'unsent' });
  });

  it('are expired, and not written, when their time had passed before', async () => {
    const { rig, program } = await TerminalRig.linked();
    expect(await rig.handler.send(ORDER, rig.fence(-1))).toMatchObject({ kind: 'expired' });
    void rig.handler.send(ORDER, rig.fence(0));
    expect((await program.request('send'))[2]).toBe('a1b2c3d4-0000-4000-8000-000000000000-2');
    expect(program.lines.filter(([, kind]) => kind === 'send')).toEqual([]);
  });

  it('are unsent beyond 1,000 that wait', async () => {
    const { rig } = await TerminalRig.linked();
    for (let count = 0; count < 1_000; count += 1) void rig.handler.send(ORDER, rig.fence());
    expect(await rig.handler.send(ORDER, rig.fence())).toMatchObject({ kind: 'unsent' });
  });

  it('are lost without an end within 60 s; what comes later is counted, not used', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(ORDER, rig.fence());
    const [id] = await program.request('send');
    await rig.clock.advance(59_999);
    expect(rig.handler.state().linked).toBe(true);
    await rig.clock.advance(1);
    expect(await sent).toMatchObject({ kind: 'lost', message: 'the terminal did not answer within 60 s' });
    program.write(id!, ...done(10009));
    await until(() => rig.handler.stats().lateReplies === 1);
  });

  it('can be checked without trading; without an answer nothing has happened', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.answer('check', () => [done(10019, '0', 'No money')]);
    expect(await rig.handler.check(ORDER)).toMatchObject({ kind: 'answered', result: { retcode: 10019 } });
    program.answer('check', () => [['refused', 'NOT_FOUND', 'no symbol']]);
    expect(await rig.handler.check(ORDER)).toMatchObject({ kind: 'answered', result: { retcode: 10013 } });
    program.answer('check', () => []);
    const checked = rig.handler.check(ORDER);
    await rig.clock.advance(5_000);
    expect(await checked).toMatchObject({ kind: 'unsent' });
  });

  it('throw for a number that is none, before anything is written', async () => {
    const { rig } = await TerminalRig.linked();
    expect(() => rig.handler.modifyPosition({ ticket: TICKET, sl: NaN, tp: 0 }, rig.fence())).toThrow(RangeError);
  });
});

describe('a link that breaks while a trading call waits', () => {
  it('brings the same line to the same program when it comes back, its validity counted anew', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(ORDER, rig.fence(5_000));
    const first = await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    await rig.clock.advance(3_000);
    const again = await rig.visitor();
    await again.hello();
    // Its counter has run 40 ms less than the clock of the gateway.
    again.state(COUNTER_AT_START + 2_960);
    const second = await again.request('send');
    expect(second).toEqual(first.with(4, String(COUNTER_AT_START + 4_960)));
    again.write(second[0]!, ...done(10009));
    expect(await sent).toMatchObject({ kind: 'answered', result: { retcode: 10009 } });
  });

  it('sends again before anything newer, and asks for it also when its time has passed', async () => {
    const { rig, program } = await TerminalRig.linked();
    const old = rig.handler.send(ORDER, rig.fence(100));
    await program.request('send');
    rig.handler.onState(({ linked }) => {
      if (linked) void rig.handler.send({ ...ORDER, comment: 'new' }, rig.fence());
    });
    program.close();
    await until(() => !rig.handler.state().linked);
    await rig.clock.advance(9_000);
    const again = await rig.link();
    expect((await again.request('send'))[2]).toBe('a1b2c3d4-0000-4000-8000-000000000000-1');
    expect((await again.request('send'))[2]).toBe('a1b2c3d4-0000-4000-8000-000000000000-2');
    again.write('1', 'expired', 'never came');
    expect(await old).toEqual({ kind: 'expired', message: 'never came' });
  });

  it('loses it where the trading state does not allow it any more, and the program knows nothing of that', async () => {
    const { rig, program } = await TerminalRig.linked();
    let isAllowed = true;
    const sent = rig.handler.send(ORDER, { ...rig.fence(), mayStillStart: () => isAllowed });
    await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    isAllowed = false;
    const again = await rig.link();
    expect(await sent).toMatchObject({ kind: 'lost' });
    expect(again.lines.filter(([, kind]) => kind === 'send')).toEqual([]);
  });

  it('loses it to a program with another record', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(ORDER, rig.fence());
    await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    const other = await rig.link({ instance: 'ffffffffffffffff' });
    expect(await sent).toMatchObject({ kind: 'lost' });
    other.answer('positions', () => [['ok']]);
    expect(await rig.handler.positions()).toEqual({ ok: true, value: [] });
    expect(other.lines.filter(([, kind]) => kind === 'send')).toEqual([]);
  });

  it('loses it after 10 s', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(ORDER, rig.fence());
    let outcome: string | null = null;
    void sent.then(({ kind }) => (outcome = kind));
    await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    await rig.clock.advance(9_999);
    expect(outcome).toBe(null);
    await rig.clock.advance(1);
    expect(outcome).toBe('lost');
  });

  it('does not repeat an order past a halt and a resume that the program has not seen', async () => {
    const { rig, program } = await TerminalRig.linked();
    const sent = rig.handler.send(ORDER, rig.fence(5_000, 1));
    await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    expect(await rig.handler.halt(2)).toBe(false);
    expect(await rig.handler.release(3)).toBe(false);
    const again = await rig.link();
    expect(await sent).toMatchObject({ kind: 'lost', message: 'the trading state has changed since it was sent' });
    expect(again.lines).toEqual([['subscribe']]);
  });

  it('tells a program that comes back of the halt before it repeats anything', async () => {
    const { rig, program } = await TerminalRig.linked();
    void rig.handler.send(ORDER, rig.fence(5_000, 1));
    await program.request('send');
    program.close();
    await until(() => !rig.handler.state().linked);
    expect(await rig.handler.halt(2)).toBe(false);
    const again = await rig.link();
    await again.next(([, kind]) => kind === 'send');
    expect(again.lines).toEqual([['halt', '2'], ['subscribe']]);
  });

  it('leaves unsent what was never written', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.pause();
    const comment = 'x'.repeat(30_000);
    const sent = Array.from({ length: 200 }, () => rig.handler.send({ ...ORDER, comment }, rig.fence()));
    const halted = rig.handler.halt(1);
    await rig.clock.advance(100);
    program.resume();
    await program.next(([kind]) => kind === 'halt');
    expect(program.lines.filter(([, kind]) => kind === 'send').length).toBeLessThan(190);
    program.close();
    const kinds = (await Promise.all([...sent.slice(-1), rig.clock.advance(10_000).then(() => sent[0])])).map(
      (outcome) => outcome?.kind,
    );
    expect(kinds[1]).toBe('lost');
    expect(await halted).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { settle } from '../../../fakes/simulated-clock.ts';
import { COUNTER_AT_START, ORDER, TerminalRig, until } from './rig.ts';

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

describe('the hello', () => {
  it('is answered with the gateway, the session and its newest epoch', async () => {
    const rig = await TerminalRig.listening();
    await rig.handler.halt(4);
    const program = await rig.visitor();
    expect(await program.hello()).toEqual(['welcome', '1', '0.1.0', 'a1b2c3d4-0000-4000-8000-000000000000', '4']);
    expect((await program.next(([kind]) => kind === 'halt'))[1]).toBe('4');
  });

  it.each([
    ['VERSION', { version: '2' }, /version 1 .* version 2/],
    ['TOKEN', { token: 'F00D' }, /token/],
    ['TOKEN', { token: '' }, /token/],
    ['MALFORMED', { instance: 'short' }, /instance/],
    ['MALFORMED', { login: '-1' }, /login/],
    ['MALFORMED', { tradeMode: 'PAPER' }, /trade mode/],
    ['MALFORMED', { marginMode: '' }, /margin mode/],
  ])('is refused with %s for %j', async (code, identity, message) => {
    const rig = await TerminalRig.listening();
    const program = await rig.visitor(identity);
    const answer = await program.hello();
    expect(answer.slice(0, 2)).toEqual(['refused', code]);
    expect(answer[2]).toMatch(message);
    await program.untilClosed();
    expect(rig.handler.stats().refused).toEqual({ [code]: 1 });
    expect(rig.handler.state().linked).toBe(false);
  });

  it.each([
    ['another line', 'GET / HTTP/1.1\r\n'],
    ['an empty line', '\n'],
    ['a short hello', 'hello\t1\tf00d\n'],
    ['a bad escape', 'hello\\q\n'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a])],
    ['more than a line may have', 'x'.repeat(65_537)],
  ])('is what comes first: %s is refused', async (_, bytes) => {
    const rig = await TerminalRig.listening();
    const visitor = await rig.visitor();
    visitor.writeRaw(bytes);
    expect((await visitor.next(() => true)).slice(0, 2)).toEqual(['refused', 'MALFORMED']);
    await visitor.untilClosed();
    await rig.link();
  });

  it('has 3 s, and no more than 8 connections wait for theirs', async () => {
    const rig = await TerminalRig.listening();
    const visitors = await Promise.all(Array.from({ length: 8 }, () => rig.visitor()));
    await turn();
    const ninth = await rig.visitor();
    await ninth.untilClosed();
    expect(rig.handler.stats().refused).toEqual({ CROWDED: 1 });
    await rig.clock.advance(3_000);
    for (const visitor of visitors) await visitor.untilClosed();
    expect(rig.handler.stats().refused).toEqual({ CROWDED: 1, MALFORMED: 8 });
    await rig.link();
  });

  it('of a second account is refused while one is linked', async () => {
    const { rig } = await TerminalRig.linked();
    const second = await rig.visitor({ login: '77' });
    expect(await second.hello()).toEqual([
      ...['refused', 'BUSY', 'the terminal of account 5012345 at MetaQuotes-Demo is linked already'],
    ]);
    expect(rig.handler.state().linked).toBe(true);
  });

  it('of the same account takes the place of the older link', async () => {
    const { rig, program } = await TerminalRig.linked();
    const second = await rig.visitor();
    expect((await second.hello())[0]).toBe('welcome');
    await program.untilClosed();
    expect(rig.handler.state().linked).toBe(false);
    rig.tellState(second);
    await until(() => rig.handler.state().linked);
  });
});

describe('lines', () => {
  it('may come a byte at a time, or many at once', async () => {
    const { rig, program } = await TerminalRig.linked();
    const bids: number[] = [];
    rig.handler.onTicks((ticks) => bids.push(...ticks.map(({ bid }) => bid)));
    for (const byte of Buffer.from('tick\tEUR\\\\USD\t1.25\t1.5\t0\t0\t1\t6\n')) {
      program.writeRaw(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => bids.length === 1);
    program.writeRaw('tick\tA\t2\t2\t0\t0\t1\t6\ntick\tA\t3\t3\t0\t0\t1\t6\ntick\tA\t4');
    await until(() => bids.length === 3);
    program.writeRaw('5.5\t3\t0\t0\t1\t6\n');
    await until(() => bids.length === 4);
    expect(bids).toEqual([1.25, 2, 3, 45.5]);
  });

  it('of more than 65,536 bytes close the link', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.writeRaw(`log\tinfo\t${'x'.repeat(65_536 - 9)}\n`);
    await until(() => rig.logged.some(({ event }) => event === 'terminal-program'));
    program.writeRaw('x'.repeat(65_537));
    await program.untilClosed();
    expect(rig.handler.stats().badLines).toEqual({ TOO_LONG: 1 });
    expect(rig.handler.state().linkFault).toBe('the terminal program sent a line that is too long');
  });

  it('of the log are passed on, 10 a second', async () => {
    const { rig, program } = await TerminalRig.linked();
    for (let line = 0; line < 25; line += 1) program.write('log', 'warn', `line ${line}\n`);
    await until(() => rig.handler.stats().droppedLogLines === 15);
    await rig.clock.advance(1_000);
    program.write('log', 'error', 'later');
    await until(() => rig.logged.some(({ level }) => level === 'error'));
    expect(rig.logged.filter(({ event }) => event === 'terminal-program')).toHaveLength(11);
  });

  it('of trades become transactions', async () => {
    const { rig, program } = await TerminalRig.linked();
    const kinds: string[] = [];
    rig.handler.onTransaction(({ kind }) => kinds.push(kind));
    const order = ['1', 'EURUSD', 'BUY', 'FILLED', '1', '0', '1', '1', '0', '0', 'FOK', '7', 'c', '1', '1', '2', '0'];
    const position = ['1', '1', 'EURUSD', 'BUY', '1', '1', '1', '0', '0', '0', '0', '7', 'c', '1', '2'];
    const deal = ['1', '1', '1', 'EURUSD', 'BUY', 'IN', 'EXPERT', '1', '1', '0', '0', '0', '7', 'c', '1'];
    for (const kind of ['order-added', 'order-changed', 'order-removed']) program.write('trade', kind, ...order);
    program.write('trade', 'deal', ...deal);
    for (const kind of ['position-opened', 'position-changed', 'position-closed'])
      program.write('trade', kind, ...position);
    await until(() => kinds.length === 7);
    expect(kinds).toEqual([
      ...['ORDER_ADDED', 'ORDER_CHANGED', 'ORDER_REMOVED', 'DEAL'],
      ...['POSITION_OPENED', 'POSITION_CHANGED', 'POSITION_CLOSED'],
    ]);
  });
});

describe('the state', () => {
  it('is unknown until a program has told it, and start waits for that', async () => {
    const rig = await TerminalRig.listening();
    let isStarted = false;
    void rig.starting.then(() => (isStarted = true));
    expect(rig.handler.state()).toEqual({
      ...{ linked: false, linkFault: 'no terminal program has connected yet; see --doctor', connected: false },
      ...{ tradingBlockedBy: [], account: null, marginMode: 'HEDGING', bridgeVersion: '', lastHeardMonoMs: null },
      latch: null,
    });
    const program = await rig.visitor({ marginMode: 'NETTING', tradeMode: 'REAL' });
    await program.hello();
    await until(() => rig.handler.state().bridgeVersion === '1.0.0');
    expect(rig.handler.state()).toMatchObject({ linked: false, account: null, latch: null });
    expect(isStarted).toBe(false);
    program.state(1, { epoch: '3', latched: '1', accountExpert: '0', programAllowed: '0' });
    await until(() => isStarted);
    expect(rig.handler.state()).toEqual({
      ...{ linked: true, linkFault: null, connected: true, marginMode: 'NETTING', bridgeVersion: '1.0.0' },
      tradingBlockedBy: ['MQL_TRADE_ALLOWED', 'ACCOUNT_TRADE_EXPERT'],
      account: { login: '5012345', server: 'MetaQuotes-Demo', mode: 'REAL' },
      ...{ lastHeardMonoMs: 0, latch: { epoch: 3, isOn: true } },
    });
  });

  it('is not waited for longer than the patience', async () => {
    const rig = await TerminalRig.listening({ startPatienceMs: 1_500 });
    await rig.clock.advance(1_500);
    await rig.starting;
    expect(rig.handler.state().linked).toBe(false);
  });

  it('is told on changes, not on every line', async () => {
    const { rig, program } = await TerminalRig.linked();
    const before = rig.states.length;
    for (let beat = 0; beat < 5; beat += 1) rig.tellState(program);
    rig.tellState(program, { connected: '0' });
    await until(() => !rig.handler.state().connected);
    rig.tellState(program, { login: '9', server: 'Real' });
    await until(() => rig.handler.state().account?.login === '9');
    expect(rig.states.length - before).toBe(2);
  });

  it('is away after 2 s of silence, and back with the next byte', async () => {
    const { rig, program } = await TerminalRig.linked();
    await rig.clock.advance(1_999);
    expect(rig.handler.state().linked).toBe(true);
    await rig.clock.advance(1);
    expect(rig.handler.state()).toMatchObject({
      linked: false,
      linkFault: 'the terminal program has been silent for 2 s',
      connected: false,
    });
    expect(await rig.handler.send(ORDER, rig.fence())).toMatchObject({ kind: 'unsent' });
    program.writeRaw('t');
    await until(() => rig.handler.state().linked);
    await rig.clock.advance(2_000);
    expect(rig.handler.state().linked).toBe(false);
  });

  it('keeps what stood last while the link is away', async () => {
    const { rig, program } = await TerminalRig.linked();
    rig.tellState(program, { terminalAllowed: '0' });
    await until(() => rig.handler.state().tradingBlockedBy.length > 0);
    program.close();
    await until(() => !rig.handler.state().linked);
    expect(rig.handler.state()).toMatchObject({
      linkFault: 'the terminal program closed the link',
      tradingBlockedBy: ['TERMINAL_TRADE_ALLOWED'],
      account: { login: '5012345' },
    });
  });

  it('bears silence for 60 s while the terminal works on a trading call', async () => {
    const { rig, program } = await TerminalRig.linked();
    void rig.handler.send(ORDER, rig.fence());
    const [id] = await program.request('send');
    await rig.clock.advance(59_000);
    expect(rig.handler.state().linked).toBe(true);
    program.write(id!, 'fenced', '');
    await until(() => rig.handler.state().lastHeardMonoMs === 59_000);
    await rig.clock.advance(2_000);
    expect(rig.handler.state().linked).toBe(false);
  });
});

describe('the validity of an order', () => {
  it('follows the nearest of the pairs of the last minute', async () => {
    const { rig, program } = await TerminalRig.linked();
    const validUntil = async () => {
      void rig.handler.send(ORDER, rig.fence(1_000));
      return Number((await program.request('send'))[4]) - COUNTER_AT_START - rig.clock.monoMs();
    };
    const tell = async (counterAheadMs: number) => {
      program.state(COUNTER_AT_START + rig.clock.monoMs() + counterAheadMs);
      await turn();
    };
    expect(await validUntil()).toBe(1_000);
    // A line that arrived late looks like a counter that runs behind.
    await tell(-300);
    expect(await validUntil()).toBe(1_000);
    await tell(20);
    expect(await validUntil()).toBe(1_020);
    await rig.clock.advance(40_000);
    await tell(-10);
    expect(await validUntil()).toBe(1_020);
    await rig.clock.advance(20_001);
    await tell(-30);
    expect(await validUntil()).toBe(990);
  });
});

describe('halt and release', () => {
  it('resolve with their ack, and by it the latch is known', async () => {
    const { rig, program } = await TerminalRig.linked();
    const halted = rig.handler.halt(5);
    expect(await program.next(([kind]) => kind === 'halt')).toEqual(['halt', '5']);
    program.write('ack', '4', '1');
    program.write('ack', '5', '0');
    program.write('ack', '5', '1');
    expect(await halted).toBe(true);
    expect(rig.handler.state().latch).toEqual({ epoch: 5, isOn: true });
    const released = rig.handler.release(6);
    expect(await program.next(([kind]) => kind === 'resume')).toEqual(['resume', '6']);
    program.write('ack', '6', '0');
    expect(await released).toBe(true);
    expect(rig.handler.state().latch).toEqual({ epoch: 6, isOn: false });
  });

  it('take a latch at a newer epoch for an ack of a halt, not of a release', async () => {
    const { rig, program } = await TerminalRig.linked();
    const halted = rig.handler.halt(5);
    const released = rig.handler.release(6);
    program.write('ack', '9', '1');
    program.write('ack', '9', '0');
    expect(await halted).toBe(true);
    await rig.clock.advance(5_000);
    expect(await released).toBe(false);
  });

  it('are false without a link, when it is lost, and after 5 s', async () => {
    const rig = await TerminalRig.listening();
    expect(await rig.handler.halt(1)).toBe(false);
    const program = await rig.link();
    const unanswered = rig.handler.halt(2);
    await rig.clock.advance(4_999);
    const lost = rig.handler.halt(3);
    await rig.clock.advance(1);
    expect(await unanswered).toBe(false);
    program.close();
    expect(await lost).toBe(false);
  });

  it('overtake what waits for a program that does not read', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.pause();
    for (let count = 0; count < 300; count += 1) {
      void rig.handler.send({ ...ORDER, comment: 'x'.repeat(20_000) }, rig.fence());
    }
    await settle();
    const halted = rig.handler.halt(7);
    program.resume();
    await program.next(([kind]) => kind === 'halt');
    const before = program.lines.length;
    expect(before).toBeLessThan(250);
    program.write('ack', '7', '1');
    expect(await halted).toBe(true);
    await until(() => program.lines.length === 300 + 1);
  });

  it('are written to a program that is silent or has not told its state', async () => {
    const rig = await TerminalRig.listening();
    const program = await rig.visitor();
    await program.hello();
    const halted = rig.handler.halt(2);
    program.write('ack', '2', '1');
    expect(await halted).toBe(true);
    expect(rig.handler.state()).toMatchObject({ linked: false, latch: { epoch: 2, isOn: true } });
  });
});

describe('subscriptions', () => {
  it('go out once a turn, and again to each program', async () => {
    const { rig, program } = await TerminalRig.linked();
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe']);
    rig.handler.subscribe(new Set(['A']));
    rig.handler.subscribe(new Set(['A', 'B\tC']));
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'A', 'B\tC']);
    rig.handler.subscribe(new Set(['D']));
    expect(await program.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'D']);
    program.close();
    await until(() => !rig.handler.state().linked);
    rig.handler.subscribe(new Set(['E']));
    await turn();
    const again = await rig.link();
    expect(await again.next(([kind]) => kind === 'subscribe')).toEqual(['subscribe', 'E']);
    await turn();
    expect(again.lines).toEqual([]);
  });

  it('end where a line does', async () => {
    const { rig, program } = await TerminalRig.linked();
    rig.handler.subscribe(new Set(Array.from({ length: 2_000 }, (_, at) => `${at}`.padStart(39, 'S'))));
    const line = await program.next(([kind, ...symbols]) => kind === 'subscribe' && symbols.length > 0);
    expect(line).toHaveLength(1 + Math.floor((65_536 - 9) / 40));
  });
});

import { describe, expect, it } from 'vitest';
import { TerminalRig, until } from './rig.ts';
import { toTicket } from '../../../../main/protocol/ticket.ts';

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

  it('go to the program every second, so that it knows that there is somebody', async () => {
    const { rig, program } = await TerminalRig.linked();
    for (let second = 0; second < 3; second += 1) await rig.clock.advance(1_000);
    await until(() => program.lines.filter(([kind]) => kind === 'alive').length === 3);
    program.close();
    await until(() => !rig.handler.state().linked);
    const again = await rig.link();
    await rig.clock.advance(1_000);
    await until(() => again.lines.filter(([kind]) => kind === 'alive').length === 1);
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

describe('positions that the program has told of', () => {
  const row = (ticket: string, volume = '1') =>
    [ticket, ticket, 'EURUSD', 'BUY', volume, '1', '1', '0', '0', '0', '0', '7', 'c', '1', '2'] as const;

  it('are known without asking, as they were told last, until they are closed', async () => {
    const { rig, program } = await TerminalRig.linked();
    expect(rig.handler.toldPosition(toTicket(9_007_199_254_740_993n))).toBeNull();
    program.write('trade', 'position-opened', ...row('9007199254740993'));
    await until(() => rig.handler.toldPosition(toTicket(9_007_199_254_740_993n)) !== null);
    program.write('trade', 'position-changed', ...row('9007199254740993', '0.5'));
    await until(() => rig.handler.toldPosition(toTicket(9_007_199_254_740_993n))?.volumeLots === 0.5);
    program.write('trade', 'position-closed', ...row('9007199254740993'));
    await until(() => rig.handler.toldPosition(toTicket(9_007_199_254_740_993n)) === null);
  });

  it('are forgotten with the link, and when a line could not be read', async () => {
    const { rig, program } = await TerminalRig.linked();
    program.write('trade', 'position-opened', ...row('7'));
    await until(() => rig.handler.toldPosition(toTicket(7n)) !== null);
    program.write('trade', 'position-closed', 'nonsense');
    await until(() => rig.handler.toldPosition(toTicket(7n)) === null);
    program.write('trade', 'position-opened', ...row('8'));
    await until(() => rig.handler.toldPosition(toTicket(8n)) !== null);
    program.close();
    await until(() => !rig.handler.state().linked);
    await rig.link();
    expect(rig.handler.toldPosition(toTicket(8n))).toBeNull();
  });

  it('are asked for on a netting account, where one can turn round under its ticket', async () => {
    const rig = await TerminalRig.listening();
    const program = await rig.visitor({ marginMode: 'NETTING' });
    await program.hello();
    rig.tellState(program, { marginMode: 'NETTING' });
    let opened = 0;
    rig.handler.onTransaction(() => (opened += 1));
    program.write('trade', 'position-opened', ...row('7'));
    await until(() => opened === 1);
    expect(rig.handler.state().marginMode).toBe('NETTING');
    expect(rig.handler.toldPosition(toTicket(7n))).toBeNull();
  });
});

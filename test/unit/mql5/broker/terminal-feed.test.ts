import { describe, expect, it, vi } from 'vitest';
import { ORDER_TYPE } from '../../../mql5/broker/mql5-enums.ts';
import { aBroker, sent } from './brokers.ts';
import { aClose, aDeal, anOrderChange, aPending, aRemoval, aStopChange } from './requests.ts';
import { ScriptedTerminal } from './scripted-terminal.ts';
import { SimBroker } from '../../../mql5/broker/sim-broker.ts';

const TRANSACTIONS: Readonly<Record<string, string>> = {
  0: 'ORDER_ADD',
  1: 'ORDER_UPDATE',
  2: 'ORDER_DELETE',
  3: 'HISTORY_ADD',
  6: 'DEAL_ADD',
};

describe('a terminal that connects', () => {
  it.each([false, true])('gets a snapshot of everything, then synced; over TCP: %s', async (tcp) => {
    const broker = await aBroker({ tcp, firstTicket: 9_007_199_254_740_993n });
    await sent(broker, aDeal({ comment: 'a\tb', magic: 2n ** 64n - 1n }));
    await sent(broker, aPending());
    const terminal = await ScriptedTerminal.connect(broker.address);
    const kinds = terminal.kinds();
    expect(kinds.slice(0, 5)).toEqual(['clock', 'switch', 'switch', 'switch', 'account']);
    expect(kinds.filter((kind) => kind === 'symbol')).toHaveLength(6);
    const rest = ['position', 'order', 'history-order', 'history-deal', 'history-ready'];
    expect(kinds.slice(11)).toEqual([...rest, ...Array.from({ length: 6 }, () => 'tick'), 'synced']);
    expect(await terminal.line('clock')).toEqual(['clock', '7200']);
    const position = await terminal.line('position');
    expect(position.slice(0, 7)).toEqual([
      ...['position', '9007199254740993', '9007199254740993', 'EURUSD', '0', '0.1', '1.1001'],
    ]);
    expect(position.slice(10, 14)).toEqual(['-1', '0', '18446744073709551615', 'a\tb']);
    expect(terminal.kinds()).not.toContain('transaction 0');
    expect(broker.terminals).toBe(1);
  });

  it('sees the account and a symbol in MQL5’s integers', async () => {
    const broker = await SimBroker.start({ login: 42n, mode: 'REAL', marginMode: 'NETTING' });
    const terminal = await ScriptedTerminal.connect(broker.address);
    const account = await terminal.line('account');
    expect(account.slice(1, 9)).toEqual([
      ...['42', 'SimBroker-Demo', 'Test Trader', 'Simulated Broker Ltd', 'USD', '100', '2', '0'],
    ]);
    expect(account.slice(9)).toEqual([
      ...['100000', '0', '0', '100000', '0', '100000', '0', '100', '50', '1', '1', '200', '2'],
    ]);
    expect((await terminal.line('symbol\tUSDJPY')).slice(3)).toEqual([
      ...['3', '0.001', '0.001', String(100 / 150.01), '100000', '0.01', '100', '0.01', '10', '0'],
      ...['USD', 'JPY', 'USD', '2', '3', '4', '0', '7', '119'],
    ]);
    await broker.stop();
    await vi.waitUntil(() => !terminal.isConnected);
  });

  it('gets everything anew when it comes back after its connection was cut', async () => {
    const broker = await aBroker();
    const first = await ScriptedTerminal.connect(broker.address);
    broker.dropTerminals();
    await vi.waitUntil(() => !first.isConnected && broker.terminals === 0);
    await sent(broker, aDeal());
    const second = await ScriptedTerminal.connect(broker.address);
    expect(await second.line('position')).toContain('1001');
  });
});

describe('a terminal is told, in MetaTrader’s sequence,', () => {
  const told = async (change: (broker: SimBroker) => Promise<unknown>): Promise<readonly string[]> => {
    const broker = await aBroker();
    await sent(broker, aDeal());
    await sent(broker, aPending());
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    await change(broker);
    broker.setSwitch('MQL_TRADE_ALLOWED', true);
    await terminal.line('switch');
    const names = terminal.kinds().map((kind) => {
      const type = /^transaction (.*)$/.exec(kind)?.[1];
      return type === undefined ? kind : (TRANSACTIONS[type] ?? type);
    });
    return names.filter((name) => name !== 'tick' && name !== 'switch' && name !== 'account' && name !== '10');
  };
  const dealt = ['order', 'ORDER_ADD', 'history-deal', 'position', 'DEAL_ADD'];
  const ended = ['order-gone', 'ORDER_DELETE', 'history-order', 'HISTORY_ADD'];
  const closed = ['order', 'ORDER_ADD', 'history-deal', 'position-gone', 'DEAL_ADD'];

  it.each<readonly [string, (broker: SimBroker) => Promise<unknown>, readonly string[]]>([
    ['of a deal', (broker) => sent(broker, aDeal()), [...dealt, ...ended]],
    ['of a close', (broker) => sent(broker, aClose(1_001n)), [...closed, ...ended]],
    ['of a part that is closed', (broker) => sent(broker, aClose(1_001n, { volumeLots: 0.05 })), [...dealt, ...ended]],
    ['of a pending order', (broker) => sent(broker, aPending()), ['order', 'ORDER_ADD', 'order', 'ORDER_UPDATE']],
    ['of a changed order', (broker) => sent(broker, anOrderChange(1_003n, 1.08)), ['order', 'ORDER_UPDATE']],
    ['of a removed order', (broker) => sent(broker, aRemoval(1_003n)), ended],
    ['of changed stops', (broker) => sent(broker, aStopChange(1_001n, 1.05, 0)), ['position', '9']],
    [
      'of an order that triggers',
      (broker) => {
        broker.quote('EURUSD', 1.0899, 1.09);
        return Promise.resolve();
      },
      ['history-deal', 'position', 'DEAL_ADD', ...ended],
    ],
    ['of a refusal, nothing', (broker) => sent(broker, aDeal({ volumeLots: 0.001 })), []],
  ])('%s', async (_, change, expected) => {
    expect(await told(change)).toEqual(expected);
  });

  it('that a netting position was turned over: the old ticket goes, the new one comes', async () => {
    const broker = await aBroker({ marginMode: 'NETTING' });
    await sent(broker, aDeal());
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    await sent(broker, aDeal({ type: ORDER_TYPE.SELL, volumeLots: 0.3 }));
    expect(await terminal.line('position-gone')).toEqual(['position-gone', '1001']);
    expect((await terminal.line('position\t')).slice(1, 4)).toEqual(['1003', '1001', 'EURUSD']);
    const kinds = terminal.kinds();
    expect(kinds.indexOf('position-gone')).toBeLessThan(kinds.indexOf('position'));
  });

  it('of the fields of a deal’s transaction', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    await sent(broker, aDeal({ type: ORDER_TYPE.SELL, sl: 1.2 }));
    expect(await terminal.line('transaction\t6')).toEqual([
      ...['transaction', '6', '1002', '1001', 'EURUSD', '0', '0', '1', '1.1', '1.2', '0', '0.1', '1001', '0'],
    ]);
    expect((await terminal.line('account')).slice(9, 13)).toEqual(['100000', '0', '0', '100000']);
  });
});

describe('OrderSend over the socket', () => {
  it('is answered with its number, after the rows, and with a count of requests', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.send('7', aDeal());
    expect(await terminal.line('7')).toEqual([
      ...['7', 'result', '1', '10009', '1002', '1001', '0.1', '1.1001', '1.1', '1.1001', 'Request executed', '1', '0'],
    ]);
    const kinds = terminal.kinds();
    expect(kinds.indexOf('position')).toBeLessThan(kinds.indexOf('7'));
    expect(kinds.indexOf('transaction 10')).toBeLessThan(kinds.indexOf('7'));
    terminal.send('8', aDeal({ volumeLots: 1e30 }));
    expect((await terminal.line('8')).slice(1, 4)).toEqual(['result', '0', '10014']);
  });

  it('is answered first where the broker is such a one', async () => {
    const broker = await aBroker();
    broker.resultFirst = true;
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    terminal.send('1', aDeal());
    await terminal.line('position');
    expect(terminal.kinds()[0]).toBe('1');
  });

  it('is carried out for a program that was killed meanwhile', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    broker.onSend = (_, phase) => {
      if (phase === 'received') broker.dropTerminals();
    };
    terminal.send('1', aDeal());
    await vi.waitUntil(() => broker.positions.length === 1);
    await vi.waitUntil(() => !terminal.isConnected);
    expect(terminal.kinds()).not.toContain('1');
  });

  it('answers OrderCheck with the account after it', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.check('1', aDeal({ volumeLots: 1 }));
    expect(await terminal.line('1')).toEqual([
      ...['1', 'checked', '1', '0', '100000', '100000', '0', '1100.1', '98899.9', '9090.08', 'Done', '0'],
    ]);
    terminal.check('2', aDeal({ volumeLots: 0 }));
    expect((await terminal.line('2')).slice(1, 4)).toEqual(['checked', '0', '10014']);
  });
});

describe('ticks', () => {
  it('go only to terminals whose Market Watch has the symbol, in the server’s time', async () => {
    const broker = await SimBroker.start({ nowMs: () => 1_700_000_000_000 });
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    broker.quote('USDJPY', 151, 151.01);
    terminal.say('select', 'USDJPY', '1');
    expect(await terminal.line('tick\tUSDJPY')).toEqual([
      ...['tick', 'USDJPY', '151', '151.01', '0', '0', '1700007200000', '6'],
    ]);
    broker.quote('USDJPY', 152, 152.01, { last: 152, volume: 3, timeMsc: 17 });
    expect(await terminal.line('tick\tUSDJPY\t152')).toEqual([
      ...['tick', 'USDJPY', '152', '152.01', '152', '3', '17', '30'],
    ]);
    terminal.say('select', 'USDJPY', '0');
    await vi.waitUntil(() => !broker.symbol('USDJPY').selected);
    await broker.stop();
  });

  it('keep a symbol in Market Watch while there is a position of it', async () => {
    const broker = await aBroker();
    broker.setSymbol('USDJPY', { selected: false });
    const terminal = await ScriptedTerminal.connect(broker.address);
    broker.openByHand({ symbol: 'USDJPY', type: 'BUY', volumeLots: 0.1 });
    expect(broker.symbol('USDJPY').selected).toBe(true);
    terminal.say('select', 'USDJPY', '0');
    terminal.check('1', aDeal());
    await terminal.line('1');
    expect(broker.symbol('USDJPY').selected).toBe(true);
  });

  it('bring new prices of positions and the account a little later', async () => {
    const broker = await aBroker();
    await sent(broker, aDeal());
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    broker.quote('EURUSD', 1.12, 1.1201);
    broker.quote('EURUSD', 1.1201, 1.1202);
    expect((await terminal.line('position')).slice(7, 11)).toEqual(['1.1201', '0', '0', '200']);
    expect((await terminal.line('account'))[11]).toBe('200');
    expect(terminal.kinds()).toEqual(['tick', 'tick', 'position', 'account']);
  });
});

describe('the connection and the history', () => {
  it('without a connection a terminal misses ticks and transactions, and gets the rows when it is back', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    broker.setSwitch('TERMINAL_CONNECTED', false);
    await terminal.line('switch\tTERMINAL_CONNECTED\t0');
    terminal.forget();
    broker.quote('EURUSD', 1.2, 1.2001);
    terminal.send('1', aDeal());
    expect((await terminal.line('1'))[3]).toBe('10031');
    broker.setSwitch('TERMINAL_CONNECTED', true);
    expect(await terminal.line('tick\tEURUSD')).toContain('1.2');
    expect(terminal.kinds().filter((kind) => kind.startsWith('transaction'))).toEqual([]);
  });

  it('what happens at the server meanwhile is there afterwards', async () => {
    const broker = await aBroker();
    await sent(broker, aDeal({ sl: 1.09 }));
    const terminal = await ScriptedTerminal.connect(broker.address);
    broker.setSwitch('TERMINAL_CONNECTED', false);
    await terminal.line('switch\tTERMINAL_CONNECTED\t0');
    terminal.forget();
    broker.quote('EURUSD', 1.08, 1.0801);
    const ticket = broker.openByHand({ symbol: 'EURUSD', type: 'SELL', volumeLots: 0.1 });
    broker.setSwitch('TERMINAL_CONNECTED', true);
    expect((await terminal.line('position\t'))[1]).toBe(String(ticket));
    expect(await terminal.line('position-gone')).toEqual(['position-gone', '1001']);
    expect(terminal.kinds()).not.toContain('transaction 6');
  });

  it('keeps new history back until it is synchronised', async () => {
    const broker = await aBroker();
    await sent(broker, aDeal());
    broker.holdHistory(true);
    const terminal = await ScriptedTerminal.connect(broker.address);
    expect(await terminal.line('history-ready')).toEqual(['history-ready', '0']);
    expect(terminal.kinds().filter((kind) => kind.startsWith('history-'))).toEqual([
      'history-order',
      'history-deal',
      'history-ready',
    ]);
    await sent(broker, aClose(1_001n));
    await terminal.line('transaction\t6');
    expect(terminal.kinds().filter((kind) => kind === 'history-deal')).toHaveLength(1);
    broker.holdHistory(false);
    await terminal.line('history-ready\t1');
    expect(terminal.kinds().filter((kind) => kind === 'history-deal')).toHaveLength(2);
    expect(terminal.kinds().filter((kind) => kind === 'history-order')).toHaveLength(2);
  });

  it('a changed account and specification are told at once', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    broker.setAccount({ login: 9n, mode: 'CONTEST' });
    broker.setSymbol('EURUSD', { tradeMode: 'CLOSEONLY', fillingFlags: ['FOK', 'BOC'] });
    expect((await terminal.line('account'))[1]).toBe('9');
    expect((await terminal.line('symbol')).slice(16, 19)).toEqual(['2', '5', '3']);
  });
});

describe('bars', () => {
  it('are made up the same each time, aligned, and end with the price of now', async () => {
    const broker = await SimBroker.start({ nowMs: () => 1_700_000_000_000 });
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.say('1', 'rates', 'EURUSD', '16385', '3');
    await terminal.line('1\tend');
    terminal.say('2', 'rates', 'EURUSD', '16385', '3');
    expect(await terminal.line('2\tend')).toEqual(['2', 'end', '0']);
    const rows = (id: string): string[] =>
      terminal.lines.filter((line) => line.startsWith(`${id}\trate`)).map((line) => line.slice(2));
    expect(rows('1')).toHaveLength(3);
    expect(rows('2')).toEqual(rows('1'));
    const last = rows('1')[2]!.split('\t').map(Number);
    expect(last[1]! % 3_600).toBe(0);
    expect(last[5]).toBe(1.1);
    expect(last[3]).toBeGreaterThanOrEqual(last[5]!);
    terminal.say('3', 'rates', 'NOPE', '1', '3');
    expect(await terminal.line('3')).toEqual(['3', 'end', '4301']);
    terminal.say('4', 'rates', 'EURUSD', '7', '3');
    expect(await terminal.line('4')).toEqual(['4', 'end', '4003']);
    await broker.stop();
  });
});

describe('throughput', () => {
  // Processor time, not the clock's: what the machine does besides must not decide.
  it('tells 50,000 ticks in less than a second of processor time', async () => {
    const broker = await aBroker();
    const terminal = await ScriptedTerminal.connect(broker.address);
    terminal.forget();
    const batch = Array.from({ length: 1_000 }, (_, index) => {
      const bid = Number((1.1 + index * 0.00001).toFixed(5));
      return { symbol: 'EURUSD', bid, ask: bid + 0.0001 };
    });
    const before = process.threadCpuUsage();
    for (let round = 0; round < 50; round++) broker.quoteMany(batch);
    await vi.waitUntil(() => terminal.lines.length === 50_000, { timeout: 10_000, interval: 5 });
    const { user, system } = process.threadCpuUsage(before);
    expect(user + system).toBeLessThan(1_000_000);
  });
});

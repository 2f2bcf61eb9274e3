import type { Query } from '../../main/mt5/handler.ts';
import type { SymbolTradeMode } from '../../main/mt5/market.ts';
import type { TradingSwitch } from '../../main/mt5/paper/trading-switches.ts';
import type { TerminalHandler } from '../../main/mt5/terminal/terminal-handler.ts';
import type { Side } from '../../main/protocol/payloads.ts';
import type { BrokerFault } from '../mql5/broker/faults.ts';
import type { SimBroker } from '../mql5/broker/sim-broker.ts';
import type { Market, Trouble } from './adapter.ts';

const SEEN_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 5;
/** Prices nearer than this are one price. */
const SAME_PRICE = 1e-8;

/** The market of the simulated broker. What a test does to it counts once the program in the terminal sees it. */
export class BridgeMarket implements Market {
  readonly #broker: SimBroker;
  readonly #terminal: TerminalHandler;
  /** The troubles that wait for their requests, as the broker has them. */
  #waiting: Trouble[] = [];

  /** `restartProgram` kills the program where it stands and starts it again on the same data. */
  constructor(broker: SimBroker, terminal: TerminalHandler, restartProgram: () => Promise<void>) {
    this.#broker = broker;
    this.#terminal = terminal;
    let current: Trouble = { kind: 'none' };
    broker.onSend = async (_request, phase) => {
      if (phase === 'received') current = this.#waiting.shift() ?? { kind: 'none' };
      // The answer is lost with the program that waits for it.
      else if (current.kind === 'lose') await restartProgram();
    };
  }

  quote(symbol: string, bid: number, ask: number): Promise<void> {
    return this.quoteMany(symbol, [[bid, ask]]);
  }

  async quoteMany(symbol: string, prices: readonly (readonly [bid: number, ask: number])[]): Promise<void> {
    const [bid, ask] = prices.at(-1) ?? [0, 0];
    this.#broker.quoteMany(prices.map(([nextBid, nextAsk]) => ({ symbol, bid: nextBid, ask: nextAsk })));
    await seen(`the price of ${symbol}`, async () => {
      const tick = await this.#terminal.tick(symbol);
      return shows(tick, (last) => Math.abs(last.bid - bid) < SAME_PRICE && Math.abs(last.ask - ask) < SAME_PRICE);
    });
  }

  closeMarket(symbol: string): Promise<void> {
    this.#broker.closeMarket(symbol);
    return Promise.resolve();
  }

  openMarket(symbol: string): Promise<void> {
    this.#broker.openMarket(symbol);
    return Promise.resolve();
  }

  async setTradeMode(symbol: string, tradeMode: SymbolTradeMode): Promise<void> {
    this.#broker.setSymbol(symbol, { tradeMode });
    await seen(`${symbol} as ${tradeMode}`, async () =>
      shows(await this.#terminal.symbol(symbol), (spec) => spec.tradeMode === tradeMode),
    );
  }

  async setSwitch(name: TradingSwitch, on: boolean): Promise<void> {
    this.#broker.setSwitch(name, on);
    await seen(`${name} ${on ? 'on' : 'off'}`, () => this.#terminal.state().tradingBlockedBy.includes(name) !== on);
  }

  async setConnected(connected: boolean): Promise<void> {
    this.#broker.setSwitch('TERMINAL_CONNECTED', connected);
    await seen(connected ? 'the broker' : 'no broker', () => this.#terminal.state().connected === connected);
  }

  next(...troubles: readonly Trouble[]): void {
    this.#waiting = [...this.#waiting, ...troubles];
    this.#broker.next(...troubles.map(toFault));
  }

  openByHand(symbol: string, side: Side, volumeLots: number): Promise<void> {
    this.#broker.openByHand({ symbol, type: side, volumeLots });
    return Promise.resolve();
  }

  rewriteComments(): void {
    this.#broker.commentsRewritten = true;
  }
}

function toFault(trouble: Trouble): BrokerFault {
  return trouble.kind === 'lose' ? { kind: 'silent', executed: trouble.executed } : trouble;
}

function shows<T>(query: Query<T>, isIt: (value: T) => boolean): boolean {
  return query.ok && isIt(query.value);
}

async function seen(what: string, isSeen: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + SEEN_WITHIN_MS;
  while (!(await isSeen())) {
    if (performance.now() > endMs) throw new Error(`the program did not see ${what} within ${SEEN_WITHIN_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

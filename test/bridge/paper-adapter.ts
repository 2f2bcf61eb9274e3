import { systemClock } from '../../main/clock.ts';
import { silentLog } from '../../main/log.ts';
import { PAPER_LOGIN } from '../../main/mt5/paper/account-view.ts';
import { type Faults, PAPER_DEFAULTS, type PaperOptions } from '../../main/mt5/paper/paper-options.ts';
import { PaperTerminal } from '../../main/mt5/paper/paper-terminal.ts';
import type { Side } from '../../main/protocol/payloads.ts';
import { PRICES, value } from '../fakes/paper-rig.ts';
import type { TradingSwitch } from '../../main/mt5/paper/trading-switches.ts';
import { dataFolder, removeFolder } from './data-folder.ts';
import type { Adapter, Market, RigOptions, Terms, Truth } from './adapter.ts';

const TERMS: Terms = {
  accountMode: 'PAPER',
  login: PAPER_LOGIN.toString(),
  placedRetcode: 10008,
};

/** The embedded paper terminal, on prices that stand still until they are moved. */
export async function startPaperAdapter(options: RigOptions): Promise<Adapter> {
  const folder = dataFolder();
  const terminal = new PaperTerminal(paperOptions(options), {
    clock: systemClock,
    log: silentLog,
    journalDir: folder,
  });
  await terminal.start();
  for (const [symbol, [bid, ask]] of Object.entries(PRICES)) terminal.pushTick(symbol, bid, ask);
  return {
    terms: TERMS,
    terminal,
    market: new PaperMarket(terminal),
    truth: truthOf(terminal),
    stop: async () => {
      await terminal.stop();
      removeFolder(folder);
    },
  };
}

function paperOptions({ marginMode, firstTicket, latencyMs }: RigOptions): PaperOptions {
  return {
    ...{ ...PAPER_DEFAULTS, ticksPerSecond: 0 },
    ...(marginMode === undefined ? {} : { marginMode }),
    ...(firstTicket === undefined ? {} : { firstTicket }),
    ...(latencyMs === undefined ? {} : { latencyMs }),
  };
}

class PaperMarket implements Market {
  readonly #terminal: PaperTerminal;
  #tradeModes: Faults['tradeModes'] = {};
  #switchesOff: Faults['switchesOff'] = [];

  constructor(terminal: PaperTerminal) {
    this.#terminal = terminal;
  }

  quote(symbol: string, bid: number, ask: number): Promise<void> {
    return this.quoteMany(symbol, [[bid, ask]]);
  }

  quoteMany(symbol: string, prices: readonly (readonly [bid: number, ask: number])[]): Promise<void> {
    for (const [bid, ask] of prices) this.#terminal.pushTick(symbol, bid, ask);
    return Promise.resolve();
  }

  closeMarket(symbol: string): Promise<void> {
    return this.#inject({ closedMarkets: [symbol] });
  }

  openMarket(): Promise<void> {
    return this.#inject({ closedMarkets: [] });
  }

  setTradeMode(symbol: string, mode: Faults['tradeModes'][string]): Promise<void> {
    this.#tradeModes = { ...this.#tradeModes, [symbol]: mode };
    return this.#inject({ tradeModes: this.#tradeModes });
  }

  setSwitch(name: TradingSwitch, on: boolean): Promise<void> {
    this.#switchesOff = [...this.#switchesOff.filter((off) => off !== name), ...(on ? [] : [name])];
    return this.#inject({ switchesOff: this.#switchesOff });
  }

  setConnected(connected: boolean): Promise<void> {
    return this.#inject({ linkDown: !connected });
  }

  next(...next: Faults['next']): void {
    this.#terminal.inject({ next });
  }

  async openByHand(symbol: string, side: Side, volumeLots: number): Promise<void> {
    const terms = { type: 'MARKET', deviationPoints: 1_000, magic: 0n, comment: 'by hand' } as const;
    const fence = { epoch: this.#terminal.state().latch?.epoch ?? 0, validUntilMonoMs: Infinity };
    await this.#terminal.send({ symbol, side, volumeLots, ...terms }, fence);
  }

  rewriteComments(): void {
    this.#terminal.inject({ commentsRewritten: true });
  }

  #inject(faults: Partial<Faults>): Promise<void> {
    this.#terminal.inject(faults);
    return Promise.resolve();
  }
}

// The paper terminal is terminal and broker in one: what it tells is what is.
function truthOf(terminal: PaperTerminal): Truth {
  return {
    positions: async () => value(await terminal.positions()),
    orders: async () => value(await terminal.orders()),
    endedOrders: async () => value(await terminal.history(0, Infinity)).orders,
    deals: async () => value(await terminal.history(0, Infinity)).deals,
    requests: () => terminal.requests,
  };
}

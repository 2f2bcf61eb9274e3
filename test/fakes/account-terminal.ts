import type { History, Query } from '../../main/mt5/handler.ts';
import type { Account, Deal } from '../../main/mt5/market.ts';
import { toTicket } from '../../main/protocol/ticket.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { FakeTerminal } from './fake-terminal.ts';

/** A FakeTerminal with an account whose money tests set, and a history of the deals that changed it. */
export class AccountTerminal extends FakeTerminal {
  login = 7001n;
  balance = 10_000;
  credit = 0;
  /** Profit of what is open. */
  floating = 0;
  readonly deals: Deal[] = [];
  /** Answers that fail while it is true, one switch a question. */
  isAccountAway = false;
  isHistoryAway = false;
  readonly #now: () => number;
  #nextDeal = 1;

  constructor(clock: SimulatedClock) {
    super(clock);
    this.#now = () => clock.nowMs();
  }

  get equity(): number {
    return this.balance + this.credit + this.floating;
  }

  /** Sets what is open so that the equity is this. */
  worth(equity: number): void {
    this.floating = equity - this.balance - this.credit;
  }

  /** A deal changes the balance; `isTold: false` leaves it out of the history for now. */
  deal(money: Partial<Pick<Deal, 'profit' | 'commission' | 'swap' | 'atMs'>>, isTold = true): Deal {
    const ticket = toTicket(this.#nextDeal++);
    const none = toTicket(0);
    const deal: Deal = {
      ...{ ticket, order: none, position: none, symbol: 'EURUSD', side: 'SELL', entry: 'OUT', reason: 'EXPERT' },
      ...{ volumeLots: 0.1, price: 1.1, profit: 0, commission: 0, swap: 0, magic: 0n, comment: '', atMs: this.#now() },
      ...money,
    };
    this.balance += deal.profit + deal.commission + deal.swap;
    if (isTold) this.tell(deal);
    return deal;
  }

  /** The history gets a deal, and those who follow the account learn of it. */
  tell(deal: Deal): void {
    this.deals.push(deal);
    this.transact({ kind: 'DEAL', deal });
  }

  override account(): Promise<Query<Account>> {
    this.calls.push('account');
    if (this.isAccountAway) return Promise.resolve(AWAY);
    const { login, balance, credit, floating: profit, equity } = this;
    const marginMode = this.state().marginMode;
    return Promise.resolve({ ok: true, value: { ...ACCOUNT, login, balance, credit, profit, equity, marginMode } });
  }

  override history(fromMs = 0, toMs = Infinity): Promise<Query<History>> {
    this.calls.push('history');
    if (this.isHistoryAway) return Promise.resolve(AWAY);
    const deals = this.deals.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
    return Promise.resolve({ ok: true, value: { orders: [], deals } });
  }
}

const AWAY = { ok: false, code: 'TERMINAL_DISCONNECTED', message: 'the terminal is away' } as const;

const ACCOUNT: Account = {
  login: 7001n,
  server: 'Paper',
  name: 'Somebody',
  company: 'Nobody',
  currency: 'EUR',
  leverage: 100,
  mode: 'PAPER',
  marginMode: 'HEDGING',
  balance: 0,
  credit: 0,
  profit: 0,
  equity: 0,
  margin: 0,
  marginFree: 0,
  marginLevel: 0,
  marginCallLevel: 50,
  marginStopOutLevel: 30,
  tradeAllowed: true,
  tradeExpert: true,
  limitOrders: 200,
};

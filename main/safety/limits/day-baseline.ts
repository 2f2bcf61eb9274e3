import type { Clock } from '../../clock.ts';
import type { Mt5Handler } from '../../mt5/handler.ts';
import type { Account, Deal } from '../../mt5/market.ts';
import { ask } from '../flatten-book.ts';
import { tidyMoney } from './money.ts';
import { DAY_MS, utcDayOf } from './utc-day.ts';

export interface DayBaselinePorts {
  readonly clock: Clock;
  readonly terminal: Pick<Mt5Handler, 'history'>;
}

/** The history is read again at least so often: a terminal's may lag behind its balance. */
const READ_AGAIN_MS = 10_000;
/** A baseline that has moved counts when it has been seen for so long. */
const CONFIRM_MS = 2_000;

interface Moved {
  readonly baseline: number;
  readonly sinceMonoMs: number;
}

/**
 * What the account had at 00:00 UTC: balance and credit now, less what the deals since then have brought. Needs no file, so a
 * restart in the middle of the day changes nothing. Only a deposit or withdrawal moves it within a day, and takes its share
 * out of the day's loss that way; until that is told from a history that lags behind, the lower of the two counts, so that
 * a late deal halts nothing.
 */
export class DayBaseline {
  readonly #ports: DayBaselinePorts;
  #day = Number.NaN;
  #account = '';
  #confirmed: number | null = null;
  #moved: Moved | null = null;
  #readMonoMs = 0;
  #fundsRead = Number.NaN;

  constructor(ports: DayBaselinePorts) {
    this.#ports = ports;
  }

  /** The baseline of the running day, in the account's currency; null while the history has not been told. */
  async of(account: Account): Promise<number | null> {
    const day = utcDayOf(this.#ports.clock.nowMs());
    const name = `${account.login}@${account.server}`;
    if (day !== this.#day || name !== this.#account) this.#begin(day, name);
    const funds = tidyMoney(account.balance + account.credit);
    if (this.#isToRead(funds)) await this.#read(day, funds);
    if (this.#confirmed === null || this.#moved === null) return this.#confirmed;
    return Math.min(this.#confirmed, this.#moved.baseline);
  }

  /** A deal has happened: the history is read again at the next call. */
  outdate(): void {
    this.#fundsRead = Number.NaN;
  }

  #begin(day: number, account: string): void {
    this.#day = day;
    this.#account = account;
    this.#confirmed = null;
    this.#moved = null;
  }

  #isToRead(funds: number): boolean {
    const ageMs = this.#ports.clock.monoMs() - this.#readMonoMs;
    return this.#confirmed === null || this.#moved !== null || funds !== this.#fundsRead || ageMs >= READ_AGAIN_MS;
  }

  async #read(day: number, funds: number): Promise<void> {
    const { clock, terminal } = this.#ports;
    this.#fundsRead = funds;
    // The broker's clock may be ahead.
    const history = await ask(clock, () => terminal.history(day, clock.nowMs() + DAY_MS));
    if (!history.ok) {
      this.outdate();
      return;
    }
    this.#readMonoMs = clock.monoMs();
    this.#take(tidyMoney(funds - realised(history.value.deals)));
  }

  #take(baseline: number): void {
    const nowMonoMs = this.#ports.clock.monoMs();
    this.#confirmed ??= baseline;
    if (baseline === this.#confirmed) this.#moved = null;
    else if (baseline !== this.#moved?.baseline) this.#moved = { baseline, sinceMonoMs: nowMonoMs };
    else if (nowMonoMs - this.#moved.sinceMonoMs >= CONFIRM_MS) this.#confirm(baseline);
  }

  #confirm(baseline: number): void {
    this.#confirmed = baseline;
    this.#moved = null;
  }
}

/** What deals have added to the balance, each counted once. */
function realised(deals: readonly Deal[]): number {
  const once = new Map(deals.map((deal) => [deal.ticket, deal]));
  let sum = 0;
  for (const { profit, commission, swap } of once.values()) sum += profit + commission + swap;
  return sum;
}

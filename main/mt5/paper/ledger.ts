import type { TradeResult, Transaction } from '../handler.ts';
import { RETCODE } from '../retcodes.ts';
import type { BookEntry } from './book.ts';
import type { Desk } from './desk.ts';
import { Draft } from './draft.ts';
import { transactionsOf } from './transactions.ts';
import { refuse, refusedResult, tradeResult, type Refused } from './verdict.ts';

/** What is done with a change of the book. */
export interface LedgerPorts {
  /** Makes an entry last. Returns what is wrong where it cannot; then nothing of it lasts. */
  readonly record: (entry: BookEntry) => string | null;
  /** Tells those who follow the account. */
  readonly tell: (transaction: Transaction) => void;
}

/** The only way to change the book: an entry is recorded first, then taken in, then told. */
export class Ledger {
  readonly desk: Desk;
  readonly #ports: LedgerPorts;

  constructor(desk: Desk, ports: LedgerPorts) {
    this.desk = desk;
    this.#ports = ports;
  }

  /** An empty draft that continues the book's numbers. */
  draft(): Draft {
    return new Draft(this.desk.book.nextTicket);
  }

  /** Puts a draft into force and answers `retcode`; a broker that cannot record it rejects the call instead. */
  commit(draft: Draft, symbol: string, retcode: number, done: Parameters<typeof tradeResult>[2] = {}): TradeResult {
    const entry = draft.entry();
    const fault = this.#ports.record(entry);
    if (fault !== null)
      return this.refusal(refuse(RETCODE.REJECT, `the paper broker cannot record it: ${fault}`), symbol);
    const transactions = transactionsOf(this.desk, entry);
    this.desk.book.apply(entry);
    for (const transaction of transactions) this.#ports.tell(transaction);
    return tradeResult(retcode, this.desk.tick(symbol), done);
  }

  /** The answer that nothing was done. */
  refusal(refused: Refused, symbol: string): TradeResult {
    return refusedResult(refused, this.desk.symbols.has(symbol) ? this.desk.tick(symbol) : null);
  }
}

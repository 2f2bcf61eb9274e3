import type { AccountBook } from './account-book.ts';
import type { BrokerAccount } from './broker-types.ts';
import type { Market } from './market.ts';

/** Switches of the terminal and the account that a person can turn off. */
export type SwitchName =
  | 'TERMINAL_CONNECTED'
  | 'TERMINAL_TRADE_ALLOWED'
  | 'MQL_TRADE_ALLOWED'
  | 'ACCOUNT_TRADE_ALLOWED'
  | 'ACCOUNT_TRADE_EXPERT';

/** What the rules and the execution of requests work on: the whole state of the broker. */
export interface Venue {
  readonly market: Market;
  readonly book: AccountBook;
  account: BrokerAccount;
  /** Switches of the terminal that are off. */
  readonly switchedOff: Set<SwitchName>;
  /** The broker writes comments of its own. */
  commentsRewritten: boolean;
  /** The server's clock in milliseconds: not UTC. */
  nowMsc(): number;
}

const MAX_COMMENT = 31;

/** The comment that an order gets: cut as MetaTrader does, or the broker's own. */
export function commentFor({ commentsRewritten }: Venue, ticket: bigint, asked: string): string {
  return commentsRewritten ? `dealt ${ticket}` : asked.slice(0, MAX_COMMENT);
}

import type { BrokerAccount, MarginMode } from './broker-types.ts';
import { DEFAULT_LISTINGS, type Listing } from './default-symbols.ts';

export interface SimBrokerOptions {
  readonly marginMode: MarginMode;
  /** The first ticket that is given out; may be above 2^53. */
  readonly firstTicket: bigint;
  readonly balance: number;
  readonly leverage: number;
  readonly login: bigint;
  readonly server: string;
  readonly mode: BrokerAccount['mode'];
  /** How far the server's clock is ahead of UTC. */
  readonly serverOffsetS: number;
  /** How long every answer to OrderSend takes. */
  readonly answerDelayMs: number;
  readonly symbols: readonly Listing[];
  /** Listens on 127.0.0.1 instead of a Unix socket. */
  readonly tcp: boolean;
  /** The clock in UTC. */
  readonly nowMs: () => number;
}

/** A price that comes in; the time is the server's, now when absent. */
export interface IncomingTick {
  readonly symbol: string;
  readonly bid: number;
  readonly ask: number;
  readonly last?: number;
  readonly volume?: number;
  readonly flags?: number;
  readonly timeMsc?: number;
}

export const DEFAULT_OPTIONS: SimBrokerOptions = {
  marginMode: 'HEDGING',
  firstTicket: 1_001n,
  balance: 100_000,
  leverage: 100,
  login: 5_000_123n,
  server: 'SimBroker-Demo',
  mode: 'DEMO',
  serverOffsetS: 7_200,
  answerDelayMs: 0,
  symbols: DEFAULT_LISTINGS,
  tcp: false,
  nowMs: Date.now,
};

/** The account of a broker that has just been opened. */
export function newAccount(options: SimBrokerOptions): BrokerAccount {
  const { login, server, leverage, mode, marginMode, balance } = options;
  return {
    login,
    server,
    name: 'Test Trader',
    company: 'Simulated Broker Ltd',
    currency: 'USD',
    currencyDigits: 2,
    leverage,
    mode,
    marginMode,
    balance,
    credit: 0,
    marginCallLevel: 100,
    stopOutLevel: 50,
    tradeAllowed: true,
    tradeExpert: true,
    limitOrders: 200,
  };
}

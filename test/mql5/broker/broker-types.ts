import type { Ticket } from '../../../main/protocol/ticket.ts';
import type {
  ACCOUNT_MODE,
  DEAL_ENTRY,
  DEAL_REASON,
  EXECUTION,
  FILLING_FLAG,
  MARGIN_MODE,
  ORDER_FILLING,
  ORDER_STATE,
  ORDER_TIME,
  ORDER_TYPE,
  SYMBOL_TRADE_MODE,
} from './mql5-enums.ts';

export type Side = 'BUY' | 'SELL';
export type OrderType = keyof typeof ORDER_TYPE;
export type OrderState = keyof typeof ORDER_STATE;
export type Filling = keyof typeof ORDER_FILLING;
export type OrderTime = keyof typeof ORDER_TIME;
export type DealReason = keyof typeof DEAL_REASON;
export type MarginMode = keyof typeof MARGIN_MODE;

/** MqlTradeRequest as it came: MQL5's integers, nothing checked. Expiration in the server's time. */
export interface RawTradeRequest {
  readonly action: number;
  readonly magic: bigint;
  readonly order: bigint;
  readonly symbol: string;
  readonly volumeLots: number;
  readonly price: number;
  readonly stopLimit: number;
  readonly sl: number;
  readonly tp: number;
  readonly deviationPoints: number;
  readonly type: number;
  readonly filling: number;
  readonly timeType: number;
  readonly expirationS: number;
  readonly comment: string;
  readonly position: bigint;
  readonly positionBy: bigint;
}

/** MqlTradeResult, as far as the trade server fills it in. */
export interface TradeResult {
  readonly retcode: number;
  readonly deal: bigint;
  readonly order: bigint;
  readonly volumeLots: number;
  readonly price: number;
  readonly bid: number;
  readonly ask: number;
  readonly comment: string;
}

/** MqlTradeCheckResult; `retcode` is 0 when the request may be sent. */
export interface CheckResult {
  readonly retcode: number;
  readonly balance: number;
  readonly equity: number;
  readonly profit: number;
  readonly margin: number;
  readonly marginFree: number;
  readonly marginLevel: number;
  readonly comment: string;
}

/** Specification of a symbol. Volumes in lots, levels in points. */
export interface BrokerSymbol {
  readonly name: string;
  readonly description: string;
  readonly digits: number;
  readonly tickSize: number;
  readonly contractSize: number;
  readonly volumeMin: number;
  readonly volumeMax: number;
  readonly volumeStep: number;
  /** Lots that positions and pending orders of one side may reach together; 0 for no limit. */
  readonly volumeLimitLots: number;
  readonly stopsLevelPoints: number;
  readonly freezeLevelPoints: number;
  readonly currencyBase: string;
  readonly currencyProfit: string;
  readonly currencyMargin: string;
  /** Forex: lots in the base currency; CFD with leverage: lots at their price. */
  readonly marginFormula: 'FOREX' | 'CFD_LEVERAGE';
  readonly execution: keyof typeof EXECUTION;
  /** RETURN is never a flag: it follows from the execution mode. */
  readonly fillingFlags: readonly (keyof typeof FILLING_FLAG)[];
  readonly tradeMode: keyof typeof SYMBOL_TRADE_MODE;
  /** Shown in Market Watch: only then a terminal gets its ticks. */
  readonly selected: boolean;
  readonly expirationFlags: number;
  readonly orderFlags: number;
}

/** The account without what follows from its positions. Money in its currency. */
export interface BrokerAccount {
  readonly login: bigint;
  readonly server: string;
  readonly name: string;
  readonly company: string;
  readonly currency: string;
  readonly currencyDigits: number;
  readonly leverage: number;
  readonly mode: keyof typeof ACCOUNT_MODE;
  readonly marginMode: MarginMode;
  readonly balance: number;
  readonly credit: number;
  /** Margin levels in percent. */
  readonly marginCallLevel: number;
  readonly stopOutLevel: number;
  readonly tradeAllowed: boolean;
  readonly tradeExpert: boolean;
  /** Pending orders that the account may have; 0 for no limit. */
  readonly limitOrders: number;
}

/** The last tick of a symbol; time in the server's milliseconds. */
export interface Quote {
  readonly bid: number;
  readonly ask: number;
  readonly last: number;
  readonly volume: number;
  readonly timeMsc: number;
  readonly flags: number;
}

/** Stop loss and take profit; 0 for none. */
export interface Stops {
  readonly sl: number;
  readonly tp: number;
}

/** An open position. Times in the server's milliseconds. */
export interface BrokerPosition extends Stops {
  /** Changes when a netting position is turned over; `identifier` does not. */
  readonly ticket: Ticket;
  readonly identifier: Ticket;
  readonly symbol: string;
  readonly side: Side;
  readonly volumeLots: number;
  readonly priceOpen: number;
  readonly swap: number;
  readonly magic: bigint;
  readonly comment: string;
  readonly timeMsc: number;
  readonly timeUpdateMsc: number;
}

/** An order: pending, or one that is just being carried out, or in the history. */
export interface BrokerOrder extends Stops {
  readonly ticket: Ticket;
  readonly symbol: string;
  readonly type: OrderType;
  readonly state: OrderState;
  readonly volumeInitialLots: number;
  /** What is not filled yet. */
  readonly volumeCurrentLots: number;
  readonly priceOpen: number;
  readonly priceCurrent: number;
  readonly filling: Filling;
  readonly timeType: OrderTime;
  readonly expirationS: number;
  readonly magic: bigint;
  readonly comment: string;
  /** Identifier of the position that it closes or has opened, 0 before that. */
  readonly positionId: Ticket;
  /** The opposite position of a close-by, else 0. */
  readonly positionById: Ticket;
  readonly reason: DealReason;
  readonly timeSetupMsc: number;
  readonly timeDoneMsc: number;
}

/** A deal. */
export interface BrokerDeal {
  readonly ticket: Ticket;
  readonly order: Ticket;
  readonly positionId: Ticket;
  readonly symbol: string;
  readonly side: Side;
  readonly entry: keyof typeof DEAL_ENTRY;
  readonly reason: DealReason;
  readonly volumeLots: number;
  readonly price: number;
  readonly profit: number;
  readonly commission: number;
  readonly swap: number;
  readonly magic: bigint;
  readonly comment: string;
  readonly timeMsc: number;
}

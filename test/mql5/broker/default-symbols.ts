import type { BrokerSymbol } from './broker-types.ts';
import { EXPIRATION_FLAG, ORDER_FLAG } from './mql5-enums.ts';

/** A symbol with the price at which it stands when the broker starts. */
export interface Listing {
  readonly symbol: BrokerSymbol;
  readonly bid: number;
  readonly ask: number;
}

const { GTC, DAY, SPECIFIED } = EXPIRATION_FLAG;
const { MARKET, LIMIT, STOP, SL, TP, CLOSEBY } = ORDER_FLAG;

const COMMON = {
  volumeMin: 0.01,
  volumeStep: 0.01,
  volumeLimitLots: 0,
  freezeLevelPoints: 0,
  currencyProfit: 'USD',
  tradeMode: 'FULL',
  selected: false,
  expirationFlags: GTC | DAY | SPECIFIED,
  orderFlags: MARKET | LIMIT | STOP | SL | TP | CLOSEBY,
} as const;
const PAIR = {
  ...COMMON,
  marginFormula: 'FOREX',
  digits: 5,
  tickSize: 0.00001,
  contractSize: 100_000,
  volumeMax: 100,
} as const;

/** One symbol for each execution mode and kind of step; only EURUSD is in Market Watch at first. */
export const DEFAULT_LISTINGS: readonly Listing[] = [
  {
    symbol: {
      ...PAIR,
      name: 'EURUSD',
      description: 'Euro vs US Dollar',
      stopsLevelPoints: 10,
      currencyBase: 'EUR',
      currencyMargin: 'EUR',
      execution: 'MARKET',
      fillingFlags: ['IOC'],
      selected: true,
    },
    bid: 1.1,
    ask: 1.1001,
  },
  {
    symbol: {
      ...PAIR,
      name: 'GBPUSD',
      description: 'Great Britain Pound vs US Dollar',
      stopsLevelPoints: 20,
      freezeLevelPoints: 5,
      currencyBase: 'GBP',
      currencyMargin: 'GBP',
      execution: 'INSTANT',
      fillingFlags: ['FOK', 'IOC'],
    },
    bid: 1.3,
    ask: 1.3002,
  },
  {
    symbol: {
      ...PAIR,
      name: 'USDJPY',
      description: 'US Dollar vs Japanese Yen',
      digits: 3,
      tickSize: 0.001,
      stopsLevelPoints: 10,
      currencyBase: 'USD',
      currencyProfit: 'JPY',
      currencyMargin: 'USD',
      execution: 'MARKET',
      fillingFlags: ['FOK', 'IOC'],
    },
    bid: 150,
    ask: 150.01,
  },
  {
    symbol: {
      ...COMMON,
      marginFormula: 'CFD_LEVERAGE',
      name: 'XAUUSD',
      description: 'Gold vs US Dollar',
      digits: 2,
      tickSize: 0.01,
      contractSize: 100,
      volumeMax: 50,
      stopsLevelPoints: 30,
      currencyBase: 'XAU',
      currencyMargin: 'XAU',
      execution: 'MARKET',
      fillingFlags: ['FOK'],
    },
    bid: 4_000,
    ask: 4_000.5,
  },
  {
    symbol: {
      ...COMMON,
      marginFormula: 'CFD_LEVERAGE',
      name: 'BTCUSD',
      description: 'Bitcoin vs US Dollar',
      digits: 2,
      tickSize: 0.01,
      contractSize: 1,
      volumeMax: 10,
      stopsLevelPoints: 500,
      currencyBase: 'BTC',
      currencyMargin: 'BTC',
      execution: 'EXCHANGE',
      fillingFlags: ['FOK', 'IOC'],
    },
    bid: 90_000,
    ask: 90_010,
  },
  {
    symbol: {
      ...COMMON,
      marginFormula: 'CFD_LEVERAGE',
      name: 'US500',
      description: 'US 500 Index',
      digits: 1,
      tickSize: 0.1,
      contractSize: 10,
      volumeMin: 0.5,
      volumeMax: 100,
      volumeStep: 0.1,
      stopsLevelPoints: 0,
      currencyBase: 'USD',
      currencyMargin: 'USD',
      execution: 'MARKET',
      fillingFlags: ['FOK', 'IOC'],
    },
    bid: 6_000,
    ask: 6_000.5,
  },
];

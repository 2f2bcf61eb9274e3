import type { SymbolSpec } from '../market.ts';

/** A symbol of the paper broker: its specification, and how it is priced and charged. */
export interface PaperSymbol {
  /** `tickValue` holds for the start price; `specAt` gives it for another. */
  readonly spec: SymbolSpec;
  /** How margin is reckoned: MT5's Forex formula (lots in the base currency) or CFD with leverage (lots at their price). */
  readonly marginFormula: 'FOREX' | 'CFD_LEVERAGE';
  /** Lots that positions and pending orders of one side may reach together; 0 for no limit. */
  readonly volumeLimitLots: number;
  /** Trades at weekends too. */
  readonly aroundTheClock: boolean;
  readonly startPrice: number;
  /** Narrowest spread, in points. */
  readonly spreadPoints: number;
  /** Usual move of one day, as a share of the price. */
  readonly dailyMove: number;
}

interface Listing extends Omit<PaperSymbol, 'spec'> {
  readonly spec: Omit<SymbolSpec, 'point' | 'tickSize' | 'tickValue' | 'tradeMode' | 'inMarketWatch'>;
}

const PAIR = { contractSize: 100_000, volumeMin: 0.01, volumeMax: 100, volumeStep: 0.01 } as const;
const PAIR_TERMS = { marginFormula: 'FOREX', volumeLimitLots: 0, aroundTheClock: false } as const;
const CFD_TERMS = { marginFormula: 'CFD_LEVERAGE' } as const;

const LISTINGS: readonly Listing[] = [
  {
    ...PAIR_TERMS,
    spec: {
      ...PAIR,
      name: 'EURUSD',
      description: 'Euro vs US Dollar',
      digits: 5,
      stopsLevelPoints: 10,
      freezeLevelPoints: 0,
      ...{ currencyBase: 'EUR', currencyProfit: 'USD', currencyMargin: 'EUR' },
      execution: 'MARKET',
      fillingFlags: ['IOC'],
    },
    startPrice: 1.17,
    spreadPoints: 8,
    dailyMove: 0.005,
  },
  {
    ...PAIR_TERMS,
    spec: {
      ...PAIR,
      name: 'GBPUSD',
      description: 'Great Britain Pound vs US Dollar',
      digits: 5,
      stopsLevelPoints: 20,
      freezeLevelPoints: 5,
      ...{ currencyBase: 'GBP', currencyProfit: 'USD', currencyMargin: 'GBP' },
      execution: 'INSTANT',
      fillingFlags: ['FOK', 'IOC'],
    },
    startPrice: 1.34,
    spreadPoints: 12,
    dailyMove: 0.006,
  },
  {
    ...PAIR_TERMS,
    spec: {
      ...PAIR,
      name: 'USDJPY',
      description: 'US Dollar vs Japanese Yen',
      digits: 3,
      stopsLevelPoints: 10,
      freezeLevelPoints: 0,
      ...{ currencyBase: 'USD', currencyProfit: 'JPY', currencyMargin: 'USD' },
      execution: 'MARKET',
      fillingFlags: ['FOK', 'IOC'],
    },
    startPrice: 156,
    spreadPoints: 10,
    dailyMove: 0.006,
  },
  {
    ...CFD_TERMS,
    spec: {
      name: 'XAUUSD',
      description: 'Gold vs US Dollar',
      digits: 2,
      contractSize: 100,
      ...{ volumeMin: 0.01, volumeMax: 50, volumeStep: 0.01 },
      stopsLevelPoints: 30,
      freezeLevelPoints: 0,
      ...{ currencyBase: 'XAU', currencyProfit: 'USD', currencyMargin: 'XAU' },
      execution: 'MARKET',
      fillingFlags: ['FOK'],
    },
    volumeLimitLots: 100,
    aroundTheClock: false,
    startPrice: 4_300,
    spreadPoints: 25,
    dailyMove: 0.01,
  },
  {
    ...CFD_TERMS,
    spec: {
      name: 'BTCUSD',
      description: 'Bitcoin vs US Dollar',
      digits: 2,
      contractSize: 1,
      ...{ volumeMin: 0.01, volumeMax: 10, volumeStep: 0.01 },
      stopsLevelPoints: 500,
      freezeLevelPoints: 0,
      ...{ currencyBase: 'BTC', currencyProfit: 'USD', currencyMargin: 'BTC' },
      execution: 'EXCHANGE',
      fillingFlags: ['FOK', 'IOC', 'BOC'],
    },
    volumeLimitLots: 25,
    aroundTheClock: true,
    startPrice: 90_000,
    spreadPoints: 1_500,
    dailyMove: 0.025,
  },
];

/** The paper broker's symbols by name, each with `suffix` behind it as some brokers name theirs. */
export function paperSymbols(suffix: string): ReadonlyMap<string, PaperSymbol> {
  return new Map(LISTINGS.map((listing) => [listing.spec.name + suffix, toSymbol(listing, suffix)]));
}

/** The specification at a price: the value of a tick follows it where profit is not made in the account's currency. */
export function specAt(symbol: PaperSymbol, price: number): SymbolSpec {
  return { ...symbol.spec, tickValue: tickValueAt(symbol.spec, price) };
}

function toSymbol(listing: Listing, suffix: string): PaperSymbol {
  const point = 1 / 10 ** listing.spec.digits;
  const spec = { ...listing.spec, name: listing.spec.name + suffix, point, tickSize: point };
  const full = { ...spec, tickValue: 0, tradeMode: 'FULL', inMarketWatch: true } as const;
  return { ...listing, spec: { ...full, tickValue: tickValueAt(full, listing.startPrice) } };
}

function tickValueAt(spec: SymbolSpec, price: number): number {
  const inProfitCurrency = spec.tickSize * spec.contractSize;
  return Number((spec.currencyProfit === 'USD' ? inProfitCurrency : inProfitCurrency / price).toFixed(5));
}

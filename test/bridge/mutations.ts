import type { Sources } from '../mql5/translate.ts';

/** A mistake in the program: lines of one of its files, and what stands there instead. */
export interface Mutation {
  /** What is wrong then. */
  readonly name: string;
  readonly file: string;
  /** Whole lines, one after the other, without their indentation. They must be there exactly once. */
  readonly lines: readonly string[];
  readonly instead: string;
  /** Behaviours that are tried before the others. */
  readonly likely: RegExp;
}

/** The sources with the mistake in them. Throws where its lines are not there exactly once. */
export function mutated(sources: Sources, { name, file, lines, instead }: Mutation): Sources {
  const text = sources.get(`MT5Fabric/${file}`);
  if (text === undefined) throw new Error(`${name}: there is no ${file}`);
  const all = text.split('\n');
  const places = [...all.keys()].filter((from) => lines.every((line, at) => all[from + at]?.trim() === line));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`${name}: ${file} has ${places.length} times\n${lines.join('\n')}`);
  }
  // The lines behind it keep their numbers.
  const blank = lines.slice(1).map(() => '');
  return new Map([...sources, [`MT5Fabric/${file}`, all.toSpliced(place, lines.length, instead, ...blank).join('\n')]]);
}

/** Mistakes that cost money, and that no compiler sees. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'of the ticks of one millisecond only the first comes',
    file: 'TickStream.mqh',
    lines: [
      'bool isKnown = g_copiedTicks[at].time_msc < skippedMs || (g_copiedTicks[at].time_msc == skippedMs && skip > 0);',
    ],
    instead: 'bool isKnown = g_copiedTicks[at].time_msc <= m_lastMs;',
    likely: /two hundred ticks/,
  },
  {
    name: 'ticks come twice',
    file: 'TickStream.mqh',
    lines: ['int skip = m_countAtLastMs;'],
    instead: 'int skip = 0;',
    likely: /ticks/,
  },
  {
    name: 'a close does not name its position',
    file: 'Orders.mqh',
    lines: ['request.action = TRADE_ACTION_DEAL;', 'request.position = call.ticket;'],
    instead: 'request.action = TRADE_ACTION_DEAL;',
    likely: /is closed at the other price/,
  },
  {
    name: "a close goes to the position's own side",
    file: 'Orders.mqh',
    lines: ['request.type = position.isBuy ? ORDER_TYPE_SELL : ORDER_TYPE_BUY;'],
    instead: 'request.type = position.isBuy ? ORDER_TYPE_BUY : ORDER_TYPE_SELL;',
    likely: /is closed at the other price/,
  },
  {
    name: 'the close of a part closes everything',
    file: 'Orders.mqh',
    lines: ['if(call.volumeLots == 0.0)'],
    instead: 'if(call.volumeLots >= 0.0)',
    likely: /a part is closed by volume/,
  },
  {
    name: 'an older epoch is let through',
    file: 'Gates.mqh',
    lines: ['if(call.epoch < g_latch.Epoch())'],
    instead: 'if(call.epoch < 0)',
    likely: /a latched terminal refuses by itself/,
  },
  {
    name: 'the latch is not looked at',
    file: 'Gates.mqh',
    lines: ['if(g_latch.IsOn() && IsEntry(call))'],
    instead: 'if(call.epoch < 0 && IsEntry(call))',
    likely: /a latched terminal refuses by itself/,
  },
  {
    name: 'the latch stops what closes too',
    file: 'Gates.mqh',
    lines: ['if(g_latch.IsOn() && IsEntry(call))'],
    instead: 'if(g_latch.IsOn())',
    likely: /a latched terminal refuses by itself/,
  },
  {
    name: 'an order starts a minute after it was valid',
    file: 'Gates.mqh',
    lines: ['if(now <= call.validUntilMs)'],
    instead: 'if(now <= call.validUntilMs + 60000)',
    likely: /too old/,
  },
  {
    name: 'a resume of a smaller epoch lifts the latch',
    file: 'Latch.mqh',
    lines: ['if(epoch < m_epoch)'],
    instead: 'if(epoch < 0)',
    likely: /not lifted by a release of a smaller epoch/,
  },
  {
    name: 'a halt of a smaller epoch lowers the epoch',
    file: 'Latch.mqh',
    lines: ['m_epoch = MathMax(m_epoch, epoch);'],
    instead: 'm_epoch = epoch;',
    likely: /a halt of a smaller epoch/,
  },
  {
    name: 'a command is not looked for in the record',
    file: 'Gates.mqh',
    lines: ['if(place < 0)'],
    instead: 'if(place < KEPT_COMMANDS)',
    likely: /whose answer is lost/,
  },
  {
    name: 'a command is not written down before it is sent',
    file: 'Trading.mqh',
    lines: ['if(!g_record.Begin(call.command, call.comment))'],
    instead: 'if(g_record.Count() < 0)',
    likely: /whose answer is lost/,
  },
  {
    name: "MetaTrader's retcode is taken for DONE",
    file: 'Trading.mqh',
    lines: ['outcome.retcode = result.retcode;'],
    instead: 'outcome.retcode = TRADE_RETCODE_DONE;',
    likely: /another refusal than 10030/,
  },
  {
    name: 'whatever was refused is sent again in another filling mode',
    file: 'Trading.mqh',
    lines: ['if(outcome.retcode == TRADE_RETCODE_INVALID_FILL && fillings.HasNext() && IsStillAllowed(call))'],
    instead: 'if(!IsDone(outcome.retcode) && fillings.HasNext() && IsStillAllowed(call))',
    likely: /another refusal than 10030/,
  },
  {
    name: 'orders of Market execution go as RETURN',
    file: 'Filling.mqh',
    lines: ['default:', 'AddFlaggedFillings(symbol, modes);'],
    instead: 'default: AddFilling(modes, ORDER_FILLING_RETURN);',
    likely: /a market order of \w+ goes as/,
  },
  {
    name: 'the step of a volume is not checked',
    file: 'Rules.mqh',
    lines: ['if(isInRange && IsOnStep(call.volumeLots, step))'],
    instead: 'if(isInRange || IsOnStep(call.volumeLots, step))',
    likely: /a volume off the step/,
  },
  {
    name: 'volumes are compared in binary',
    file: 'Rules.mqh',
    lines: ['return stepUnits <= 0 || UnitsOf(lots) % stepUnits == 0;'],
    instead: 'return stepUnits <= 0 || lots / step == MathFloor(lots / step);',
    likely: /lots at a step of 0\.01 is valid/,
  },
  {
    name: 'prices are not rounded to the digits',
    file: 'Orders.mqh',
    lines: ['call.price = NormalizeDouble(call.price, digits);'],
    instead: 'call.price = NormalizeDouble(call.price, 8);',
    likely: /rounded to the digits/,
  },
  {
    name: 'an order goes without its deviation',
    file: 'Orders.mqh',
    lines: ['request.tp = call.tp;', 'request.deviation = call.deviationPoints;'],
    instead: 'request.tp = call.tp;',
    likely: /moved inside the deviation/,
  },
  {
    name: 'an order goes without its stop loss',
    file: 'Orders.mqh',
    lines: ['request.sl = call.sl;', 'request.tp = call.tp;', 'request.deviation = call.deviationPoints;'],
    instead: 'request.tp = call.tp; request.deviation = call.deviationPoints;',
    likely: /stops go with a market order/,
  },
  {
    name: 'the comment loses its tag',
    file: 'Orders.mqh',
    lines: [
      'request.comment = call.comment;',
      'request.type_time = ORDER_TIME_GTC;',
      'fillings.Take(call.symbol, call.entry != ENTRY_MARKET, request);',
    ],
    instead:
      'request.comment = StringSubstr(call.comment, 0, 18); fillings.Take(call.symbol, call.entry != ENTRY_MARKET, request);',
    likely: /exactly 18 letters/,
  },
  {
    name: 'tickets are rounded to a double',
    file: 'Row.mqh',
    lines: ['void              Ticket(const ulong ticket)  { Field(ULongText(ticket)); }'],
    instead: 'void Ticket(const ulong ticket) { Field(DoubleToString((double)ticket, 0)); }',
    likely: /9007199254740993/,
  },
  {
    name: "times are told in the server's clock",
    file: 'ServerTime.mqh',
    lines: ['return serverMs == 0 ? 0 : serverMs - g_utcOffsetS * 1000;'],
    instead: 'return serverMs;',
    likely: /GET_ORDERS shows a pending order/,
  },
  {
    name: 'an expiration is sent in UTC',
    file: 'ServerTime.mqh',
    lines: ['long serverS = utcMs / 1000 + g_utcOffsetS;'],
    instead: 'long serverS = utcMs / 1000;',
    likely: /an expiration is kept to the second/,
  },
  {
    name: 'a symbol is not put into Market Watch',
    file: 'Market.mqh',
    lines: ['if(IsSelected(symbol) || !SymbolSelect(symbol, true))'],
    instead: 'if(IsSelected(symbol) || StringLen(symbol) > 0)',
    likely: /Market Watch does not show/,
  },
];

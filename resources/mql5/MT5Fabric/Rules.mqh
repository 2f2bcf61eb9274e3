//+------------------------------------------------------------------+
//| Rules.mqh: MetaTrader's own rules, checked before a call leaves, |
//| so that a refusal names the rule                                 |
//+------------------------------------------------------------------+

const int MAX_COMMENT_LENGTH = 31;
//--- Lots are counted in hundred-millionths, exact in decimal: 0.29 is a multiple of 0.01, although not in binary.
const double UNITS_PER_LOT = 100000000.0;

long UnitsOf(const double lots)
  {
   return (long)MathRound(lots * UNITS_PER_LOT);
  }

bool IsOnStep(const double lots, const double step)
  {
   long stepUnits = UnitsOf(step);
   return stepUnits <= 0 || UnitsOf(lots) % stepUnits == 0;
  }

bool HasValidComment(const SCall &call, SOutcome &outcome)
  {
   if(StringLen(call.comment) <= MAX_COMMENT_LENGTH)
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID, "Invalid request: a comment has at most "
                 + IntegerToString(MAX_COMMENT_LENGTH) + " characters");
  }

bool HasValidVolume(const SCall &call, SOutcome &outcome)
  {
   double least = SymbolInfoDouble(call.symbol, SYMBOL_VOLUME_MIN);
   double most = SymbolInfoDouble(call.symbol, SYMBOL_VOLUME_MAX);
   double step = SymbolInfoDouble(call.symbol, SYMBOL_VOLUME_STEP);
   long units = UnitsOf(call.volumeLots);
   bool isInRange = units > 0 && units >= UnitsOf(least) && units <= UnitsOf(most);
   if(isInRange && IsOnStep(call.volumeLots, step))
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID_VOLUME, "Invalid volume: " + PlainText(call.volumeLots) + " is not from "
                 + PlainText(least) + " to " + PlainText(most) + " lots in steps of " + PlainText(step));
  }

//--- A whole position may be closed whatever its volume is, a part of it only in steps, and never more than there is.
bool HasValidCloseVolume(const SCall &call, const SPosition &position, SOutcome &outcome)
  {
   if(UnitsOf(call.volumeLots) > UnitsOf(position.volumeLots))
      return Refuse(outcome, TRADE_RETCODE_INVALID_CLOSE_VOLUME, "Invalid close volume: " + PlainText(call.volumeLots)
                    + " of a position of " + PlainText(position.volumeLots) + " lots");
   if(UnitsOf(call.volumeLots) == UnitsOf(position.volumeLots))
      return true;
   return HasValidVolume(call, outcome);
  }

bool HasValidPrices(const SCall &call, SOutcome &outcome)
  {
   if(call.price >= 0.0 && call.sl >= 0.0 && call.tp >= 0.0)
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID, "Invalid request: a price is negative");
  }

//--- On the market itself a price would trigger at once, so one point is the least even without a stops level.
long NearestPoints(const string symbol)
  {
   return MathMax((long)1, SymbolInfoInteger(symbol, SYMBOL_TRADE_STOPS_LEVEL));
  }

//--- A pending price stands on its side of the market: a buy limit below the ask.
bool HasValidEntryPrice(const SCall &call, const bool isLimit, const MqlTick &tick, SOutcome &outcome)
  {
   double market = call.isBuy ? tick.ask : tick.bid;
   bool isBelow = isLimit == call.isBuy;
   long above = PointsBetween(market, call.price, call.symbol);
   long nearest = NearestPoints(call.symbol);
   if(call.price > 0.0 && (isBelow ? -above : above) >= nearest)
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID_PRICE, "Invalid price: a " + SideName(call.isBuy)
                 + (isLimit ? "_LIMIT" : "_STOP") + " stands at least " + LongText(nearest) + " points "
                 + (isBelow ? "below" : "above") + " the market at " + DoubleToString(market, DigitsOf(call.symbol)));
  }

//--- Stops stand on their sides of `reference`: the price at which the position would be closed, for a pending order its
//--- own price.
bool HasValidStops(const SCall &call, const double reference, SOutcome &outcome)
  {
   return HasValidStop("stop loss", call.sl, !call.isBuy, reference, call.symbol, outcome)
          && HasValidStop("take profit", call.tp, call.isBuy, reference, call.symbol, outcome);
  }

bool HasValidStop(const string name, const double price, const bool isAbove, const double reference, const string symbol,
                  SOutcome &outcome)
  {
   if(price == 0.0)
      return true;
   long above = PointsBetween(reference, price, symbol);
   long nearest = NearestPoints(symbol);
   if((isAbove ? above : -above) >= nearest)
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID_STOPS, "Invalid stops: the " + name + " stands at least "
                 + LongText(nearest) + " points " + (isAbove ? "above " : "below ")
                 + DoubleToString(reference, DigitsOf(symbol)));
  }

bool HasValidExpiration(const SCall &call, SOutcome &outcome)
  {
   if(call.expirationMs == 0 || UtcMsToServerTime(call.expirationMs) > TimeTradeServer())
      return true;
   return Refuse(outcome, TRADE_RETCODE_INVALID_EXPIRATION, "Invalid expiration: it has passed");
  }

bool HasPrice(const string symbol, MqlTick &tick, SOutcome &outcome)
  {
   if(ReadTick(symbol, tick))
      return true;
   return Refuse(outcome, TRADE_RETCODE_PRICE_OFF, "There are no quotes of " + symbol);
  }

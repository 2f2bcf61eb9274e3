//+------------------------------------------------------------------+
//| Orders.mqh: makes MetaTrader's request of a call, or refuses it  |
//+------------------------------------------------------------------+

//--- False when a rule refuses the call; `outcome` says which.
bool Prepare(SCall &call, MqlTradeRequest &request, CFillings &fillings, SOutcome &outcome)
  {
   switch(call.kind)
     {
      case CALL_CLOSE:
         return PrepareClose(call, request, fillings, outcome);
      case CALL_MODIFY:
         return PrepareModify(call, request, outcome);
      case CALL_CHANGE:
         return PrepareChange(call, request, outcome);
      case CALL_REMOVE:
         return PrepareRemove(call, request, outcome);
      default:
         return PrepareSend(call, request, fillings, outcome);
     }
  }

void NormalisePrices(SCall &call)
  {
   int digits = DigitsOf(call.symbol);
   call.price = NormalizeDouble(call.price, digits);
   call.sl = NormalizeDouble(call.sl, digits);
   call.tp = NormalizeDouble(call.tp, digits);
  }

bool PrepareSend(SCall &call, MqlTradeRequest &request, CFillings &fillings, SOutcome &outcome)
  {
   WatchSymbol(call.symbol);
   NormalisePrices(call);
   MqlTick tick;
   if(!HasValidComment(call, outcome) || !HasValidPrices(call, outcome) || !HasValidVolume(call, outcome)
      || !HasPrice(call.symbol, tick, outcome))
      return false;
   request.symbol = call.symbol;
   request.volume = NormalizeDouble(call.volumeLots, VOLUME_DIGITS);
   request.sl = call.sl;
   request.tp = call.tp;
   request.deviation = call.deviationPoints;
   request.magic = call.magic;
   request.comment = call.comment;
   request.type_time = ORDER_TIME_GTC;
   fillings.Take(call.symbol, call.entry != ENTRY_MARKET, request);
   return call.entry == ENTRY_MARKET ? PrepareMarket(call, tick, request, outcome)
          : PreparePending(call, tick, request, outcome);
  }

bool PrepareMarket(const SCall &call, const MqlTick &tick, MqlTradeRequest &request, SOutcome &outcome)
  {
   request.action = TRADE_ACTION_DEAL;
   request.type = call.isBuy ? ORDER_TYPE_BUY : ORDER_TYPE_SELL;
   request.price = call.isBuy ? tick.ask : tick.bid;
   return HasValidStops(call, call.isBuy ? tick.bid : tick.ask, outcome);
  }

bool PreparePending(const SCall &call, const MqlTick &tick, MqlTradeRequest &request, SOutcome &outcome)
  {
   bool isLimit = call.entry == ENTRY_LIMIT;
   request.action = TRADE_ACTION_PENDING;
   if(isLimit)
      request.type = call.isBuy ? ORDER_TYPE_BUY_LIMIT : ORDER_TYPE_SELL_LIMIT;
   else
      request.type = call.isBuy ? ORDER_TYPE_BUY_STOP : ORDER_TYPE_SELL_STOP;
   request.price = call.price;
   SetExpiration(call, request);
   return HasValidEntryPrice(call, isLimit, tick, outcome) && HasValidStops(call, call.price, outcome)
          && HasValidExpiration(call, outcome);
  }

void SetExpiration(const SCall &call, MqlTradeRequest &request)
  {
   request.type_time = call.expirationMs == 0 ? ORDER_TIME_GTC : ORDER_TIME_SPECIFIED;
   request.expiration = call.expirationMs == 0 ? (datetime)0 : UtcMsToServerTime(call.expirationMs);
  }

//--- Carries the position's ticket: without it an order in a hedging account opens the other side instead of closing.
bool PrepareClose(SCall &call, MqlTradeRequest &request, CFillings &fillings, SOutcome &outcome)
  {
   SPosition position;
   if(!ReadPosition(call.ticket, position))
      return RefuseGonePosition(call, outcome);
   if(position.symbol != call.symbol)
      return Refuse(outcome, TRADE_RETCODE_INVALID, "Invalid request: position " + ULongText(call.ticket) + " is of "
                    + position.symbol);
   WatchSymbol(call.symbol);
   if(call.volumeLots == 0.0)
      call.volumeLots = position.volumeLots;
   MqlTick tick;
   if(!HasValidComment(call, outcome) || !HasValidCloseVolume(call, position, outcome)
      || !HasPrice(call.symbol, tick, outcome))
      return false;
   request.action = TRADE_ACTION_DEAL;
   request.position = call.ticket;
   request.symbol = call.symbol;
   request.volume = NormalizeDouble(call.volumeLots, VOLUME_DIGITS);
   request.type = position.isBuy ? ORDER_TYPE_SELL : ORDER_TYPE_BUY;
   request.price = position.isBuy ? tick.bid : tick.ask;
   request.deviation = call.deviationPoints;
   request.magic = call.magic;
   request.comment = call.comment;
   request.type_time = ORDER_TIME_GTC;
   fillings.Take(call.symbol, false, request);
   return true;
  }

bool RefuseGonePosition(const SCall &call, SOutcome &outcome)
  {
   return Refuse(outcome, TRADE_RETCODE_POSITION_CLOSED, "Position " + ULongText(call.ticket) + " is not open");
  }

bool PrepareModify(SCall &call, MqlTradeRequest &request, SOutcome &outcome)
  {
   SPosition position;
   if(!ReadPosition(call.ticket, position))
      return RefuseGonePosition(call, outcome);
   call.symbol = position.symbol;
   call.isBuy = position.isBuy;
   WatchSymbol(call.symbol);
   NormalisePrices(call);
   MqlTick tick;
   if(!HasValidPrices(call, outcome) || !HasPrice(call.symbol, tick, outcome))
      return false;
   request.action = TRADE_ACTION_SLTP;
   request.position = call.ticket;
   request.symbol = call.symbol;
   request.sl = call.sl;
   request.tp = call.tp;
   //--- Only a stop that changes is held against the market, so that the other may be near it.
   SCall changed = call;
   if(PointsBetween(position.sl, call.sl, call.symbol) == 0)
      changed.sl = 0.0;
   if(PointsBetween(position.tp, call.tp, call.symbol) == 0)
      changed.tp = 0.0;
   return HasValidStops(changed, call.isBuy ? tick.bid : tick.ask, outcome);
  }

bool PrepareChange(SCall &call, MqlTradeRequest &request, SOutcome &outcome)
  {
   SOrder order;
   if(!ReadPendingOrder(call.ticket, order))
      return RefuseGoneOrder(call, outcome);
   ENUM_ORDER_TYPE type = (ENUM_ORDER_TYPE)order.type;
   call.symbol = order.symbol;
   call.isBuy = type == ORDER_TYPE_BUY_LIMIT || type == ORDER_TYPE_BUY_STOP || type == ORDER_TYPE_BUY_STOP_LIMIT;
   request.action = TRADE_ACTION_MODIFY;
   request.order = call.ticket;
   request.symbol = call.symbol;
   request.stoplimit = OrderGetDouble(ORDER_PRICE_STOPLIMIT);
   request.type = type;
   request.type_filling = (ENUM_ORDER_TYPE_FILLING)order.filling;
   WatchSymbol(call.symbol);
   NormalisePrices(call);
   request.price = call.price;
   request.sl = call.sl;
   request.tp = call.tp;
   SetExpiration(call, request);
   return HasValidChange(call, order, outcome);
  }

//--- Only a price that moves is held against the market.
bool HasValidChange(const SCall &call, const SOrder &order, SOutcome &outcome)
  {
   MqlTick tick;
   if(!HasValidPrices(call, outcome) || !HasPrice(call.symbol, tick, outcome))
      return false;
   bool isLimit = order.type == (long)ORDER_TYPE_BUY_LIMIT || order.type == (long)ORDER_TYPE_SELL_LIMIT;
   bool isMoved = PointsBetween(order.openPrice, call.price, call.symbol) != 0;
   if(isMoved && !HasValidEntryPrice(call, isLimit, tick, outcome))
      return false;
   return HasValidStops(call, call.price, outcome) && HasValidExpiration(call, outcome);
  }

bool RefuseGoneOrder(const SCall &call, SOutcome &outcome)
  {
   return Refuse(outcome, TRADE_RETCODE_INVALID, "Invalid request: order " + ULongText(call.ticket) + " is not pending");
  }

bool PrepareRemove(SCall &call, MqlTradeRequest &request, SOutcome &outcome)
  {
   SOrder order;
   if(!ReadPendingOrder(call.ticket, order))
      return RefuseGoneOrder(call, outcome);
   call.symbol = order.symbol;
   request.action = TRADE_ACTION_REMOVE;
   request.order = call.ticket;
   request.symbol = order.symbol;
   return true;
  }

//+------------------------------------------------------------------+
//| Trading.mqh: carries a trading call out                          |
//+------------------------------------------------------------------+

//--- What GetLastError says when OrderSend gives no retcode: the request did not leave.
const int ERROR_TRADE_DISABLED = 4752;
const int ERROR_POSITION_NOT_FOUND = 4753;
const int ERROR_ORDER_NOT_FOUND = 4754;

//--- Once, from the gates to the answer. The record is written before and after the broker is asked.
void RunTrade(const string id, SCall &call)
  {
   if(IsAnsweredFromRecord(id, call) || !PassesGates(id, call))
      return;
   if(call.kind == CALL_SEND && !IsKnownSymbol(call.symbol))
     {
      ReplyRefused(id, "NOT_FOUND", "the terminal has no symbol " + call.symbol);
      return;
     }
   SOutcome outcome;
   ClearOutcome(outcome);
   MqlTradeRequest request = {};
   CFillings fillings;
   if(!Prepare(call, request, fillings, outcome))
     {
      ReplyRuledOut(id, call, outcome);
      return;
     }
   if(call.kind == CALL_SEND && !PassesOrderCheck(request, fillings, outcome))
     {
      ReplyChecked(id, call, outcome);
      return;
     }
   //--- Checking may have taken its time: a halt that came meanwhile still counts.
   if(!IsGatewayThere() || !PassesGates(id, call))
      return;
   if(!g_record.Begin(call.command, call.comment))
     {
      ReplyRefused(id, "BUSY", "the record cannot be written");
      return;
     }
   Execute(call, request, fillings, outcome);
   g_record.End(call.command, outcome);
   g_link.Send(DoneLine(id, outcome));
   g_book.LookSoon();
  }

//--- A dead gateway's order is not carried out, though it may still be read: that a pipe is dead shows on a write.
bool IsGatewayThere()
  {
   g_state.TellNow();
   g_link.Flush();
   ReceiveLines();
   return g_link.IsUp();
  }

//--- What a new order would be answered, without sending it.
void RunCheck(const string id, SCall &call)
  {
   if(!IsKnownSymbol(call.symbol))
     {
      ReplyRefused(id, "NOT_FOUND", "the terminal has no symbol " + call.symbol);
      return;
     }
   SOutcome outcome;
   ClearOutcome(outcome);
   MqlTradeRequest request = {};
   CFillings fillings;
   if(!Prepare(call, request, fillings, outcome))
     {
      ReplyRuledOut(id, call, outcome);
      return;
     }
   if(PassesOrderCheck(request, fillings, outcome))
     {
      outcome.retcode = call.entry == ENTRY_MARKET ? TRADE_RETCODE_DONE : TRADE_RETCODE_PLACED;
      outcome.volumeLots = call.volumeLots;
     }
   ReplyChecked(id, call, outcome);
  }

void ReplyRuledOut(const string id, const SCall &call, SOutcome &outcome)
  {
   AddQuotes(call.symbol, outcome);
   g_link.Send(DoneLine(id, outcome));
  }

//--- OrderCheck changes nothing: where it cannot tell, nothing happened either, and no retcode may suggest otherwise.
void ReplyChecked(const string id, const SCall &call, SOutcome &outcome)
  {
   if(IsUncertain(outcome.retcode))
     {
      ReplyRefused(id, "BUSY", "the order cannot be checked now: " + IntegerToString((int)outcome.retcode) + " "
                   + outcome.text);
      return;
     }
   ReplyRuledOut(id, call, outcome);
  }

bool IsUncertain(const uint retcode)
  {
   return retcode == 0 || retcode == TRADE_RETCODE_ERROR || retcode == TRADE_RETCODE_TIMEOUT
          || retcode == TRADE_RETCODE_CONNECTION;
  }

bool PassesOrderCheck(MqlTradeRequest &request, CFillings &fillings, SOutcome &outcome)
  {
   MqlTradeCheckResult check = {};
   ResetLastError();
   bool isGood = OrderCheck(request, check);
   if(!isGood && check.retcode == TRADE_RETCODE_INVALID_FILL && fillings.HasNext())
     {
      fillings.UseNext(request);
      isGood = OrderCheck(request, check);
     }
   outcome.retcode = check.retcode;
   outcome.text = check.comment;
   if(!isGood && check.retcode == 0)
      TakeLastError(outcome);
   return isGood;
  }

//--- A refusal for the filling mode is followed by the next mode, once, unless a halt has come meanwhile.
void Execute(const SCall &call, MqlTradeRequest &request, CFillings &fillings, SOutcome &outcome)
  {
   SendOrder(request, outcome);
   ReceiveLines();
   if(outcome.retcode == TRADE_RETCODE_INVALID_FILL && fillings.HasNext() && IsStillAllowed(call))
     {
      fillings.UseNext(request);
      SendOrder(request, outcome);
     }
   AddQuotes(request.symbol, outcome);
  }

//--- OrderSend's `true` says only that the broker answered; the retcode says what.
void SendOrder(MqlTradeRequest &request, SOutcome &outcome)
  {
   MqlTradeResult result = {};
   ResetLastError();
   bool isAnswered = OrderSend(request, result);
   outcome.retcode = result.retcode;
   outcome.text = result.comment;
   outcome.order = result.order;
   outcome.deal = result.deal;
   outcome.volumeLots = result.volume;
   outcome.price = result.price;
   outcome.bid = result.bid;
   outcome.ask = result.ask;
   if(!isAnswered && result.retcode == 0)
      TakeLastError(outcome);
   if(request.action == TRADE_ACTION_PENDING && IsDone(outcome.retcode))
      TakePlaced(request, outcome);
   outcome.position = PositionOf(request, outcome);
  }

//--- Of a pending order MetaTrader tells its ticket; what was placed is what was asked for.
void TakePlaced(const MqlTradeRequest &request, SOutcome &outcome)
  {
   if(outcome.price == 0.0)
      outcome.price = request.price;
   if(outcome.volumeLots == 0.0)
      outcome.volumeLots = request.volume;
  }

//--- Where the last error tells what is wrong, the retcode of that; else 0, which decides nothing.
void TakeLastError(SOutcome &outcome)
  {
   int error = GetLastError();
   outcome.retcode = RetcodeOfError(error);
   if(StringLen(outcome.text) == 0)
      outcome.text = "MetaTrader's error " + IntegerToString(error);
  }

uint RetcodeOfError(const int error)
  {
   switch(error)
     {
      case ERROR_TRADE_DISABLED:
         return TRADE_RETCODE_CLIENT_DISABLES_AT;
      case ERROR_POSITION_NOT_FOUND:
         return TRADE_RETCODE_POSITION_CLOSED;
      case ERROR_ORDER_NOT_FOUND:
         return TRADE_RETCODE_INVALID;
      default:
         return 0;
     }
  }

bool IsDone(const uint retcode)
  {
   return retcode == TRADE_RETCODE_PLACED || retcode == TRADE_RETCODE_DONE || retcode == TRADE_RETCODE_DONE_PARTIAL;
  }

//--- The position that a call opened, changed or closed; 0 for none.
ulong PositionOf(const MqlTradeRequest &request, SOutcome &outcome)
  {
   if(request.position != 0)
      return request.position;
   if(request.action != TRADE_ACTION_DEAL || !IsDone(outcome.retcode))
      return 0;
   if(outcome.deal != 0 && HistoryDealSelect(outcome.deal))
      return PositionOfDeal(outcome);
   //--- The history may be behind. In a hedging account the position has the ticket of its order.
   return IsHedging() ? outcome.order : PositionOfSymbol(request.symbol);
  }

//--- Takes what really was filled from the deal, where the answer did not say it.
ulong PositionOfDeal(SOutcome &outcome)
  {
   if(outcome.price == 0.0)
      outcome.price = HistoryDealGetDouble(outcome.deal, DEAL_PRICE);
   if(outcome.volumeLots == 0.0)
      outcome.volumeLots = HistoryDealGetDouble(outcome.deal, DEAL_VOLUME);
   //--- A netting position that is turned over takes the ticket of the order that did it; its identifier stays.
   if(HistoryDealGetInteger(outcome.deal, DEAL_ENTRY) == (long)DEAL_ENTRY_INOUT)
      return outcome.order;
   return TicketOfIdentifier((ulong)HistoryDealGetInteger(outcome.deal, DEAL_POSITION_ID));
  }

//--- The prices of the moment, where the broker has not said them.
void AddQuotes(const string symbol, SOutcome &outcome)
  {
   if(StringLen(symbol) == 0)
      return;
   outcome.digits = DigitsOf(symbol);
   MqlTick tick;
   if(!ReadTick(symbol, tick))
      return;
   if(outcome.bid == 0.0)
      outcome.bid = tick.bid;
   if(outcome.ask == 0.0)
      outcome.ask = tick.ask;
  }

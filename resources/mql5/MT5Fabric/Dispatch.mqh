//+------------------------------------------------------------------+
//| Dispatch.mqh: from a request's name to what answers it           |
//+------------------------------------------------------------------+

//--- True when the request is a question, which then has been answered.
bool IsQuery(const string id, const string kind, CFields &fields)
  {
   if(kind == "ping")
      AnswerPing(id);
   else if(kind == "account")
      AnswerAccount(id);
   else if(kind == "symbols")
      AnswerSymbols(id);
   else if(kind == "symbol")
      AnswerSymbol(id, fields.Text());
   else if(kind == "tick")
      AnswerTick(id, fields.Text());
   else if(kind == "positions" || kind == "orders")
      AskBook(id, kind, fields);
   else if(kind == "history")
      AskHistory(id, fields);
   else if(kind == "candles")
      AskCandles(id, fields);
   else if(kind == "find")
      AskFind(id, fields);
   else
      return false;
   return true;
  }

void AskBook(const string id, const string kind, CFields &fields)
  {
   SFilter filter;
   ReadFilter(fields, filter);
   if(!IsWellFormed(id, fields))
      return;
   if(kind == "positions")
      AnswerPositions(id, filter);
   else
      AnswerOrders(id, filter);
  }

void AskHistory(const string id, CFields &fields)
  {
   long fromMs = fields.Whole("from");
   long toMs = fields.Whole("to");
   if(IsWellFormed(id, fields))
      AnswerHistory(id, fromMs, toMs);
  }

void AskCandles(const string id, CFields &fields)
  {
   string symbol = fields.Name("symbol");
   ENUM_TIMEFRAMES timeframe = PERIOD_M1;
   if(!ReadTimeframe(fields.Text(), timeframe))
      fields.Refuse("timeframe");
   long count = fields.Whole("count");
   if(count < 1 || count > MOST_CANDLES)
      fields.Refuse("count");
   if(IsWellFormed(id, fields))
      AnswerCandles(id, symbol, timeframe, (int)count);
  }

void AskFind(const string id, CFields &fields)
  {
   string tag = fields.Name("tag");
   if(IsWellFormed(id, fields))
      AnswerFind(id, tag);
  }

//--- True when the request is a trading call, which then has been answered.
bool IsCall(const string id, const string kind, CFields &fields)
  {
   SCall call;
   if(kind == "check")
     {
      ClearCall(call, CALL_CHECK);
      ReadNewOrder(fields, call);
      if(IsWellFormed(id, fields))
         RunCheck(id, call);
      return true;
     }
   if(!IsTradeName(kind, call))
      return false;
   ReadFence(fields, call);
   ReadCall(fields, call);
   if(IsWellFormed(id, fields))
      RunTrade(id, call);
   return true;
  }

bool IsTradeName(const string kind, SCall &call)
  {
   if(kind == "send")
      ClearCall(call, CALL_SEND);
   else if(kind == "close")
      ClearCall(call, CALL_CLOSE);
   else if(kind == "modify")
      ClearCall(call, CALL_MODIFY);
   else if(kind == "change")
      ClearCall(call, CALL_CHANGE);
   else if(kind == "remove")
      ClearCall(call, CALL_REMOVE);
   else
      return false;
   return true;
  }

void ReadCall(CFields &fields, SCall &call)
  {
   switch(call.kind)
     {
      case CALL_CLOSE:
         ReadClose(fields, call);
         break;
      case CALL_MODIFY:
         ReadModify(fields, call);
         break;
      case CALL_CHANGE:
         ReadChange(fields, call);
         break;
      case CALL_REMOVE:
         call.ticket = fields.ULong("ticket");
         break;
      default:
         ReadNewOrder(fields, call);
     }
  }

//+------------------------------------------------------------------+
//| Queries.mqh: answers questions; nothing here changes anything    |
//+------------------------------------------------------------------+

const long FIND_DAYS = 30;
const long DAY_S = 86400;
const long MOST_CANDLES = 100000;

void ReplyOk(const string id)
  {
   g_link.Send(id + TAB + "ok");
  }

void ReplyComplete(const string id, const bool isComplete)
  {
   g_link.Send(id + TAB + "ok" + TAB + FlagText(isComplete));
  }

void ReplyUnknownSymbol(const string id, const string symbol)
  {
   ReplyRefused(id, "NOT_FOUND", "the terminal has no symbol " + symbol);
  }

void AnswerPing(const string id)
  {
   g_link.Send(id + TAB + "ok" + TAB + ULongText(GetTickCount64()));
  }

void AnswerAccount(const string id)
  {
   g_link.Send(id + TAB + AccountRow());
   ReplyOk(id);
  }

void AnswerSymbols(const string id)
  {
   int total = SymbolsTotal(false);
   for(int index = 0; index < total; index++)
      g_link.Send(id + TAB + SymbolRow(SymbolName(index, false)));
   ReplyOk(id);
  }

void AnswerSymbol(const string id, const string symbol)
  {
   if(!IsKnownSymbol(symbol))
     {
      ReplyUnknownSymbol(id, symbol);
      return;
     }
   g_link.Send(id + TAB + SymbolRow(symbol));
   ReplyOk(id);
  }

void AnswerTick(const string id, const string symbol)
  {
   if(!IsKnownSymbol(symbol))
     {
      ReplyUnknownSymbol(id, symbol);
      return;
     }
   WatchSymbol(symbol);
   MqlTick tick;
   if(!ReadTick(symbol, tick))
     {
      ReplyRefused(id, "BUSY", "there is no price of " + symbol + " yet");
      return;
     }
   g_link.Send(id + TAB + "tick" + TAB + EscapedText(symbol) + TAB + TickFields(tick, DigitsOf(symbol)));
   ReplyOk(id);
  }

//--- What of positions or orders to give; an empty field filters nothing.
struct SFilter
  {
   string            symbol;
   bool              hasTicket;
   ulong             ticket;
   bool              hasMagic;
   ulong             magic;
  };

void ReadFilter(CFields &fields, SFilter &filter)
  {
   filter.symbol = fields.Text();
   filter.ticket = 0;
   filter.magic = 0;
   string ticket = fields.Text();
   filter.hasTicket = StringLen(ticket) > 0;
   if(filter.hasTicket && !ReadULong(ticket, filter.ticket))
      fields.Refuse("ticket");
   string magic = fields.Text();
   filter.hasMagic = StringLen(magic) > 0;
   if(filter.hasMagic && !ReadULong(magic, filter.magic))
      fields.Refuse("magic");
  }

bool IsInFilter(const SFilter &filter, const string symbol, const ulong ticket, const ulong magic)
  {
   return (StringLen(filter.symbol) == 0 || filter.symbol == symbol)
          && (!filter.hasTicket || filter.ticket == ticket)
          && (!filter.hasMagic || filter.magic == magic);
  }

void AnswerPositions(const string id, const SFilter &filter)
  {
   int total = PositionsTotal();
   for(int index = 0; index < total; index++)
     {
      if(PositionGetTicket(index) == 0)
         continue;
      SPosition position;
      ReadSelectedPosition(position);
      if(IsInFilter(filter, position.symbol, position.ticket, position.magic))
         g_link.Send(PositionRow(id + TAB + "position", position));
     }
   ReplyOk(id);
  }

void AnswerOrders(const string id, const SFilter &filter)
  {
   int total = OrdersTotal();
   for(int index = 0; index < total; index++)
     {
      if(OrderGetTicket(index) == 0)
         continue;
      SOrder order;
      ReadSelectedOrder(order);
      if(IsTellable(order) && IsInFilter(filter, order.symbol, order.ticket, order.magic))
         g_link.Send(OrderRow(id + TAB + "order", order));
     }
   ReplyOk(id);
  }

//--- Whole seconds around the span are selected, then the milliseconds decide.
void AnswerHistory(const string id, const long fromMs, const long toMs)
  {
   bool isSelected = HistorySelect(UtcMsToServerTime(fromMs), UtcMsToServerTime(MathMin(toMs, LAST_TIME_S * 1000) + 1000));
   int orders = isSelected ? HistoryOrdersTotal() : 0;
   for(int index = 0; index < orders; index++)
     {
      SOrder order;
      ReadHistoryOrder(HistoryOrderGetTicket(index), order);
      long doneAtMs = ServerTimeToUtcMs(order.doneAtMs);
      if(IsTellable(order) && doneAtMs >= fromMs && doneAtMs <= toMs)
         g_link.Send(OrderRow(id + TAB + "order", order));
     }
   int deals = isSelected ? HistoryDealsTotal() : 0;
   for(int index = 0; index < deals; index++)
     {
      SDeal deal;
      ReadHistoryDeal(HistoryDealGetTicket(index), deal);
      long atMs = ServerTimeToUtcMs(deal.atMs);
      if(IsExecution(deal) && atMs >= fromMs && atMs <= toMs)
         g_link.Send(DealRow(id + TAB + "deal", deal));
     }
   ReplyComplete(id, isSelected && g_state.IsHistorySettled());
  }

void AnswerCandles(const string id, const string symbol, const ENUM_TIMEFRAMES timeframe, const int count)
  {
   if(!IsKnownSymbol(symbol))
     {
      ReplyUnknownSymbol(id, symbol);
      return;
     }
   WatchSymbol(symbol);
   MqlRates rates[];
   int copied = CopyRates(symbol, timeframe, 0, count, rates);
   if(copied <= 0)
     {
      ReplyRefused(id, "BUSY", "the candles of " + symbol + " are being loaded (error " + IntegerToString(GetLastError())
                   + ")");
      return;
     }
   int digits = DigitsOf(symbol);
   for(int index = 0; index < copied; index++)
      g_link.Send(id + TAB + CandleRow(rates[index], digits));
   ReplyOk(id);
  }

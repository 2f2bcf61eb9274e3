//+------------------------------------------------------------------+
//| Find.mqh: everything whose comment carries a tag                 |
//+------------------------------------------------------------------+

bool HasTag(const string comment, const string tag)
  {
   string end = "~" + tag;
   int from = StringLen(comment) - StringLen(end);
   return from >= 0 && StringSubstr(comment, from) == end;
  }

void AnswerFind(const string id, const string tag)
  {
   FindPositions(id, tag);
   FindPendingOrders(id, tag);
   //--- A day more than now: the server's clock may be ahead.
   datetime now = TimeTradeServer();
   bool isSelected = HistorySelect((datetime)((long)now - FIND_DAYS * DAY_S), (datetime)((long)now + DAY_S));
   if(isSelected)
     {
      FindEndedOrders(id, tag);
      FindDeals(id, tag);
     }
   FindRecorded(id, tag);
   ReplyComplete(id, isSelected && g_state.IsHistorySettled());
  }

void FindPositions(const string id, const string tag)
  {
   int total = PositionsTotal();
   for(int index = 0; index < total; index++)
     {
      if(PositionGetTicket(index) == 0 || !HasTag(PositionGetString(POSITION_COMMENT), tag))
         continue;
      SPosition position;
      ReadSelectedPosition(position);
      g_link.Send(PositionRow(id + TAB + "position", position));
     }
  }

void FindPendingOrders(const string id, const string tag)
  {
   int total = OrdersTotal();
   for(int index = 0; index < total; index++)
     {
      if(OrderGetTicket(index) == 0 || !HasTag(OrderGetString(ORDER_COMMENT), tag))
         continue;
      SOrder order;
      ReadSelectedOrder(order);
      if(IsTellable(order))
         g_link.Send(OrderRow(id + TAB + "order", order));
     }
  }

void FindEndedOrders(const string id, const string tag)
  {
   int total = HistoryOrdersTotal();
   for(int index = 0; index < total; index++)
     {
      ulong ticket = HistoryOrderGetTicket(index);
      if(!HasTag(HistoryOrderGetString(ticket, ORDER_COMMENT), tag))
         continue;
      SOrder order;
      ReadHistoryOrder(ticket, order);
      if(IsTellable(order))
         g_link.Send(OrderRow(id + TAB + "order", order));
     }
  }

void FindDeals(const string id, const string tag)
  {
   int total = HistoryDealsTotal();
   for(int index = 0; index < total; index++)
     {
      ulong ticket = HistoryDealGetTicket(index);
      if(!HasTag(HistoryDealGetString(ticket, DEAL_COMMENT), tag))
         continue;
      SDeal deal;
      ReadHistoryDeal(ticket, deal);
      if(IsExecution(deal))
         g_link.Send(DealRow(id + TAB + "deal", deal));
     }
  }

void FindRecorded(const string id, const string tag)
  {
   for(int index = 0; index < g_record.Count(); index++)
     {
      int place = g_record.PlaceAt(index);
      if(HasTag(g_record.CommentAt(place), tag))
         g_link.Send(RecordRow(id, place));
     }
  }

string RecordRow(const string id, const int place)
  {
   SOutcome outcome;
   g_record.CopyOutcome(place, outcome);
   CRow row(id + TAB + "record", outcome.digits);
   row.Text(g_record.CommandAt(place));
   row.Text(g_record.IsEnded(place) ? "ENDED" : "BEGUN");
   row.Whole((long)outcome.retcode);
   row.Ticket(outcome.order);
   row.Ticket(outcome.deal);
   row.Ticket(outcome.position);
   row.Volume(outcome.volumeLots);
   row.Price(outcome.price);
   row.Text(outcome.text);
   return row.Line();
  }

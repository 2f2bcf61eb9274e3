//+------------------------------------------------------------------+
//| Order.mqh: an order, pending or ended                            |
//+------------------------------------------------------------------+

struct SOrder
  {
   ulong             ticket;
   string            symbol;
   long              type;
   long              state;
   double            initialLots;
   double            currentLots;
   double            openPrice;
   double            currentPrice;
   double            sl;
   double            tp;
   long              filling;
   ulong             magic;
   string            comment;
   ulong             position;
   long              setupAtMs;
   long              doneAtMs;
   long              expirationMs;
  };

//--- Reads the order that OrderGetTicket or OrderSelect has selected. It has not ended: no time of its end.
void ReadSelectedOrder(SOrder &order)
  {
   order.ticket = (ulong)OrderGetInteger(ORDER_TICKET);
   order.symbol = OrderGetString(ORDER_SYMBOL);
   order.type = OrderGetInteger(ORDER_TYPE);
   order.state = OrderGetInteger(ORDER_STATE);
   order.initialLots = OrderGetDouble(ORDER_VOLUME_INITIAL);
   order.currentLots = OrderGetDouble(ORDER_VOLUME_CURRENT);
   order.openPrice = OrderGetDouble(ORDER_PRICE_OPEN);
   order.currentPrice = OrderGetDouble(ORDER_PRICE_CURRENT);
   order.sl = OrderGetDouble(ORDER_SL);
   order.tp = OrderGetDouble(ORDER_TP);
   order.filling = OrderGetInteger(ORDER_TYPE_FILLING);
   order.magic = (ulong)OrderGetInteger(ORDER_MAGIC);
   order.comment = OrderGetString(ORDER_COMMENT);
   order.position = (ulong)OrderGetInteger(ORDER_POSITION_ID);
   order.setupAtMs = OrderGetInteger(ORDER_TIME_SETUP_MSC);
   order.doneAtMs = 0;
   order.expirationMs = OrderGetInteger(ORDER_TIME_EXPIRATION) * 1000;
  }

bool ReadPendingOrder(const ulong ticket, SOrder &order)
  {
   if(ticket == 0 || !OrderSelect(ticket))
      return false;
   ReadSelectedOrder(order);
   return true;
  }

//--- An order of the selected history.
void ReadHistoryOrder(const ulong ticket, SOrder &order)
  {
   order.ticket = ticket;
   order.symbol = HistoryOrderGetString(ticket, ORDER_SYMBOL);
   order.type = HistoryOrderGetInteger(ticket, ORDER_TYPE);
   order.state = HistoryOrderGetInteger(ticket, ORDER_STATE);
   order.initialLots = HistoryOrderGetDouble(ticket, ORDER_VOLUME_INITIAL);
   order.currentLots = HistoryOrderGetDouble(ticket, ORDER_VOLUME_CURRENT);
   order.openPrice = HistoryOrderGetDouble(ticket, ORDER_PRICE_OPEN);
   order.currentPrice = HistoryOrderGetDouble(ticket, ORDER_PRICE_CURRENT);
   order.sl = HistoryOrderGetDouble(ticket, ORDER_SL);
   order.tp = HistoryOrderGetDouble(ticket, ORDER_TP);
   order.filling = HistoryOrderGetInteger(ticket, ORDER_TYPE_FILLING);
   order.magic = (ulong)HistoryOrderGetInteger(ticket, ORDER_MAGIC);
   order.comment = HistoryOrderGetString(ticket, ORDER_COMMENT);
   order.position = (ulong)HistoryOrderGetInteger(ticket, ORDER_POSITION_ID);
   order.setupAtMs = HistoryOrderGetInteger(ticket, ORDER_TIME_SETUP_MSC);
   order.doneAtMs = HistoryOrderGetInteger(ticket, ORDER_TIME_DONE_MSC);
   order.expirationMs = HistoryOrderGetInteger(ticket, ORDER_TIME_EXPIRATION) * 1000;
  }

//--- Orders that close one position by another have no type in the line language; their deals tell what happened.
bool IsTellable(const SOrder &order)
  {
   return StringLen(OrderTypeName(order.type)) > 0;
  }

string OrderRow(const string kind, const SOrder &order)
  {
   CRow row(kind, DigitsOf(order.symbol));
   row.Ticket(order.ticket);
   row.Text(order.symbol);
   row.Text(OrderTypeName(order.type));
   row.Text(OrderStateName(order.state));
   row.Volume(order.initialLots);
   row.Volume(order.currentLots);
   row.Price(order.openPrice);
   row.Price(order.currentPrice);
   row.Price(order.sl);
   row.Price(order.tp);
   row.Text(FillingName(order.filling));
   row.Ticket(order.magic);
   row.Text(order.comment);
   row.Ticket(order.position);
   row.Time(order.setupAtMs);
   row.Time(order.doneAtMs);
   row.Time(order.expirationMs);
   return row.Line();
  }

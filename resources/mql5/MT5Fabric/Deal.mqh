//+------------------------------------------------------------------+
//| Deal.mqh: an execution                                           |
//+------------------------------------------------------------------+

struct SDeal
  {
   ulong             ticket;
   ulong             order;
   ulong             position;
   string            symbol;
   long              type;
   long              entry;
   long              reason;
   double            volumeLots;
   double            price;
   double            profit;
   double            commission;
   double            swap;
   ulong             magic;
   string            comment;
   long              atMs;
  };

//--- A deal of the selected history.
void ReadHistoryDeal(const ulong ticket, SDeal &deal)
  {
   deal.ticket = ticket;
   deal.order = (ulong)HistoryDealGetInteger(ticket, DEAL_ORDER);
   deal.position = (ulong)HistoryDealGetInteger(ticket, DEAL_POSITION_ID);
   deal.symbol = HistoryDealGetString(ticket, DEAL_SYMBOL);
   deal.type = HistoryDealGetInteger(ticket, DEAL_TYPE);
   deal.entry = HistoryDealGetInteger(ticket, DEAL_ENTRY);
   deal.reason = HistoryDealGetInteger(ticket, DEAL_REASON);
   deal.volumeLots = HistoryDealGetDouble(ticket, DEAL_VOLUME);
   deal.price = HistoryDealGetDouble(ticket, DEAL_PRICE);
   deal.profit = HistoryDealGetDouble(ticket, DEAL_PROFIT);
   deal.commission = HistoryDealGetDouble(ticket, DEAL_COMMISSION);
   deal.swap = HistoryDealGetDouble(ticket, DEAL_SWAP);
   deal.magic = (ulong)HistoryDealGetInteger(ticket, DEAL_MAGIC);
   deal.comment = HistoryDealGetString(ticket, DEAL_COMMENT);
   deal.atMs = HistoryDealGetInteger(ticket, DEAL_TIME_MSC);
  }

//--- Deposits, credits, commissions and the like are deals in MT5, but no executions.
bool IsExecution(const SDeal &deal)
  {
   return deal.type == (long)DEAL_TYPE_BUY || deal.type == (long)DEAL_TYPE_SELL;
  }

string DealRow(const string kind, const SDeal &deal)
  {
   CRow row(kind, DigitsOf(deal.symbol));
   row.Ticket(deal.ticket);
   row.Ticket(deal.order);
   row.Ticket(deal.position);
   row.Text(deal.symbol);
   row.Text(SideName(deal.type == (long)DEAL_TYPE_BUY));
   row.Text(DealEntryName(deal.entry));
   row.Text(DealReasonName(deal.reason));
   row.Volume(deal.volumeLots);
   row.Price(deal.price);
   row.Money(deal.profit);
   row.Money(deal.commission);
   row.Money(deal.swap);
   row.Ticket(deal.magic);
   row.Text(deal.comment);
   row.Time(deal.atMs);
   return row.Line();
  }

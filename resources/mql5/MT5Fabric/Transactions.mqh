//+------------------------------------------------------------------+
//| Transactions.mqh: tells orders and deals as OnTradeTransaction   |
//| reports them. What is not in the history yet is waited for       |
//+------------------------------------------------------------------+

const ulong HISTORY_PATIENCE_MS = 5000;
//--- How many ended orders are remembered, since MetaTrader tells the end of each twice.
const int TOLD_ORDERS = 256;

struct SAwaited
  {
   bool              isDeal;
   bool              isNew;
   ulong             ticket;
   ulong             giveUpAtMs;
  };

class CTransactions
  {
private:
   SAwaited          m_awaited[];
   ulong             m_told[];
   int               m_nextTold;

   bool              IsAwaited(const bool isDeal, const ulong ticket) const
     {
      for(int at = 0; at < ArraySize(m_awaited); at++)
        {
         if(m_awaited[at].isDeal == isDeal && m_awaited[at].ticket == ticket)
            return true;
        }
      return false;
     }

   bool              IsTold(const ulong ticket) const
     {
      for(int at = 0; at < ArraySize(m_told); at++)
        {
         if(m_told[at] == ticket)
            return true;
        }
      return false;
     }

   void              Await(const bool isDeal, const bool isNew, const ulong ticket)
     {
      if(ticket == 0 || IsAwaited(isDeal, ticket) || (!isDeal && IsTold(ticket)))
         return;
      int count = ArraySize(m_awaited);
      ArrayResize(m_awaited, count + 1, 64);
      m_awaited[count].isDeal = isDeal;
      m_awaited[count].isNew = isNew;
      m_awaited[count].ticket = ticket;
      m_awaited[count].giveUpAtMs = GetTickCount64() + HISTORY_PATIENCE_MS;
     }

   //--- A market order may be over before it can be read: it is told to have come all the same.
   bool              TellEndedOrder(const ulong ticket, const bool isNew)
     {
      if(!HistoryOrderSelect(ticket))
         return false;
      SOrder order;
      ReadHistoryOrder(ticket, order);
      if(isNew)
         TellBegun(order);
      TellOrder("order-removed", order);
      m_told[m_nextTold] = ticket;
      m_nextTold = (m_nextTold + 1) % TOLD_ORDERS;
      return true;
     }

   void              TellBegun(const SOrder &order)
     {
      SOrder begun = order;
      begun.state = (long)ORDER_STATE_STARTED;
      begun.currentLots = order.initialLots;
      begun.doneAtMs = 0;
      TellOrder("order-added", begun);
     }

   void              TellOrder(const string what, const SOrder &order)
     {
      if(IsTellable(order))
         g_link.Send(OrderRow("trade" + TAB + what, order));
     }

   bool              TellDeal(const ulong ticket)
     {
      if(!HistoryDealSelect(ticket))
         return false;
      SDeal deal;
      ReadHistoryDeal(ticket, deal);
      if(IsExecution(deal))
         g_link.Send(DealRow("trade" + TAB + "deal", deal));
      return true;
     }

   //--- True when it need not be awaited any longer.
   bool              IsOver(const SAwaited &awaited)
     {
      if(awaited.isDeal ? TellDeal(awaited.ticket) : TellEndedOrder(awaited.ticket, awaited.isNew))
         return true;
      if(GetTickCount64() < awaited.giveUpAtMs)
         return false;
      TellLog("warn", (awaited.isDeal ? "deal " : "order ") + ULongText(awaited.ticket) + " is not in the history");
      return true;
     }

   void              TellAddedOrder(const ulong ticket)
     {
      SOrder order;
      if(ReadPendingOrder(ticket, order))
         TellOrder("order-added", order);
      else
         Await(false, true, ticket);
     }

   void              TellChangedOrder(const ulong ticket)
     {
      SOrder order;
      if(ReadPendingOrder(ticket, order))
         TellOrder("order-changed", order);
     }

public:
                     CTransactions()
     {
      ArrayResize(m_told, TOLD_ORDERS);
      ArrayInitialize(m_told, 0);
      m_nextTold = 0;
     }

   void              Reset()
     {
      ArrayResize(m_awaited, 0);
      ArrayInitialize(m_told, 0);
     }

   void              Take(const MqlTradeTransaction &transaction)
     {
      switch(transaction.type)
        {
         case TRADE_TRANSACTION_ORDER_ADD:
            TellAddedOrder(transaction.order);
            break;
         case TRADE_TRANSACTION_ORDER_UPDATE:
            TellChangedOrder(transaction.order);
            break;
         case TRADE_TRANSACTION_ORDER_DELETE:
         case TRADE_TRANSACTION_HISTORY_ADD:
            Await(false, false, transaction.order);
            break;
         case TRADE_TRANSACTION_DEAL_ADD:
            Await(true, true, transaction.deal);
            g_book.LookSoon();
            break;
         case TRADE_TRANSACTION_POSITION:
            g_book.LookSoon();
            break;
         default:
            break;
        }
     }

   //--- Tells what has reached the history meanwhile.
   void              TellAwaited()
     {
      int kept = 0;
      for(int at = 0; at < ArraySize(m_awaited); at++)
        {
         if(IsOver(m_awaited[at]))
            continue;
         m_awaited[kept] = m_awaited[at];
         kept++;
        }
      ArrayResize(m_awaited, kept, 64);
     }
  };

CTransactions g_transactions;

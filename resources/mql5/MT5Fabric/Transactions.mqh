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

   void              Await(const bool isDeal, const ulong ticket)
     {
      if(ticket == 0 || IsAwaited(isDeal, ticket) || (!isDeal && IsTold(ticket)))
         return;
      int count = ArraySize(m_awaited);
      ArrayResize(m_awaited, count + 1, 64);
      m_awaited[count].isDeal = isDeal;
      m_awaited[count].ticket = ticket;
      m_awaited[count].giveUpAtMs = GetTickCount64() + HISTORY_PATIENCE_MS;
     }

   bool              TellEndedOrder(const ulong ticket)
     {
      if(!HistoryOrderSelect(ticket))
         return false;
      SOrder order;
      ReadHistoryOrder(ticket, order);
      if(IsTellable(order))
         g_link.Send(OrderRow("trade" + TAB + "order-removed", order));
      m_told[m_nextTold] = ticket;
      m_nextTold = (m_nextTold + 1) % TOLD_ORDERS;
      return true;
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
      if(awaited.isDeal ? TellDeal(awaited.ticket) : TellEndedOrder(awaited.ticket))
         return true;
      if(GetTickCount64() < awaited.giveUpAtMs)
         return false;
      TellLog("warn", (awaited.isDeal ? "deal " : "order ") + ULongText(awaited.ticket) + " is not in the history");
      return true;
     }

   void              TellPendingOrder(const string what, const ulong ticket)
     {
      SOrder order;
      if(ReadPendingOrder(ticket, order) && IsTellable(order))
         g_link.Send(OrderRow("trade" + TAB + what, order));
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
            TellPendingOrder("order-added", transaction.order);
            break;
         case TRADE_TRANSACTION_ORDER_UPDATE:
            TellPendingOrder("order-changed", transaction.order);
            break;
         case TRADE_TRANSACTION_ORDER_DELETE:
         case TRADE_TRANSACTION_HISTORY_ADD:
            Await(false, transaction.order);
            break;
         case TRADE_TRANSACTION_DEAL_ADD:
            Await(true, transaction.deal);
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

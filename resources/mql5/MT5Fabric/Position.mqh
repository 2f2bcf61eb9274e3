//+------------------------------------------------------------------+
//| Position.mqh: an open position                                   |
//+------------------------------------------------------------------+

struct SPosition
  {
   ulong             ticket;
   ulong             identifier;
   string            symbol;
   bool              isBuy;
   double            volumeLots;
   double            openPrice;
   double            currentPrice;
   double            sl;
   double            tp;
   double            profit;
   double            swap;
   ulong             magic;
   string            comment;
   long              openedAtMs;
   long              updatedAtMs;
  };

//--- Reads the position that PositionGetTicket or PositionSelectByTicket has selected. Times are the server's.
void ReadSelectedPosition(SPosition &position)
  {
   position.ticket = (ulong)PositionGetInteger(POSITION_TICKET);
   position.identifier = (ulong)PositionGetInteger(POSITION_IDENTIFIER);
   position.symbol = PositionGetString(POSITION_SYMBOL);
   position.isBuy = PositionGetInteger(POSITION_TYPE) == (long)POSITION_TYPE_BUY;
   position.volumeLots = PositionGetDouble(POSITION_VOLUME);
   position.openPrice = PositionGetDouble(POSITION_PRICE_OPEN);
   position.currentPrice = PositionGetDouble(POSITION_PRICE_CURRENT);
   position.sl = PositionGetDouble(POSITION_SL);
   position.tp = PositionGetDouble(POSITION_TP);
   position.profit = PositionGetDouble(POSITION_PROFIT);
   position.swap = PositionGetDouble(POSITION_SWAP);
   position.magic = (ulong)PositionGetInteger(POSITION_MAGIC);
   position.comment = PositionGetString(POSITION_COMMENT);
   position.openedAtMs = PositionGetInteger(POSITION_TIME_MSC);
   position.updatedAtMs = PositionGetInteger(POSITION_TIME_UPDATE_MSC);
  }

bool ReadPosition(const ulong ticket, SPosition &position)
  {
   if(ticket == 0 || !PositionSelectByTicket(ticket))
      return false;
   ReadSelectedPosition(position);
   return true;
  }

//--- The ticket of a symbol's one position in a netting account; 0 for none.
ulong PositionOfSymbol(const string symbol)
  {
   for(int index = PositionsTotal() - 1; index >= 0; index--)
     {
      ulong ticket = PositionGetTicket(index);
      if(ticket != 0 && PositionGetString(POSITION_SYMBOL) == symbol)
         return ticket;
     }
   return 0;
  }

//--- The identifier itself where no position has it any more: then it is the last ticket that is known of it.
ulong TicketOfIdentifier(const ulong identifier)
  {
   for(int index = PositionsTotal() - 1; index >= 0; index--)
     {
      ulong ticket = PositionGetTicket(index);
      if(ticket != 0 && (ulong)PositionGetInteger(POSITION_IDENTIFIER) == identifier)
         return ticket;
     }
   return identifier;
  }

string PositionRow(const string kind, const SPosition &position)
  {
   CRow row(kind, DigitsOf(position.symbol));
   row.Ticket(position.ticket);
   row.Ticket(position.identifier);
   row.Text(position.symbol);
   row.Text(SideName(position.isBuy));
   row.Volume(position.volumeLots);
   row.Average(position.openPrice);
   row.Price(position.currentPrice);
   row.Price(position.sl);
   row.Price(position.tp);
   row.Money(position.profit);
   row.Money(position.swap);
   row.Ticket(position.magic);
   row.Text(position.comment);
   row.Time(position.openedAtMs);
   row.Time(position.updatedAtMs);
   return row.Line();
  }

//+------------------------------------------------------------------+
//| Book.mqh: tells when a position opens, changes or closes         |
//|                                                                  |
//| The terminal's list is compared with a copy, since transactions  |
//| can come before the list has changed, or not at all.             |
//+------------------------------------------------------------------+

const ulong BOOK_PERIOD_MS = 50;

class CBook
  {
private:
   SPosition         m_known[];
   bool              m_isThere[];
   ulong             m_lookAtMs;

   //--- The lists have nearly the same order, so that the search begins at the same place.
   int               Find(const ulong ticket, const int likely) const
     {
      int count = ArraySize(m_known);
      for(int step = 0; step < count; step++)
        {
         int at = (likely + step) % count;
         if(m_known[at].ticket == ticket)
            return at;
        }
      return -1;
     }

   //--- Price and profit change with every tick and are no change of the position.
   bool              IsChanged(const SPosition &was, const SPosition &now) const
     {
      return was.volumeLots != now.volumeLots || was.isBuy != now.isBuy || was.openPrice != now.openPrice
             || was.sl != now.sl || was.tp != now.tp || was.updatedAtMs != now.updatedAtMs;
     }

   void              Remember(const SPosition &position)
     {
      int count = ArraySize(m_known);
      ArrayResize(m_known, count + 1, 64);
      ArrayResize(m_isThere, count + 1, 64);
      m_known[count] = position;
      m_isThere[count] = true;
     }

   void              Compare(const SPosition &position, const int likely)
     {
      int place = Find(position.ticket, likely);
      if(place < 0)
        {
         Tell("position-opened", position);
         Remember(position);
         return;
        }
      if(IsChanged(m_known[place], position))
         Tell("position-changed", position);
      m_known[place] = position;
      m_isThere[place] = true;
     }

   void              CompareAll()
     {
      ArrayInitialize(m_isThere, false);
      int total = PositionsTotal();
      for(int index = 0; index < total; index++)
        {
         if(PositionGetTicket(index) == 0)
            continue;
         SPosition position;
         ReadSelectedPosition(position);
         Compare(position, index);
        }
     }

   //--- A closed position is told as it was last seen; its deal says what became of it.
   void              DropClosed()
     {
      int kept = 0;
      for(int at = 0; at < ArraySize(m_known); at++)
        {
         if(!m_isThere[at])
           {
            Tell("position-closed", m_known[at]);
            continue;
           }
         if(kept != at)
            m_known[kept] = m_known[at];
         kept++;
        }
      ArrayResize(m_known, kept, 64);
      ArrayResize(m_isThere, kept, 64);
     }

   void              Tell(const string what, const SPosition &position)
     {
      g_link.Send(PositionRow("trade" + TAB + what, position));
     }

public:
                     CBook()
     {
      m_lookAtMs = 0;
     }

   //--- Takes the positions as they are, without a word: a gateway that comes asks for them.
   void              Begin()
     {
      ArrayResize(m_known, 0);
      ArrayResize(m_isThere, 0);
      int total = PositionsTotal();
      for(int index = 0; index < total; index++)
        {
         if(PositionGetTicket(index) == 0)
            continue;
         SPosition position;
         ReadSelectedPosition(position);
         Remember(position);
        }
     }

   void              LookSoon()
     {
      m_lookAtMs = 0;
     }

   void              LookIfDue()
     {
      ulong now = GetTickCount64();
      //--- While the terminal is cut off its list may be empty: that is no news about positions.
      if(now < m_lookAtMs || TerminalInfoInteger(TERMINAL_CONNECTED) == 0)
         return;
      m_lookAtMs = now + BOOK_PERIOD_MS;
      CompareAll();
      DropClosed();
     }
  };

CBook g_book;

//+------------------------------------------------------------------+
//| TickStream.mqh: every tick of one symbol, once                   |
//+------------------------------------------------------------------+

//--- Most ticks of one symbol in a pass, so that a halt never waits behind a flood.
const int MOST_TICKS_A_PASS = 2048;
//--- The server's clock was set back when a tick is this much older than one before.
const long CLOCK_SET_BACK_MS = 60000;

//--- Where CopyTicks puts its ticks; one array for all streams.
MqlTick g_copiedTicks[];

bool IsSameTick(const MqlTick &one, const MqlTick &other)
  {
   return one.time_msc == other.time_msc && one.bid == other.bid && one.ask == other.ask && one.last == other.last
          && one.volume_real == other.volume_real;
  }

string TickFields(const MqlTick &tick, const int digits)
  {
   return DecimalText(tick.bid, digits) + TAB + DecimalText(tick.ask, digits) + TAB + DecimalText(tick.last, digits)
          + TAB + VolumeText(tick.volume_real) + TAB + LongText(ServerTimeToUtcMs(tick.time_msc))
          + TAB + LongText((long)tick.flags);
  }

class CTickStream
  {
private:
   string            m_symbol;
   string            m_head;
   int               m_digits;
   //--- Time of the last tick that was sent, and how many ticks of that millisecond have been.
   long              m_lastMs;
   int               m_countAtLastMs;
   //--- The symbol's last tick as SymbolInfoTick gave it, when all up to it had been sent.
   MqlTick           m_seen;
   bool              m_hasSeen;

   int               Copy(const int limit)
     {
      return CopyTicks(m_symbol, g_copiedTicks, COPY_TICKS_ALL, (ulong)m_lastMs, (uint)limit);
     }

   void              Send(const MqlTick &tick)
     {
      g_link.Send(m_head + TickFields(tick, m_digits));
      m_countAtLastMs = tick.time_msc == m_lastMs ? m_countAtLastMs + 1 : 1;
      m_lastMs = tick.time_msc;
     }

   //--- Sends what has come since the last tick. The copy begins with that tick's millisecond: those that were sent are
   //--- skipped. False when the terminal gives none, or when there may be more.
   bool              SendCopied(const MqlTick &newest)
     {
      int skip = m_countAtLastMs;
      int limit = MOST_TICKS_A_PASS + skip;
      int copied = Copy(limit);
      long skippedMs = m_lastMs;
      for(int at = 0; at < copied; at++)
        {
         bool isKnown = g_copiedTicks[at].time_msc < skippedMs || (g_copiedTicks[at].time_msc == skippedMs && skip > 0);
         if(!isKnown)
            Send(g_copiedTicks[at]);
         else
            if(g_copiedTicks[at].time_msc == skippedMs)
               skip--;
        }
      if(copied < 0)
         Send(newest);
      return copied < 0 || (copied > 0 && copied < limit && IsSameTick(g_copiedTicks[copied - 1], newest));
     }

   //--- The stream begins behind all ticks of this one's millisecond.
   void              BeginBehind(const MqlTick &tick)
     {
      m_seen = tick;
      m_hasSeen = true;
      m_lastMs = tick.time_msc;
      m_countAtLastMs = 0;
      int copied = Copy(MOST_TICKS_A_PASS);
      for(int at = 0; at < copied; at++)
        {
         if(g_copiedTicks[at].time_msc == m_lastMs)
            m_countAtLastMs++;
        }
      m_countAtLastMs = MathMax(m_countAtLastMs, 1);
     }

public:
                     CTickStream()
     {
      m_symbol = "";
      m_head = "";
      m_digits = 0;
      m_lastMs = 0;
      m_countAtLastMs = 0;
      m_hasSeen = false;
     }

   //--- Streams a symbol from now on: what its price is already is no news.
   void              Begin(const string symbol)
     {
      m_symbol = symbol;
      m_head = "tick" + TAB + EscapedText(symbol) + TAB;
      m_digits = DigitsOf(symbol);
      m_lastMs = 0;
      m_countAtLastMs = 0;
      m_hasSeen = false;
      MqlTick tick;
      if(ReadTick(symbol, tick))
         BeginBehind(tick);
     }

   void              End()
     {
      m_symbol = "";
     }

   void              Poll()
     {
      MqlTick tick;
      if(!ReadTick(m_symbol, tick) || (m_hasSeen && IsSameTick(tick, m_seen)))
         return;
      //--- The first price of a symbol that had none, or a server clock that was set back.
      bool isFresh = m_lastMs == 0 || tick.time_msc < m_lastMs - CLOCK_SET_BACK_MS;
      if(isFresh)
         Send(tick);
      //--- Looked at again in the next pass, until the copy has it.
      if(!isFresh && !SendCopied(tick))
         return;
      m_seen = tick;
      m_hasSeen = true;
     }

   bool              IsOn() const                      { return StringLen(m_symbol) > 0; }
   bool              IsOf(const string symbol) const   { return m_symbol == symbol; }
  };

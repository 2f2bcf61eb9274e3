//+------------------------------------------------------------------+
//| Ticks.mqh: the set of streamed symbols                           |
//+------------------------------------------------------------------+

class CTicks
  {
private:
   CTickStream       m_streams[];
   string            m_always[];
   //--- How many of the streams have ended: their places are used again.
   int               m_free;

   //--- A new set has nearly the order of the old one, so that each search begins behind the place of the one before: of
   //--- thousands of symbols a halt must not wait until each has been compared with all.
   int               Find(const string symbol, const int likely) const
     {
      int count = ArraySize(m_streams);
      for(int step = 0; step < count; step++)
        {
         int at = (likely + step) % count;
         if(m_streams[at].IsOf(symbol))
            return at;
        }
      return -1;
     }

   int               FindIn(const string &symbols[], const CTickStream &stream, const int likely) const
     {
      int count = ArraySize(symbols);
      for(int step = 0; step < count; step++)
        {
         int at = (likely + step) % count;
         if(stream.IsOf(symbols[at]))
            return at;
        }
      return -1;
     }

   //--- Its place. A symbol that the terminal does not have is left out: -1. One that is streamed already goes on as it is.
   int               Add(const string symbol, const int likely)
     {
      int place = Find(symbol, likely);
      if(place >= 0 || !IsKnownSymbol(symbol))
         return place;
      SymbolSelect(symbol, true);
      place = TakePlace(likely);
      m_streams[place].Begin(symbol);
      return place;
     }

   void              AddAll(const string &symbols[])
     {
      int likely = 0;
      for(int at = 0; at < ArraySize(symbols); at++)
        {
         int place = Add(symbols[at], likely);
         if(place >= 0)
            likely = place + 1;
        }
     }

   int               TakePlace(const int likely)
     {
      if(m_free > 0)
        {
         m_free--;
         return Find("", likely);
        }
      int place = ArraySize(m_streams);
      ArrayResize(m_streams, place + 1, 256);
      return place;
     }

   void              End(CTickStream &stream)
     {
      if(stream.IsOn())
         m_free++;
      stream.End();
     }

public:
                     CTicks()
     {
      m_free = 0;
     }

   //--- The symbols of the program's own input: comma separated.
   void              UseAlways(const string list)
     {
      ArrayResize(m_always, 0);
      int from = 0;
      while(from <= StringLen(list))
        {
         int end = StringFind(list, ",", from);
         if(end < 0)
            end = StringLen(list);
         string symbol = end > from ? StringSubstr(list, from, end - from) : "";
         StringTrimLeft(symbol);
         StringTrimRight(symbol);
         if(StringLen(symbol) > 0)
           {
            ArrayResize(m_always, ArraySize(m_always) + 1);
            m_always[ArraySize(m_always) - 1] = symbol;
           }
         from = end + 1;
        }
     }

   //--- Ends every stream: the next gateway says anew what it wants.
   void              Reset()
     {
      for(int at = 0; at < ArraySize(m_streams); at++)
         End(m_streams[at]);
      AddAll(m_always);
     }

   //--- Replaces the set of streamed symbols.
   void              Subscribe(const string &symbols[])
     {
      int likely = 0;
      for(int at = 0; at < ArraySize(m_streams); at++)
        {
         if(!m_streams[at].IsOn())
            continue;
         int place = FindIn(symbols, m_streams[at], likely);
         if(place >= 0)
            likely = place + 1;
         else
            if(FindIn(m_always, m_streams[at], 0) < 0)
               End(m_streams[at]);
        }
      AddAll(symbols);
     }

   void              Poll()
     {
      for(int at = 0; at < ArraySize(m_streams); at++)
        {
         if(m_streams[at].IsOn())
            m_streams[at].Poll();
        }
     }
  };

CTicks g_ticks;

//+------------------------------------------------------------------+
//| Ticks.mqh: the set of streamed symbols                           |
//+------------------------------------------------------------------+

class CTicks
  {
private:
   CTickStream       m_streams[];
   string            m_always[];

   int               Find(const string symbol) const
     {
      for(int at = 0; at < ArraySize(m_streams); at++)
        {
         if(m_streams[at].Symbol() == symbol)
            return at;
        }
      return -1;
     }

   //--- A symbol that the terminal does not have is left out. One that is streamed already goes on as it is.
   void              Add(const string symbol)
     {
      if(Find(symbol) >= 0 || !IsKnownSymbol(symbol))
         return;
      SymbolSelect(symbol, true);
      int place = Find("");
      if(place < 0)
        {
         place = ArraySize(m_streams);
         ArrayResize(m_streams, place + 1, 16);
        }
      m_streams[place].Begin(symbol);
     }

   bool              IsIn(const string symbol, const string &symbols[]) const
     {
      for(int at = 0; at < ArraySize(symbols); at++)
        {
         if(symbols[at] == symbol)
            return true;
        }
      return false;
     }

public:
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
         m_streams[at].End();
      for(int at = 0; at < ArraySize(m_always); at++)
         Add(m_always[at]);
     }

   //--- Replaces the set of streamed symbols.
   void              Subscribe(const string &symbols[])
     {
      for(int at = 0; at < ArraySize(m_streams); at++)
        {
         string symbol = m_streams[at].Symbol();
         if(!IsIn(symbol, symbols) && !IsIn(symbol, m_always))
            m_streams[at].End();
        }
      for(int at = 0; at < ArraySize(symbols); at++)
         Add(symbols[at]);
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

//+------------------------------------------------------------------+
//| Filling.mqh: how an order may be filled                          |
//+------------------------------------------------------------------+

void AddFilling(ENUM_ORDER_TYPE_FILLING &modes[], const ENUM_ORDER_TYPE_FILLING mode)
  {
   int count = ArraySize(modes);
   ArrayResize(modes, count + 1);
   modes[count] = mode;
  }

void AddFlaggedFillings(const string symbol, ENUM_ORDER_TYPE_FILLING &modes[])
  {
   long flags = SymbolInfoInteger(symbol, SYMBOL_FILLING_MODE);
   if((flags & SYMBOL_FILLING_FOK) != 0)
      AddFilling(modes, ORDER_FILLING_FOK);
   if((flags & SYMBOL_FILLING_IOC) != 0)
      AddFilling(modes, ORDER_FILLING_IOC);
  }

//--- The modes that a symbol takes, the best first. Market execution knows only what its flags say and never RETURN,
//--- exchange adds RETURN to the flags, instant and request take any, and a pending order stands as RETURN first.
void FillingModes(const string symbol, const bool isPending, ENUM_ORDER_TYPE_FILLING &modes[])
  {
   ArrayResize(modes, 0);
   if(isPending)
     {
      AddFilling(modes, ORDER_FILLING_RETURN);
      AddFlaggedFillings(symbol, modes);
      return;
     }
   switch((int)SymbolInfoInteger(symbol, SYMBOL_TRADE_EXEMODE))
     {
      case SYMBOL_TRADE_EXECUTION_REQUEST:
      case SYMBOL_TRADE_EXECUTION_INSTANT:
         AddFilling(modes, ORDER_FILLING_FOK);
         AddFilling(modes, ORDER_FILLING_IOC);
         AddFilling(modes, ORDER_FILLING_RETURN);
         break;
      case SYMBOL_TRADE_EXECUTION_EXCHANGE:
         AddFlaggedFillings(symbol, modes);
         AddFilling(modes, ORDER_FILLING_RETURN);
         break;
      default:
         AddFlaggedFillings(symbol, modes);
     }
   //--- A symbol without any flag: the broker has to say no itself.
   if(ArraySize(modes) == 0)
      AddFilling(modes, ORDER_FILLING_FOK);
  }

//--- The filling modes of one call: the best one, and after a refusal for the mode (10030) the next, once.
class CFillings
  {
private:
   ENUM_ORDER_TYPE_FILLING m_modes[];
   bool              m_hasRetried;

public:
                     CFillings()
     {
      m_hasRetried = false;
     }

   void              Take(const string symbol, const bool isPending, MqlTradeRequest &request)
     {
      FillingModes(symbol, isPending, m_modes);
      m_hasRetried = false;
      request.type_filling = m_modes[0];
     }

   bool              HasNext() const
     {
      return !m_hasRetried && ArraySize(m_modes) > 1;
     }

   void              UseNext(MqlTradeRequest &request)
     {
      m_hasRetried = true;
      request.type_filling = m_modes[1];
     }
  };

//+------------------------------------------------------------------+
//| Names.mqh: MetaTrader's enumerations by the names of the line    |
//| language, which are those of MQL5 without their prefixes         |
//+------------------------------------------------------------------+

string SideName(const bool isBuy)
  {
   return isBuy ? "BUY" : "SELL";
  }

string TradeModeName()
  {
   switch((int)AccountInfoInteger(ACCOUNT_TRADE_MODE))
     {
      case ACCOUNT_TRADE_MODE_DEMO:
         return "DEMO";
      case ACCOUNT_TRADE_MODE_CONTEST:
         return "CONTEST";
      default:
         return "REAL";
     }
  }

bool IsHedging()
  {
   return AccountInfoInteger(ACCOUNT_MARGIN_MODE) == (long)ACCOUNT_MARGIN_MODE_RETAIL_HEDGING;
  }

string MarginModeName()
  {
   return IsHedging() ? "HEDGING" : "NETTING";
  }

//--- A stop limit order is told as the stop that it still is; its type is not in the line language.
string OrderTypeName(const long type)
  {
   switch((int)type)
     {
      case ORDER_TYPE_BUY:
         return "BUY";
      case ORDER_TYPE_SELL:
         return "SELL";
      case ORDER_TYPE_BUY_LIMIT:
         return "BUY_LIMIT";
      case ORDER_TYPE_SELL_LIMIT:
         return "SELL_LIMIT";
      case ORDER_TYPE_BUY_STOP:
      case ORDER_TYPE_BUY_STOP_LIMIT:
         return "BUY_STOP";
      case ORDER_TYPE_SELL_STOP:
      case ORDER_TYPE_SELL_STOP_LIMIT:
         return "SELL_STOP";
      default:
         return "";
     }
  }

//--- An order whose change or removal is under way still stands.
string OrderStateName(const long state)
  {
   switch((int)state)
     {
      case ORDER_STATE_STARTED:
      case ORDER_STATE_REQUEST_ADD:
         return "STARTED";
      case ORDER_STATE_CANCELED:
         return "CANCELED";
      case ORDER_STATE_PARTIAL:
         return "PARTIAL";
      case ORDER_STATE_FILLED:
         return "FILLED";
      case ORDER_STATE_REJECTED:
         return "REJECTED";
      case ORDER_STATE_EXPIRED:
         return "EXPIRED";
      default:
         return "PLACED";
     }
  }

string FillingName(const long filling)
  {
   switch((int)filling)
     {
      case ORDER_FILLING_FOK:
         return "FOK";
      case ORDER_FILLING_IOC:
         return "IOC";
      case ORDER_FILLING_RETURN:
         return "RETURN";
      default:
         return "BOC";
     }
  }

string DealEntryName(const long entry)
  {
   switch((int)entry)
     {
      case DEAL_ENTRY_IN:
         return "IN";
      case DEAL_ENTRY_OUT:
         return "OUT";
      case DEAL_ENTRY_INOUT:
         return "INOUT";
      default:
         return "OUT_BY";
     }
  }

//--- Whoever traded by hand, on whichever device, is the client.
string DealReasonName(const long reason)
  {
   switch((int)reason)
     {
      case DEAL_REASON_EXPERT:
         return "EXPERT";
      case DEAL_REASON_SL:
         return "SL";
      case DEAL_REASON_TP:
         return "TP";
      case DEAL_REASON_SO:
         return "SO";
      default:
         return "CLIENT";
     }
  }

string ExecutionName(const long execution)
  {
   switch((int)execution)
     {
      case SYMBOL_TRADE_EXECUTION_REQUEST:
         return "REQUEST";
      case SYMBOL_TRADE_EXECUTION_INSTANT:
         return "INSTANT";
      case SYMBOL_TRADE_EXECUTION_MARKET:
         return "MARKET";
      default:
         return "EXCHANGE";
     }
  }

string SymbolTradeModeName(const long mode)
  {
   switch((int)mode)
     {
      case SYMBOL_TRADE_MODE_LONGONLY:
         return "LONGONLY";
      case SYMBOL_TRADE_MODE_SHORTONLY:
         return "SHORTONLY";
      case SYMBOL_TRADE_MODE_CLOSEONLY:
         return "CLOSEONLY";
      case SYMBOL_TRADE_MODE_FULL:
         return "FULL";
      default:
         return "DISABLED";
     }
  }

//--- Flags of SYMBOL_FILLING_MODE: 1 fill or kill, 2 immediate or cancel, 4 book or cancel.
string FillingFlagNames(const long flags)
  {
   string names = "";
   if((flags & SYMBOL_FILLING_FOK) != 0)
      names += ",FOK";
   if((flags & SYMBOL_FILLING_IOC) != 0)
      names += ",IOC";
   if((flags & SYMBOL_FILLING_BOC) != 0)
      names += ",BOC";
   return StringLen(names) == 0 ? "" : StringSubstr(names, 1);
  }

//--- False for a timeframe that the line language does not have.
bool ReadTimeframe(const string name, ENUM_TIMEFRAMES &timeframe)
  {
   timeframe = PERIOD_M1;
   if(name == "M1")
      return true;
   timeframe = PERIOD_M5;
   if(name == "M5")
      return true;
   timeframe = PERIOD_M15;
   if(name == "M15")
      return true;
   timeframe = PERIOD_M30;
   if(name == "M30")
      return true;
   timeframe = PERIOD_H1;
   if(name == "H1")
      return true;
   timeframe = PERIOD_H4;
   if(name == "H4")
      return true;
   timeframe = PERIOD_D1;
   return name == "D1";
  }

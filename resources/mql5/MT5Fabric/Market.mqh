//+------------------------------------------------------------------+
//| Market.mqh: symbols and their prices                             |
//+------------------------------------------------------------------+

//--- For the rows of a symbol that the broker no longer has.
const int UNKNOWN_DIGITS = 8;
//--- How long a symbol that was not in Market Watch has for its first price.
const ulong FIRST_PRICE_TIMEOUT_MS = 500;

bool IsKnownSymbol(const string symbol)
  {
   bool isCustom = false;
   return StringLen(symbol) > 0 && SymbolExist(symbol, isCustom);
  }

int DigitsOf(const string symbol)
  {
   return IsKnownSymbol(symbol) ? (int)SymbolInfoInteger(symbol, SYMBOL_DIGITS) : UNKNOWN_DIGITS;
  }

bool IsSelected(const string symbol)
  {
   return SymbolInfoInteger(symbol, SYMBOL_SELECT) != 0;
  }

//--- The last tick, true once there is one with a price.
bool ReadTick(const string symbol, MqlTick &tick)
  {
   return SymbolInfoTick(symbol, tick) && tick.time_msc > 0 && tick.bid + tick.ask + tick.last > 0.0;
  }

//--- Only symbols in Market Watch have prices. One that is put there now gets its first price a moment later.
void WatchSymbol(const string symbol)
  {
   if(IsSelected(symbol) || !SymbolSelect(symbol, true))
      return;
   MqlTick tick;
   ulong until = GetTickCount64() + FIRST_PRICE_TIMEOUT_MS;
   while(!ReadTick(symbol, tick) && GetTickCount64() < until && !IsStopped())
      Sleep(10);
  }

//--- How many points `to` lies above `from`, whole; negative when below.
long PointsBetween(const double from, const double to, const string symbol)
  {
   double point = SymbolInfoDouble(symbol, SYMBOL_POINT);
   return point > 0.0 ? (long)MathRound((to - from) / point) : 0;
  }

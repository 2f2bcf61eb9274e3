//+------------------------------------------------------------------+
//| Rows.mqh: account, symbols and candles as lines                  |
//+------------------------------------------------------------------+

string AccountRow()
  {
   CRow row("account", 0);
   row.Whole(AccountInfoInteger(ACCOUNT_LOGIN));
   row.Text(AccountInfoString(ACCOUNT_SERVER));
   row.Text(AccountInfoString(ACCOUNT_NAME));
   row.Text(AccountInfoString(ACCOUNT_COMPANY));
   row.Text(AccountInfoString(ACCOUNT_CURRENCY));
   row.Whole(AccountInfoInteger(ACCOUNT_LEVERAGE));
   row.Text(TradeModeName());
   row.Text(MarginModeName());
   row.Money(AccountInfoDouble(ACCOUNT_BALANCE));
   row.Money(AccountInfoDouble(ACCOUNT_CREDIT));
   row.Money(AccountInfoDouble(ACCOUNT_PROFIT));
   row.Money(AccountInfoDouble(ACCOUNT_EQUITY));
   row.Money(AccountInfoDouble(ACCOUNT_MARGIN));
   row.Money(AccountInfoDouble(ACCOUNT_MARGIN_FREE));
   row.Money(AccountInfoDouble(ACCOUNT_MARGIN_LEVEL));
   row.Money(AccountInfoDouble(ACCOUNT_MARGIN_SO_CALL));
   row.Money(AccountInfoDouble(ACCOUNT_MARGIN_SO_SO));
   row.Flag(AccountInfoInteger(ACCOUNT_TRADE_ALLOWED) != 0);
   row.Flag(AccountInfoInteger(ACCOUNT_TRADE_EXPERT) != 0);
   row.Whole(AccountInfoInteger(ACCOUNT_LIMIT_ORDERS));
   return row.Line();
  }

string SymbolRow(const string symbol)
  {
   CRow row("symbol", DigitsOf(symbol));
   row.Text(symbol);
   row.Text(SymbolInfoString(symbol, SYMBOL_DESCRIPTION));
   row.Whole(SymbolInfoInteger(symbol, SYMBOL_DIGITS));
   row.Average(SymbolInfoDouble(symbol, SYMBOL_POINT));
   row.Average(SymbolInfoDouble(symbol, SYMBOL_TRADE_TICK_SIZE));
   row.Exact(SymbolInfoDouble(symbol, SYMBOL_TRADE_TICK_VALUE));
   row.Exact(SymbolInfoDouble(symbol, SYMBOL_TRADE_CONTRACT_SIZE));
   row.Volume(SymbolInfoDouble(symbol, SYMBOL_VOLUME_MIN));
   row.Volume(SymbolInfoDouble(symbol, SYMBOL_VOLUME_MAX));
   row.Volume(SymbolInfoDouble(symbol, SYMBOL_VOLUME_STEP));
   row.Whole(SymbolInfoInteger(symbol, SYMBOL_TRADE_STOPS_LEVEL));
   row.Whole(SymbolInfoInteger(symbol, SYMBOL_TRADE_FREEZE_LEVEL));
   row.Text(SymbolInfoString(symbol, SYMBOL_CURRENCY_BASE));
   row.Text(SymbolInfoString(symbol, SYMBOL_CURRENCY_PROFIT));
   row.Text(SymbolInfoString(symbol, SYMBOL_CURRENCY_MARGIN));
   row.Text(ExecutionName(SymbolInfoInteger(symbol, SYMBOL_TRADE_EXEMODE)));
   row.Text(FillingFlagNames(SymbolInfoInteger(symbol, SYMBOL_FILLING_MODE)));
   row.Text(SymbolTradeModeName(SymbolInfoInteger(symbol, SYMBOL_TRADE_MODE)));
   row.Flag(SymbolInfoInteger(symbol, SYMBOL_VISIBLE) != 0);
   return row.Line();
  }

string CandleRow(const MqlRates &rate, const int digits)
  {
   CRow row("candle", digits);
   row.Time((long)rate.time * 1000);
   row.Price(rate.open);
   row.Price(rate.high);
   row.Price(rate.low);
   row.Price(rate.close);
   row.Whole(rate.tick_volume);
   row.Whole((long)rate.spread);
   row.Whole(rate.real_volume);
   return row.Line();
  }

// What the terminal's tests have done step by step: the account's name is a command, the answer a printed line.
input string InpGlobal = "";

int OnInit()
  {
   if(StringLen(InpGlobal) > 0)
      Print("global ", GlobalVariableCheck(InpGlobal) ? DoubleToString(GlobalVariableGet(InpGlobal), 0) : "none");
   EventSetMillisecondTimer(1);
   Print("ready");
   return(INIT_SUCCEEDED);
  }

void OnDeinit(const int reason)
  {
   Print("deinit ", reason);
  }

void OnTick()
  {
   Print("tick");
  }

void OnTradeTransaction(const MqlTradeTransaction &transaction, const MqlTradeRequest &request, const MqlTradeResult &result)
  {
   Print("transaction ", EnumToString(transaction.type), " ", (string)transaction.deal);
  }

// The account's name carries the next step, since a test can change it at any time.
string g_done = "Name";

void OnTimer()
  {
   string step = AccountInfoString(ACCOUNT_NAME);
   if(step == g_done)
      return;
   g_done = step;
   string words[];
   if(StringSplit(step, ':', words) < 2)
      return;
   Print(step, " = ", Answer(words[1]));
  }

string Answer(const string what)
  {
   ResetLastError();
   if(what == "send")
      return Send();
   if(what == "history")
      return History();
   if(what == "position")
      return Selected();
   if(what == "ticks")
      return Ticks();
   if(what == "symbols")
      return Symbols();
   if(what == "rates")
      return Rates();
   if(what == "files")
      return WriteFiles();
   if(what == "global")
      return(GlobalVariableSet("unflushed", 1) > 0 ? "set" : "failed");
   if(what == "flush")
     {
      GlobalVariableSet("flushed", 2);
      GlobalVariablesFlush();
      return "flushed";
     }
   if(StringFind(what, "pipe-") == 0)
      return Pipe(what);
   if(StringFind(what, "socket-") == 0)
      return Socket(what);
   if(what == "remove")
      ExpertRemove();
   if(what == "times")
      return(string)(TimeCurrent() - D'2026.01.31') + " " + (string)((TimeTradeServer() - TimeGMT()) / 60);
   return "removed";
  }

string Send()
  {
   MqlTradeRequest request = {};
   MqlTradeResult result = {};
   request.action = TRADE_ACTION_DEAL;
   request.symbol = "EURUSD";
   request.volume = 0.1;
   request.magic = 18446744073709551615;
   request.comment = "a\tb";
   bool sent = OrderSend(request, result);
   return StringFormat("%s %u %I64u %d positions %d", sent ? "true" : "false", result.retcode, result.deal, GetLastError(), PositionsTotal());
  }

string History()
  {
   int before = HistoryDealsTotal();
   HistorySelect(0, D'2100.01.01');
   string counts = StringFormat("%d then %d, price %.1f", before, HistoryDealsTotal(), HistoryDealGetDouble(9007199254740993, DEAL_PRICE));
   HistorySelect(0, 1);
   ResetLastError();
   double hidden = HistoryDealGetDouble(9007199254740993, DEAL_PRICE);
   counts += StringFormat(", outside %.1f error %d", hidden, GetLastError());
   bool found = HistoryDealSelect(9007199254740993);
   return counts + StringFormat(", selected %d %I64d", found ? HistoryDealsTotal() : -1, HistoryDealGetInteger(9007199254740993, DEAL_POSITION_ID));
  }

string Selected()
  {
   bool found = PositionSelectByTicket(7);
   int total = PositionsTotal();
   double before = PositionGetDouble(POSITION_PROFIT);
   Print("selected");
   Sleep(150);
   return StringFormat("%d %.1f then %.1f", found ? total : -1, before, PositionGetDouble(POSITION_PROFIT));
  }

string Ticks()
  {
   MqlTick ticks[];
   string all = "";
   int total = CopyTicks("EURUSD", ticks, COPY_TICKS_ALL, 2000, 0);
   all += StringFormat("%d", total);
   total = CopyTicks("EURUSD", ticks, COPY_TICKS_ALL, 0, 2);
   all += StringFormat(" %d %I64d", total, ticks[0].time_msc);
   total = CopyTicks("EURUSD", ticks, COPY_TICKS_TRADE, 1, 10);
   all += StringFormat(" %d %I64d", total, ticks[0].time_msc);
   total = CopyTicks("GBPUSD", ticks, COPY_TICKS_ALL, 0, 2);
   return all + StringFormat(" %d %d", total, GetLastError());
  }

string Symbols()
  {
   MqlTick tick;
   string all = SymbolInfoTick("GBPUSD", tick) ? "tick" : IntegerToString(GetLastError());
   all += SymbolSelect("GBPUSD", true) ? " selected" : " refused";
   all += SymbolInfoTick("GBPUSD", tick) ? " tick" : " " + IntegerToString(GetLastError());
   Print("waiting");
   Sleep(150);
   all += SymbolInfoTick("GBPUSD", tick) ? " " + DoubleToString(tick.bid, 1) : " none";
   all += SymbolSelect("NOSUCH", true) ? " selected" : " " + IntegerToString(GetLastError());
   return all + " " + IntegerToString(SymbolInfoInteger("EURUSD", SYMBOL_FILLING_MODE)) + " " + IntegerToString(SymbolsTotal(true));
  }

string Rates()
  {
   MqlRates rates[];
   int total = CopyRates("EURUSD", PERIOD_H1, 0, 2, rates);
   if(total < 0)
      return StringFormat("%d %d", total, GetLastError());
   return StringFormat("%d %.1f %I64d", total, rates[1].close, rates[1].tick_volume);
  }

string WriteFiles()
  {
   uchar bytes[];
   StringToCharArray("kept", bytes, 0, 4);
   int flushed = FileOpen("flushed", FILE_WRITE | FILE_BIN);
   FileWriteArray(flushed, bytes);
   FileFlush(flushed);
   int open = FileOpen("unflushed", FILE_WRITE | FILE_BIN);
   return IntegerToString((int)FileWriteArray(open, bytes));
  }

int g_pipe = INVALID_HANDLE;

string Pipe(const string what)
  {
   uchar bytes[];
   if(what == "pipe-open")
     {
      g_pipe = FileOpen("\\\\.\\pipe\\test", FILE_READ | FILE_WRITE | FILE_BIN);
      return g_pipe == INVALID_HANDLE ? "none " + IntegerToString(GetLastError()) : "open";
     }
   if(what == "pipe-size")
     {
      int size = (int)FileSize(g_pipe);
      return IntegerToString(size) + " " + IntegerToString(GetLastError());
     }
   if(what == "pipe-read")
     {
      uint total = FileReadArray(g_pipe, bytes, 0, (int)FileSize(g_pipe));
      return IntegerToString(total) + " " + CharArrayToString(bytes);
     }
   if(what == "pipe-block")
      return IntegerToString(FileReadArray(g_pipe, bytes, 0, 100));
   StringToCharArray("hello", bytes, 0, 5);
   uint written = FileWriteArray(g_pipe, bytes);
   if(what == "pipe-write")
      FileFlush(g_pipe);
   return IntegerToString(written) + " " + IntegerToString(GetLastError());
  }

int g_socket = INVALID_HANDLE;

string Socket(const string what)
  {
   uchar bytes[];
   string words[];
   StringSplit(what, '-', words);
   if(words[1] == "connect")
     {
      g_socket = SocketCreate();
      bool connected = SocketConnect(g_socket, "127.0.0.1", (uint)StringToInteger(words[2]), 500);
      return connected ? "connected" : IntegerToString(GetLastError());
     }
   if(words[1] == "read")
     {
      uint readable = SocketIsReadable(g_socket);
      int total = readable == 0 ? 0 : SocketRead(g_socket, bytes, readable, 10);
      return IntegerToString(total) + " " + CharArrayToString(bytes);
     }
   if(words[1] == "timeout")
     {
      int total = SocketRead(g_socket, bytes, 10, 20);
      return IntegerToString(total) + (SocketIsConnected(g_socket) ? " connected" : " gone");
     }
   if(words[1] == "close")
     {
      bool first = SocketClose(g_socket), second = SocketClose(g_socket);
      return (first ? "closed " : "refused ") + (second ? "closed " : "refused ") + IntegerToString(GetLastError());
     }
   int length = StringToCharArray("hello", bytes) - 1;
   int sent = SocketSend(g_socket, bytes, length);
   return IntegerToString(sent) + (SocketIsConnected(g_socket) ? " connected" : " gone");
  }

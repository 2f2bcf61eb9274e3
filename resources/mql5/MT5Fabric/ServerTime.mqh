//+------------------------------------------------------------------+
//| ServerTime.mqh: the broker's clock and UTC                       |
//+------------------------------------------------------------------+

//--- Time zones differ by quarters of an hour; what is left over is the error of this computer's clock.
const long OFFSET_GRID_S = 900;
//--- Before this the terminal has no time from its server yet: 2000-01-01.
const long FIRST_SERVER_TIME_S = 946684800;

//--- 3000-12-31 23:59:59.
const long LAST_TIME_S = 32535215999;

long g_utcOffsetS = 0;

//--- Called twice a second: the offset changes with daylight saving time.
void UpdateUtcOffset()
  {
   long serverS = (long)TimeTradeServer();
   if(serverS < FIRST_SERVER_TIME_S)
      return;
   double quarters = MathRound((double)(serverS - (long)TimeGMT()) / (double)OFFSET_GRID_S);
   g_utcOffsetS = (long)quarters * OFFSET_GRID_S;
  }

//--- 0 stays 0: it is no time.
long ServerTimeToUtcMs(const long serverMs)
  {
   return serverMs == 0 ? 0 : serverMs - g_utcOffsetS * 1000;
  }

//--- Within MQL5's calendar, 1970 to 3000, whatever is asked for.
datetime UtcMsToServerTime(const long utcMs)
  {
   long serverS = utcMs / 1000 + g_utcOffsetS;
   return (datetime)MathMin(MathMax(serverS, (long)0), LAST_TIME_S);
  }

long ServerNowMs()
  {
   return (long)TimeTradeServer() * 1000;
  }

//+------------------------------------------------------------------+
//| MT5FabricBridge: joins this terminal with the MT5 Fabric gateway |
//|                                                                  |
//| Attach it to one chart, of any symbol. It holds no strategy: it  |
//| carries out what the gateway asks, reports, and streams prices.  |
//+------------------------------------------------------------------+
#property copyright "MT5 Fabric"
#property version   "1.00"
#property description "Joins this terminal with the MT5 Fabric gateway. One chart is enough."

#define BRIDGE_VERSION "1.0.0"

input string InpPipe = "mt5-fabric";                           // Name of the gateway's pipe
input int    InpTcpPort = 5558;                                // TCP port where the pipe cannot be used (0: never)
input string InpTokenFile = "MT5Fabric\\token.txt";            // File with the token, in MQL5\Files
input string InpSymbols = "";                                  // Symbols that are always streamed (comma separated)
input int    InpSliceMs = 15;                                  // Length of one round of work, in milliseconds
input int    InpHistorySettleS = 10;                           // Seconds of connection until the history is complete
input string InpRecordFile = "MT5Fabric\\commands.txt";        // Record of commands, in MQL5\Files

#include "MT5Fabric/Text.mqh"
#include "MT5Fabric/ServerTime.mqh"
#include "MT5Fabric/Row.mqh"
#include "MT5Fabric/Fields.mqh"
#include "MT5Fabric/Names.mqh"
#include "MT5Fabric/Token.mqh"
#include "MT5Fabric/Market.mqh"
#include "MT5Fabric/Rows.mqh"
#include "MT5Fabric/Position.mqh"
#include "MT5Fabric/Order.mqh"
#include "MT5Fabric/Deal.mqh"
#include "MT5Fabric/Outcome.mqh"
#include "MT5Fabric/Latch.mqh"
#include "MT5Fabric/RecordFile.mqh"
#include "MT5Fabric/Record.mqh"
#include "MT5Fabric/Transport.mqh"
#include "MT5Fabric/Inbox.mqh"
#include "MT5Fabric/Outbox.mqh"
#include "MT5Fabric/Link.mqh"
#include "MT5Fabric/Account.mqh"
#include "MT5Fabric/State.mqh"
#include "MT5Fabric/TickStream.mqh"
#include "MT5Fabric/Ticks.mqh"
#include "MT5Fabric/Book.mqh"
#include "MT5Fabric/Transactions.mqh"
#include "MT5Fabric/Call.mqh"
#include "MT5Fabric/Filling.mqh"
#include "MT5Fabric/Rules.mqh"
#include "MT5Fabric/Gates.mqh"
#include "MT5Fabric/Orders.mqh"
#include "MT5Fabric/Trading.mqh"
#include "MT5Fabric/Queries.mqh"
#include "MT5Fabric/Find.mqh"
#include "MT5Fabric/Requests.mqh"
#include "MT5Fabric/Dispatch.mqh"

//--- MetaTrader rounds it up to what the computer can do, 10 to 16 ms.
const int TIMER_MS = 1;

int OnInit()
  {
   //--- After a change of account or inputs MetaTrader starts the program anew, but leaves its variables.
   g_account.Forget();
   g_ticks.UseAlways(InpSymbols);
   UpdateUtcOffset();
   if(!EventSetMillisecondTimer(TIMER_MS))
     {
      Print("MT5 Fabric: the timer cannot be set");
      return INIT_FAILED;
     }
   Print("MT5 Fabric: bridge " + BRIDGE_VERSION + " is running");
   return INIT_SUCCEEDED;
  }

void OnDeinit(const int reason)
  {
   EventKillTimer();
   g_link.Flush();
   CloseLink();
   g_record.Close();
  }

//--- A timer comes every 10 to 16 ms at best: each works through a slice of that time, looking again every millisecond.
void OnTimer()
  {
   ulong until = GetTickCount64() + (ulong)MathMax(InpSliceMs, 1);
   RunPass();
   while(GetTickCount64() < until && !IsStopped())
     {
      Sleep(1);
      RunPass();
     }
  }

void OnTick()
  {
   RunPass();
  }

void OnTradeTransaction(const MqlTradeTransaction &transaction, const MqlTradeRequest &request,
                        const MqlTradeResult &result)
  {
   if(g_link.IsUp())
      g_transactions.Take(transaction);
  }

//--- One round: read everything, carry out, tell what is new, write once.
void RunPass()
  {
   g_state.Watch();
   g_latch.Keep();
   if(g_account.IsReady())
      Serve();
   if(g_link.IsBroken())
      CloseLink();
  }

void Serve()
  {
   g_link.Maintain();
   ReceiveLines();
   g_link.CheckSilence();
   ExecuteRequests();
   if(g_link.IsUp())
      TellNews();
   g_link.Flush();
  }

void TellNews()
  {
   g_state.TellIfDue();
   g_transactions.TellAwaited();
   g_book.LookIfDue();
   g_ticks.Poll();
  }

//--- What had come before the connection broke is read once more: a halt in it counts, requests do not.
void CloseLink()
  {
   ReceiveLines();
   g_requests.Clear();
   g_link.Close();
  }

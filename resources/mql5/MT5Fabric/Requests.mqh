//+------------------------------------------------------------------+
//| Requests.mqh: takes the gateway's lines, halts at once, requests |
//| in their order                                                   |
//+------------------------------------------------------------------+

//--- A gateway that has more than this unanswered is not ours.
const int MOST_WAITING_REQUESTS = 20000;
const int SUBSCRIPTION_RESERVE = 1024;

class CRequests
  {
private:
   string            m_lines[];
   int               m_next;
   int               m_count;

public:
                     CRequests()
     {
      Clear();
     }

   void              Clear()
     {
      ArrayResize(m_lines, 0);
      m_next = 0;
      m_count = 0;
     }

   void              Add(const string line)
     {
      if(m_count - m_next >= MOST_WAITING_REQUESTS)
        {
         g_link.Break("the gateway sends more requests than it waits for");
         return;
        }
      ArrayResize(m_lines, m_count + 1, 256);
      m_lines[m_count] = line;
      m_count++;
     }

   bool              Next(string &line)
     {
      if(m_next == m_count)
        {
         Clear();
         return false;
        }
      line = m_lines[m_next];
      m_next++;
      return true;
     }
  };

CRequests g_requests;

const ulong COMPLAIN_EVERY_MS = 60000;
ulong g_complainedAtMs = 0;
int g_ignoredLines = 0;

//--- Reads all that has come: the latch and the set of symbols at once, requests into their queue.
void ReceiveLines()
  {
   g_link.Receive();
   string line = "";
   while(g_link.NextLine(line))
      TakeLine(line);
  }

void TakeLine(const string line)
  {
   if(g_link.IsGreeting())
     {
      g_link.Greet(line);
      if(g_link.IsUp())
         BeginSession();
      return;
     }
   string kind = FirstField(line);
   if(kind == "halt")
      TakeHalt(line);
   else
      if(kind == "resume")
         TakeResume(line);
      else
         if(kind == "subscribe")
            TakeSubscribe(line);
         else
            if(kind != "alive")
               g_requests.Add(line);
  }

string FirstField(const string line)
  {
   int end = StringFind(line, TAB, 0);
   if(end == 0)
      return "";
   return end < 0 ? line : StringSubstr(line, 0, end);
  }

//--- What the gateway needs to know at once, and what it begins anew.
void BeginSession()
  {
   g_state.TellNow();
   g_ticks.Reset();
   g_book.Begin();
   g_transactions.Reset();
  }

//--- Latches whatever else the line says: an epoch that cannot be read leaves the program's own.
void TakeHalt(const string line)
  {
   long epoch = 0;
   if(!ReadEpoch(line, epoch))
      epoch = g_latch.Epoch();
   g_latch.Halt(epoch);
   Acknowledge();
   Print("MT5 Fabric: halted at epoch " + LongText(g_latch.Epoch()));
  }

void TakeResume(const string line)
  {
   long epoch = 0;
   if(!ReadEpoch(line, epoch) || !g_latch.Resume(epoch))
     {
      TellLog("warn", "a resume at an epoch before " + LongText(g_latch.Epoch()) + " was refused");
      return;
     }
   Acknowledge();
   Print("MT5 Fabric: resumed at epoch " + LongText(epoch));
  }

bool ReadEpoch(const string line, long &epoch)
  {
   CFields fields(line);
   fields.Text();
   epoch = fields.Whole("epoch");
   return fields.IsGood() && epoch <= MAX_EPOCH;
  }

void Acknowledge()
  {
   g_link.Send("ack" + TAB + LongText(g_latch.Epoch()) + TAB + FlagText(g_latch.IsOn()));
  }

//--- Walks the line itself: a set may have far more symbols than any other line has fields.
void TakeSubscribe(const string line)
  {
   string symbols[];
   int from = 0;
   NextField(line, from);
   while(from >= 0)
     {
      string symbol = NextField(line, from);
      if(StringLen(symbol) == 0)
         continue;
      int count = ArraySize(symbols);
      ArrayResize(symbols, count + 1, SUBSCRIPTION_RESERVE);
      symbols[count] = symbol;
     }
   g_ticks.Subscribe(symbols);
  }

//--- Works off the queue. Before each request everything that has come is read, so that no halt waits behind one.
void ExecuteRequests()
  {
   string line = "";
   while(!IsStopped() && g_link.IsUp() && g_requests.Next(line))
     {
      ExecuteRequest(line);
      ReceiveLines();
     }
  }

//--- Once a minute: whoever sends nonsense must not fill the terminal's log.
void ComplainOfLine()
  {
   g_ignoredLines++;
   ulong now = GetTickCount64();
   if(g_complainedAtMs != 0 && now - g_complainedAtMs < COMPLAIN_EVERY_MS)
      return;
   g_complainedAtMs = now;
   TellLog("error", "lines that are neither request, halt nor subscription are ignored, " + IntegerToString(g_ignoredLines)
           + " so far");
  }

void ExecuteRequest(const string line)
  {
   CFields fields(line);
   string id = fields.Text();
   ulong number = 0;
   if(!ReadULong(id, number))
     {
      ComplainOfLine();
      return;
     }
   string kind = fields.Text();
   if(!IsQuery(id, kind, fields) && !IsCall(id, kind, fields))
      ReplyRefused(id, "UNKNOWN", "there is no request " + kind);
  }

//--- False when a field is not what it should be; then the gateway has been told which.
bool IsWellFormed(const string id, const CFields &fields)
  {
   if(fields.IsGood())
      return true;
   ReplyRefused(id, "MALFORMED", "the field " + fields.Fault() + " cannot be read");
   return false;
  }

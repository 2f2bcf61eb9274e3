//+------------------------------------------------------------------+
//| Link.mqh: the connection to the gateway: greeting, loss, return  |
//+------------------------------------------------------------------+

enum ENUM_LINK_STATE
  {
   LINK_DOWN,
   LINK_GREETING,
   LINK_UP
  };

const int LANGUAGE_VERSION = 1;
//--- How long the gateway has for its answer to the hello.
const ulong GREETING_TIMEOUT_MS = 5000;
//--- The gateway says something every second: so long without a word, and its end of a pipe may be dead.
const ulong SILENCE_TIMEOUT_MS = 5000;
const ulong FIRST_RETRY_MS = 250;
const ulong LAST_RETRY_MS = 2000;
//--- Most bytes that are read at once: what comes faster than it can be worked off waits at the gateway.
const int MOST_BYTES_A_READ = 1048576;

class CLink
  {
private:
   CTransport        m_transport;
   CInbox            m_inbox;
   COutbox           m_outbox;
   uchar             m_chunk[];
   ENUM_LINK_STATE   m_state;
   bool              m_isBroken;
   bool              m_hasHeard;
   bool              m_isPipeMute;
   ulong             m_retryAtMs;
   ulong             m_retryMs;
   ulong             m_helloAtMs;
   ulong             m_heardAtMs;
   string            m_lastNotice;

   //--- Into the terminal's log, but not the same line again at each attempt.
   void              Notice(const string text)
     {
      if(text == m_lastNotice)
         return;
      m_lastNotice = text;
      Print("MT5 Fabric: " + text);
     }

   string            TransportText()
     {
      if(m_transport.Kind() == TRANSPORT_PIPE)
         return "pipe " + InpPipe;
      return "TCP 127.0.0.1:" + IntegerToString(InpTcpPort);
     }

   //--- The pipe first, unless it has been open and mute: then TCP, and the pipe where that fails.
   bool              Open()
     {
      if(m_isPipeMute && OpenTcp())
         return true;
      m_isPipeMute = false;
      return m_transport.OpenPipe(InpPipe) || OpenTcp();
     }

   bool              OpenTcp()
     {
      if(InpTcpPort <= 0)
         return false;
      return m_transport.OpenTcp(InpTcpPort);
     }

   string            NobodyText()
     {
      string error = " (error " + IntegerToString(m_transport.Error()) + ")";
      if(InpTcpPort <= 0)
         return "no gateway at pipe " + InpPipe + error + ". Is it running?";
      return "no gateway at pipe " + InpPipe + ", nor at TCP 127.0.0.1:" + IntegerToString(InpTcpPort) + error
             + ". Is it running? For TCP, 127.0.0.1 has to be in the list at Tools > Options > Expert Advisors >"
             + " Allow WebRequest for listed URL";
     }

   void              Connect()
     {
      ScheduleRetry();
      if(!Open())
        {
         Notice(NobodyText());
         return;
        }
      m_inbox.Clear();
      m_outbox.Clear();
      m_isBroken = false;
      m_hasHeard = false;
      m_state = LINK_GREETING;
      m_helloAtMs = GetTickCount64();
      m_outbox.Add(HelloLine());
     }

   void              ScheduleRetry()
     {
      m_retryAtMs = GetTickCount64() + m_retryMs;
      m_retryMs = MathMin(m_retryMs * 2, LAST_RETRY_MS);
     }

   void              CheckGreeting()
     {
      if(GetTickCount64() - m_helloAtMs < GREETING_TIMEOUT_MS)
         return;
      Break("no answer to the hello through " + TransportText());
     }

   //--- A pipe that can be opened but not read (Wine), or not written: TCP at once.
   void              TryTcpNext()
     {
      m_isPipeMute = InpTcpPort > 0;
      if(m_isPipeMute)
         m_retryAtMs = 0;
     }

   string            HelloLine()
     {
      CRow hello("hello", 0);
      hello.Whole(LANGUAGE_VERSION);
      hello.Text(ReadToken());
      hello.Text(BRIDGE_VERSION);
      hello.Text(g_record.Instance());
      hello.Whole(AccountInfoInteger(ACCOUNT_LOGIN));
      hello.Text(AccountInfoString(ACCOUNT_SERVER));
      hello.Text(TradeModeName());
      hello.Text(MarginModeName());
      return hello.Line();
     }

   void              Welcome(CFields &fields)
     {
      long version = fields.Whole("version");
      string gatewayVersion = fields.Text();
      if(!fields.IsGood() || version != LANGUAGE_VERSION)
        {
         Break("the gateway (" + gatewayVersion + ") speaks version " + LongText(version) + ", this program ("
               + BRIDGE_VERSION + ") version " + IntegerToString(LANGUAGE_VERSION) + ": install the one of the same release");
         return;
        }
      m_state = LINK_UP;
      m_retryMs = FIRST_RETRY_MS;
      Notice("linked to gateway " + gatewayVersion + " through " + TransportText());
     }

public:
                     CLink()
     {
      m_state = LINK_DOWN;
      m_isBroken = false;
      m_hasHeard = false;
      m_isPipeMute = false;
      m_retryAtMs = 0;
      m_retryMs = FIRST_RETRY_MS;
      m_helloAtMs = 0;
      m_heardAtMs = 0;
      m_lastNotice = "";
     }

   //--- Connects when it is time to, and gives up a gateway that does not answer the hello.
   void              Maintain()
     {
      if(m_state == LINK_DOWN && GetTickCount64() >= m_retryAtMs)
         Connect();
      if(m_state == LINK_GREETING)
         CheckGreeting();
     }

   //--- Takes in all that has come.
   void              Receive()
     {
      int total = 0;
      while(m_state != LINK_DOWN && total < MOST_BYTES_A_READ)
        {
         int count = m_transport.Read(m_chunk);
         if(count < 0)
            Break("the gateway closed the connection");
         if(count <= 0)
            return;
         m_hasHeard = true;
         m_heardAtMs = GetTickCount64();
         m_inbox.Add(m_chunk, count);
         total += count;
        }
     }

   //--- To be asked right after reading: while the broker works nothing is read, and that is no silence.
   void              CheckSilence()
     {
      if(IsUp() && GetTickCount64() - m_heardAtMs > SILENCE_TIMEOUT_MS)
         Break("the gateway has been silent for 5 s");
     }

   bool              NextLine(string &line)
     {
      if(m_inbox.Next(line))
         return true;
      if(m_inbox.IsTooLong())
         Break("the gateway sent a line of more than " + IntegerToString(MAX_LINE_BYTES) + " bytes");
      return false;
     }

   //--- Takes the gateway's answer to the hello.
   void              Greet(const string line)
     {
      CFields fields(line);
      string kind = fields.Text();
      if(kind == "welcome")
        {
         Welcome(fields);
         return;
        }
      string code = fields.Text();
      Break(kind == "refused" ? "the gateway refused this terminal: " + code + ", " + fields.Text()
            : "the gateway's first line is neither welcome nor refused");
     }

   //--- A line for the gateway. It leaves with the pass, sooner when much has gathered.
   void              Send(const string line)
     {
      if(!IsUp())
         return;
      m_outbox.Add(line);
      if(m_outbox.IsFull())
         Flush();
     }

   void              Flush()
     {
      if(m_state != LINK_DOWN && !m_isBroken && !m_outbox.Flush(m_transport))
         Break("the connection through " + TransportText() + " broke");
     }

   //--- Marks the connection as lost; the pass takes what has still come before it closes it.
   void              Break(const string reason)
     {
      if(m_isBroken || m_state == LINK_DOWN)
         return;
      m_isBroken = true;
      if(m_transport.Kind() == TRANSPORT_PIPE && !m_hasHeard)
         TryTcpNext();
      Notice(reason);
     }

   void              Close()
     {
      m_transport.Close();
      m_inbox.Clear();
      m_outbox.Clear();
      m_state = LINK_DOWN;
      m_isBroken = false;
     }

   bool              IsUp() const       { return m_state == LINK_UP && !m_isBroken; }
   bool              IsGreeting() const { return m_state == LINK_GREETING; }
   bool              IsBroken() const   { return m_isBroken; }
  };

CLink g_link;

//--- Into the terminal's log and the gateway's.
void TellLog(const string level, const string text)
  {
   Print("MT5 Fabric: " + text);
   g_link.Send("log" + TAB + level + TAB + EscapedText(text));
  }

//+------------------------------------------------------------------+
//| Record.mqh: which trading commands were begun, and how they      |
//| ended, so that a repeat is answered and never carried out        |
//|                                                                  |
//| First line:  MT5FabricRecord  version  instance                  |
//| then:        BEGUN  command  comment                             |
//|              ENDED  command  retcode  order  deal  position      |
//|                     volume  price  bid  ask  digits  text        |
//+------------------------------------------------------------------+

const string RECORD_KIND = "MT5FabricRecord";
const int RECORD_VERSION = 1;
const int KEPT_COMMANDS = 10000;
const int RECORD_BUCKETS = 16384;

struct SRecorded
  {
   string            command;
   string            comment;
   bool              isEnded;
   int               nextInBucket;
   SOutcome          outcome;
  };

class CRecord
  {
private:
   CRecordFile       m_file;
   string            m_instance;
   SRecorded         m_kept[];
   int               m_buckets[];
   int               m_count;
   int               m_oldest;
   int               m_inFile;

   //--- FNV-1a.
   int               BucketOf(const string command) const
     {
      uint hash = (uint)2166136261;
      int length = StringLen(command);
      for(int at = 0; at < length; at++)
         hash = (hash ^ (uint)StringGetCharacter(command, at)) * 16777619;
      return (int)(hash % (uint)RECORD_BUCKETS);
     }

   void              Empty()
     {
      ArrayResize(m_kept, KEPT_COMMANDS);
      ArrayResize(m_buckets, RECORD_BUCKETS);
      ArrayInitialize(m_buckets, -1);
      m_count = 0;
      m_oldest = 0;
      m_inFile = 0;
     }

   //--- A place for one more command; the oldest makes room for it.
   int               TakePlace()
     {
      if(m_count < KEPT_COMMANDS)
        {
         m_count++;
         return m_count - 1;
        }
      int place = m_oldest;
      RemoveFromBucket(place);
      m_oldest = (m_oldest + 1) % KEPT_COMMANDS;
      return place;
     }

   void              RemoveFromBucket(const int place)
     {
      int bucket = BucketOf(m_kept[place].command);
      int after = m_kept[place].nextInBucket;
      if(m_buckets[bucket] == place)
        {
         m_buckets[bucket] = after;
         return;
        }
      int before = m_buckets[bucket];
      while(m_kept[before].nextInBucket != place)
         before = m_kept[before].nextInBucket;
      m_kept[before].nextInBucket = after;
     }

   void              Keep(const string command, const string comment)
     {
      int place = TakePlace();
      int bucket = BucketOf(command);
      m_kept[place].command = command;
      m_kept[place].comment = comment;
      m_kept[place].isEnded = false;
      m_kept[place].nextInBucket = m_buckets[bucket];
      ClearOutcome(m_kept[place].outcome);
      m_buckets[bucket] = place;
     }

   void              KeepEnd(const int place, const SOutcome &outcome)
     {
      m_kept[place].outcome = outcome;
      m_kept[place].isEnded = true;
     }

   string            FirstLine() const
     {
      return RECORD_KIND + TAB + IntegerToString(RECORD_VERSION) + TAB + m_instance;
     }

   string            BegunLine(const string command, const string comment) const
     {
      return "BEGUN" + TAB + EscapedText(command) + TAB + EscapedText(comment);
     }

   string            EndedLine(const string command, const SOutcome &outcome) const
     {
      CRow row("ENDED", AVERAGE_DIGITS);
      row.Text(command);
      row.Whole((long)outcome.retcode);
      row.Ticket(outcome.order);
      row.Ticket(outcome.deal);
      row.Ticket(outcome.position);
      row.Volume(outcome.volumeLots);
      row.Price(outcome.price);
      row.Price(outcome.bid);
      row.Price(outcome.ask);
      row.Whole((long)outcome.digits);
      row.Text(outcome.text);
      return row.Line();
     }

   //--- False when it is no line of a record.
   bool              TakeLine(const string line)
     {
      CFields fields(line);
      string kind = fields.Text();
      string command = fields.Name("command");
      if(kind == "BEGUN" && fields.IsGood())
        {
         if(Find(command) < 0)
            Keep(command, fields.Text());
         m_inFile++;
         return true;
        }
      return kind == "ENDED" && TakeEnd(command, fields);
     }

   bool              TakeEnd(const string command, CFields &fields)
     {
      SOutcome outcome;
      outcome.retcode = (uint)fields.Whole("retcode");
      outcome.order = fields.ULong("order");
      outcome.deal = fields.ULong("deal");
      outcome.position = fields.ULong("position");
      outcome.volumeLots = fields.Decimal("volume");
      outcome.price = fields.Decimal("price");
      outcome.bid = fields.Decimal("bid");
      outcome.ask = fields.Decimal("ask");
      outcome.digits = (int)fields.Whole("digits");
      outcome.text = fields.Text();
      int place = Find(command);
      if(!fields.IsGood())
         return false;
      if(place >= 0)
         KeepEnd(place, outcome);
      return true;
     }

   //--- Takes the file's lines; false when it is none of ours.
   bool              TakeText(const string text, int &damaged)
     {
      int end = StringFind(text, "\n", 0);
      if(end < 0 || !TakeFirstLine(StringSubstr(text, 0, end)))
         return false;
      int from = end + 1;
      for(end = StringFind(text, "\n", from); end >= 0; end = StringFind(text, "\n", from))
        {
         if(end == from || !TakeLine(StringSubstr(text, from, end - from)))
            damaged++;
         from = end + 1;
        }
      return true;
     }

   bool              TakeFirstLine(const string line)
     {
      CFields fields(line);
      bool isRecord = fields.Text() == RECORD_KIND && fields.Whole("version") == RECORD_VERSION;
      m_instance = fields.Name("instance");
      return isRecord && fields.IsGood() && StringLen(m_instance) == 16;
     }

   bool              LoadFile()
     {
      string text = "";
      bool isTorn = false;
      int damaged = 0;
      if(!m_file.Load(text, isTorn))
         return false;
      if(!TakeText(text, damaged))
        {
         Print("MT5 Fabric: the record of commands cannot be read; it is kept as *.damaged and a new one begins");
         return m_file.MoveAside() && BeginFile();
        }
      if(damaged > 0)
         Print("MT5 Fabric: " + IntegerToString(damaged) + " damaged lines of the record of commands are dropped");
      return damaged > 0 || isTorn ? Compact() : MayCompact();
     }

   bool              BeginFile()
     {
      Empty();
      m_instance = NewInstance();
      return m_file.Replace(FirstLine() + "\n");
     }

   bool              MayCompact()
     {
      if(m_inFile >= 2 * KEPT_COMMANDS && !Compact())
         return m_file.Reopen();
      return true;
     }

   //--- Writes the kept commands to a new file, which then takes the place of the old one.
   bool              Compact()
     {
      string text = FirstLine() + "\n";
      for(int step = 0; step < m_count; step++)
        {
         int place = (m_oldest + step) % m_count;
         text += BegunLine(m_kept[place].command, m_kept[place].comment) + "\n";
         if(m_kept[place].isEnded)
            text += EndedLine(m_kept[place].command, m_kept[place].outcome) + "\n";
        }
      m_inFile = m_count;
      return m_file.Replace(text);
     }

public:
   //--- The record of one account, as it was left; false when there is none and none can be made.
   bool              Open(const string path)
     {
      Empty();
      m_instance = "";
      m_file.UsePath(path);
      bool isOpen = m_file.Exists() ? LoadFile() : BeginFile();
      if(!isOpen)
         m_file.Close();
      return isOpen;
     }

   void              Close()
     {
      m_file.Close();
     }

   //--- Where a command is kept; -1 when it is not.
   int               Find(const string command) const
     {
      int place = m_buckets[BucketOf(command)];
      while(place >= 0 && m_kept[place].command != command)
         place = m_kept[place].nextInBucket;
      return place;
     }

   //--- Notes that a command begins; false when that cannot be written, and then it must not begin.
   bool              Begin(const string command, const string comment)
     {
      if(!m_file.IsOpen() && !Compact())
         return false;
      if(!m_file.AddLine(BegunLine(command, comment)))
         return false;
      Keep(command, comment);
      m_inFile++;
      return true;
     }

   //--- Notes how a command ended. Where that cannot be written, memory knows it, and the file says BEGUN.
   void              End(const string command, const SOutcome &outcome)
     {
      int place = Find(command);
      if(place >= 0)
         KeepEnd(place, outcome);
      if(!m_file.AddLine(EndedLine(command, outcome)))
         Print("MT5 Fabric: the end of command " + command + " cannot be written to the record");
      else
         MayCompact();
     }

   //--- The place of the n-th kept command, oldest first.
   int               PlaceAt(const int index) const            { return (m_oldest + index) % m_count; }
   int               Count() const                             { return m_count; }
   string            Instance() const                          { return m_instance; }
   bool              IsEnded(const int place) const            { return m_kept[place].isEnded; }
   string            CommandAt(const int place) const          { return m_kept[place].command; }
   string            CommentAt(const int place) const          { return m_kept[place].comment; }
   void              CopyOutcome(const int place, SOutcome &to) const { to = m_kept[place].outcome; }
  };

CRecord g_record;

//--- 16 hex digits. MQL5 has no random source worth the name; time, uptime and account together do not come twice.
string NewInstance()
  {
   ulong mix = GetMicrosecondCount() ^ ((ulong)TimeLocal() << 32) ^ (GetTickCount64() << 13)
               ^ (ulong)AccountInfoInteger(ACCOUNT_LOGIN);
   MathSrand((int)GetTickCount64());
   for(int round = 0; round < 8; round++)
     {
      mix = (mix ^ (mix >> 30)) * 0xBF58476D1CE4E5B9 + (ulong)MathRand();
      mix = (mix ^ (mix >> 27)) * 0x94D049BB133111EB + GetMicrosecondCount();
     }
   return StringFormat("%016I64x", mix ^ (mix >> 31));
  }

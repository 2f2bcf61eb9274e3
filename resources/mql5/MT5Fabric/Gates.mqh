//+------------------------------------------------------------------+
//| Gates.mqh: what stands before every trading call, in this order: |
//| repeat, epoch, latch, age. The last gate before the broker       |
//+------------------------------------------------------------------+

//--- Whether a call may add risk: only these are refused while latched.
bool IsEntry(const SCall &call)
  {
   return call.kind == CALL_SEND || call.kind == CALL_CHANGE;
  }

//--- Why epoch or latch refuse a call; empty when they do not.
string FenceText(const SCall &call)
  {
   if(call.epoch < g_latch.Epoch())
      return "epoch " + LongText(call.epoch) + " is older than the terminal's " + LongText(g_latch.Epoch());
   if(g_latch.IsOn() && IsEntry(call))
      return "the terminal is halted at epoch " + LongText(g_latch.Epoch());
   return "";
  }

string AgeText(const SCall &call)
  {
   ulong now = GetTickCount64();
   if(now <= call.validUntilMs)
      return "";
   return "it was valid until " + ULongText(call.validUntilMs) + ", and it is " + ULongText(now);
  }

bool IsStillAllowed(const SCall &call)
  {
   return StringLen(FenceText(call)) == 0 && StringLen(AgeText(call)) == 0;
  }

//--- False when a gate is closed; then the gateway has been told which.
bool PassesGates(const string id, const SCall &call)
  {
   string fence = FenceText(call);
   if(StringLen(fence) > 0)
     {
      Reply(id, "fenced", fence);
      return false;
     }
   string age = AgeText(call);
   if(StringLen(age) > 0)
     {
      Reply(id, "expired", age);
      return false;
     }
   return true;
  }

//--- True for a command that is in the record: it is answered from there and never carried out again.
bool IsAnsweredFromRecord(const string id, const SCall &call)
  {
   int place = g_record.Find(call.command);
   if(place < 0)
      return false;
   if(!g_record.IsEnded(place))
     {
      Reply(id, "unknown", "it was begun, and the program ended before the answer came");
      return true;
     }
   SOutcome outcome;
   g_record.CopyOutcome(place, outcome);
   g_link.Send(DoneLine(id, outcome));
   return true;
  }

void Reply(const string id, const string end, const string message)
  {
   g_link.Send(id + TAB + end + TAB + EscapedText(message));
  }

void ReplyRefused(const string id, const string code, const string message)
  {
   g_link.Send(id + TAB + "refused" + TAB + code + TAB + EscapedText(message));
  }

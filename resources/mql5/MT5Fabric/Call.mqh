//+------------------------------------------------------------------+
//| Call.mqh: a trading call as the gateway asks for it              |
//+------------------------------------------------------------------+

enum ENUM_CALL
  {
   CALL_CHECK,
   CALL_SEND,
   CALL_CLOSE,
   CALL_MODIFY,
   CALL_CHANGE,
   CALL_REMOVE
  };

enum ENUM_ENTRY
  {
   ENTRY_MARKET,
   ENTRY_LIMIT,
   ENTRY_STOP
  };

const int MAX_COMMAND_LENGTH = 256;
//--- Where a double is no longer exact, the terminal could not keep an epoch.
const long MAX_EPOCH = 9007199254740991;

struct SCall
  {
   ENUM_CALL         kind;
   string            command;
   long              epoch;
   ulong             validUntilMs;
   ulong             ticket;
   string            symbol;
   bool              isBuy;
   ENUM_ENTRY        entry;
   double            volumeLots;
   double            price;
   double            sl;
   double            tp;
   ulong             deviationPoints;
   ulong             magic;
   string            comment;
   long              expirationMs;
  };

void ClearCall(SCall &call, const ENUM_CALL kind)
  {
   call.kind = kind;
   call.command = "";
   call.epoch = 0;
   call.validUntilMs = 0;
   call.ticket = 0;
   call.symbol = "";
   call.isBuy = false;
   call.entry = ENTRY_MARKET;
   call.volumeLots = 0.0;
   call.price = 0.0;
   call.sl = 0.0;
   call.tp = 0.0;
   call.deviationPoints = 0;
   call.magic = 0;
   call.comment = "";
   call.expirationMs = 0;
  }

//--- The three fields in front of every call that trades.
void ReadFence(CFields &fields, SCall &call)
  {
   call.command = fields.Name("command");
   if(StringLen(call.command) > MAX_COMMAND_LENGTH)
      fields.Refuse("command");
   call.epoch = fields.Whole("epoch");
   call.validUntilMs = fields.ULong("valid until");
  }

void ReadNewOrder(CFields &fields, SCall &call)
  {
   call.symbol = fields.Name("symbol");
   call.isBuy = ReadIsBuy(fields);
   call.entry = ReadEntry(fields);
   call.volumeLots = fields.Decimal("volume");
   call.price = fields.Decimal("price");
   call.sl = fields.Decimal("sl");
   call.tp = fields.Decimal("tp");
   call.deviationPoints = fields.ULong("deviation");
   call.magic = fields.ULong("magic");
   call.comment = fields.Text();
   call.expirationMs = fields.Whole("expiration");
  }

void ReadClose(CFields &fields, SCall &call)
  {
   call.ticket = fields.ULong("ticket");
   call.symbol = fields.Name("symbol");
   call.volumeLots = fields.Decimal("volume");
   call.deviationPoints = fields.ULong("deviation");
   call.magic = fields.ULong("magic");
   call.comment = fields.Text();
  }

void ReadModify(CFields &fields, SCall &call)
  {
   call.ticket = fields.ULong("ticket");
   call.sl = fields.Decimal("sl");
   call.tp = fields.Decimal("tp");
  }

void ReadChange(CFields &fields, SCall &call)
  {
   call.ticket = fields.ULong("ticket");
   call.price = fields.Decimal("price");
   call.sl = fields.Decimal("sl");
   call.tp = fields.Decimal("tp");
   call.expirationMs = fields.Whole("expiration");
  }

//--- Anything but BUY and SELL is a fault: a word that is not understood must not become a side.
bool ReadIsBuy(CFields &fields)
  {
   string side = fields.Text();
   if(side != "BUY" && side != "SELL")
      fields.Refuse("side");
   return side == "BUY";
  }

ENUM_ENTRY ReadEntry(CFields &fields)
  {
   string type = fields.Text();
   if(type == "LIMIT")
      return ENTRY_LIMIT;
   if(type == "STOP")
      return ENTRY_STOP;
   if(type != "MARKET")
      fields.Refuse("type");
   return ENTRY_MARKET;
  }

//+------------------------------------------------------------------+
//| Text.mqh: the form in which every number and text leaves         |
//+------------------------------------------------------------------+

const string TAB = "\t";
const int AVERAGE_DIGITS = 10;
const int VOLUME_DIGITS = 8;

//--- A text as a field: a tab or a line end in it would end the field or the line.
string EscapedText(const string text)
  {
   string field = text;
   StringReplace(field, "\\", "\\\\");
   StringReplace(field, "\t", "\\t");
   StringReplace(field, "\n", "\\n");
   StringReplace(field, "\r", "\\r");
   return field;
  }

//--- The text that a field stands for.
string UnescapedText(const string field)
  {
   if(StringFind(field, "\\", 0) < 0)
      return field;
   string text = "";
   int length = StringLen(field);
   for(int at = 0; at < length; at++)
     {
      ushort character = StringGetCharacter(field, at);
      if(character != '\\' || at + 1 == length)
        {
         text += ShortToString(character);
         continue;
        }
      at++;
      text += UnescapedCharacter(StringGetCharacter(field, at));
     }
   return text;
  }

string UnescapedCharacter(const ushort character)
  {
   switch(character)
     {
      case 't':
         return "\t";
      case 'n':
         return "\n";
      case 'r':
         return "\r";
      default:
         return ShortToString(character);
     }
  }

//--- Exact up to 2^64-1: IntegerToString alone would make the upper half negative.
string ULongText(const ulong value)
  {
   if(value <= (ulong)LONG_MAX)
      return IntegerToString((long)value);
   return StringFormat("%I64u", value);
  }

string LongText(const long value)
  {
   return IntegerToString(value);
  }

string FlagText(const bool isSet)
  {
   return isSet ? "1" : "0";
  }

//--- A number with fixed decimals; what is no number (NaN, infinity) is written as 0.
string DecimalText(const double value, const int digits)
  {
   return MathIsValidNumber(value) ? DoubleToString(value, digits) : "0";
  }

string VolumeText(const double lots)
  {
   return DecimalText(lots, VOLUME_DIGITS);
  }

//--- Some accounts are kept in currencies of eight decimals, like BTC.
string MoneyText(const double amount)
  {
   return DecimalText(amount, AccountInfoInteger(ACCOUNT_CURRENCY_DIGITS) > 2 ? 8 : 2);
  }

//--- A number as a person writes it, for messages: "0.1" and not "0.10000000".
string PlainText(const double value)
  {
   string text = DecimalText(value, 8);
   int length = StringLen(text);
   while(length > 0 && StringGetCharacter(text, length - 1) == '0')
      length--;
   if(length > 0 && StringGetCharacter(text, length - 1) == '.')
      length--;
   return StringSubstr(text, 0, length);
  }

//+------------------------------------------------------------------+
//| Fields.mqh: reads a line field by field, and remembers the first |
//| field that is not what it should be                              |
//+------------------------------------------------------------------+

//--- Only a subscription has more.
const int MAX_FIELDS = 64;
//--- No price or volume is larger, and below it both can be counted in units of 8 decimals.
const double MAX_DECIMAL = 10000000000.0;

class CFields
  {
private:
   string            m_values[];
   int               m_count;
   int               m_next;
   string            m_fault;

   void              Blame(const string name)
     {
      if(StringLen(m_fault) == 0)
         m_fault = name;
     }

public:
                     CFields(const string line)
     {
      m_count = 0;
      m_next = 0;
      m_fault = "";
      Split(line);
     }

   //--- The next field as text; empty when the line has ended, which the number readers below refuse.
   string            Text()
     {
      if(m_next >= m_count)
         return "";
      m_next++;
      return m_values[m_next - 1];
     }

   //--- As Text, but empty is a fault.
   string            Name(const string name)
     {
      string text = Text();
      if(StringLen(text) == 0)
         Blame(name);
      return text;
     }

   ulong             ULong(const string name)
     {
      ulong value = 0;
      if(!ReadULong(Text(), value))
         Blame(name);
      return value;
     }

   //--- A whole number that is not negative and fits a long.
   long              Whole(const string name)
     {
      ulong value = ULong(name);
      if(value <= (ulong)LONG_MAX)
         return (long)value;
      Blame(name);
      return 0;
     }

   double            Decimal(const string name)
     {
      double value = 0.0;
      if(!ReadDecimal(Text(), value))
         Blame(name);
      return value;
     }

   void              Refuse(const string name) { Blame(name); }
   bool              IsGood() const            { return StringLen(m_fault) == 0; }
   string            Fault() const             { return m_fault; }

private:
   void              Split(const string line)
     {
      for(int from = 0; from >= 0 && m_count < MAX_FIELDS; m_count++)
        {
         ArrayResize(m_values, m_count + 1, MAX_FIELDS);
         m_values[m_count] = NextField(line, from);
        }
     }
  };

//--- The field that begins at `from`, which then is where the next one begins; -1 behind the last.
string NextField(const string line, int &from)
  {
   int begin = from;
   int end = StringFind(line, TAB, begin);
   from = end < 0 ? -1 : end + 1;
   if(end < 0)
      end = StringLen(line);
   //--- StringSubstr would take length 0 for "to the end".
   return end > begin ? UnescapedText(StringSubstr(line, begin, end - begin)) : "";
  }

//--- Digits only, up to 2^64-1: StringToInteger would give a long, and 0 for nonsense.
bool ReadULong(const string text, ulong &value)
  {
   int length = StringLen(text);
   if(length == 0 || length > 20)
      return false;
   ulong sum = 0;
   for(int at = 0; at < length; at++)
     {
      ushort character = StringGetCharacter(text, at);
      if(character < '0' || character > '9')
         return false;
      ulong digit = (ulong)(character - '0');
      if(sum > (ULONG_MAX - digit) / 10)
         return false;
      sum = sum * 10 + digit;
     }
   value = sum;
   return true;
  }

//--- Plain decimals only, no exponent. A price may be negative: it has happened to oil.
bool ReadDecimal(const string text, double &value)
  {
   int length = StringLen(text);
   int digits = 0;
   int points = 0;
   int first = length > 0 && StringGetCharacter(text, 0) == '-' ? 1 : 0;
   for(int at = first; at < length; at++)
     {
      ushort character = StringGetCharacter(text, at);
      if(character >= '0' && character <= '9')
         digits++;
      else
         if(character == '.')
            points++;
         else
            return false;
     }
   if(digits == 0 || points > 1 || length > 40)
      return false;
   value = StringToDouble(text);
   return MathIsValidNumber(value) && MathAbs(value) <= MAX_DECIMAL;
  }

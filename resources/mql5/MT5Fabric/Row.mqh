//+------------------------------------------------------------------+
//| Row.mqh: puts a line together, field by field                    |
//+------------------------------------------------------------------+

class CRow
  {
private:
   string            m_line;
   int               m_digits;

   void              Field(const string field)
     {
      m_line += TAB + field;
     }

public:
   //--- `digits` are those of the symbol that the row's prices are of.
                     CRow(const string kind, const int digits)
     {
      m_line = kind;
      m_digits = digits;
     }

   void              Text(const string text)     { Field(EscapedText(text)); }
   void              Ticket(const ulong ticket)  { Field(ULongText(ticket)); }
   void              Whole(const long number)    { Field(LongText(number)); }
   void              Flag(const bool isSet)      { Field(FlagText(isSet)); }
   void              Price(const double price)   { Field(DecimalText(price, m_digits)); }
   void              Average(const double price) { Field(DecimalText(price, AVERAGE_DIGITS)); }
   void              Volume(const double lots)   { Field(VolumeText(lots)); }
   void              Money(const double amount)  { Field(MoneyText(amount)); }
   void              Exact(const double number)  { Field(DecimalText(number, 8)); }
   //--- Server time in milliseconds, written in UTC.
   void              Time(const long serverMs)   { Field(LongText(ServerTimeToUtcMs(serverMs))); }

   string            Line() const
     {
      return m_line;
     }
  };

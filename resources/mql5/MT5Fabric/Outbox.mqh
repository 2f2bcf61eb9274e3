//+------------------------------------------------------------------+
//| Outbox.mqh: gathers lines, so that a pass is one write           |
//+------------------------------------------------------------------+

//--- A longer answer leaves in parts of about this size: the memory for it stays bounded.
const int FULL_OUTBOX_BYTES = 65536;

class COutbox
  {
private:
   uchar             m_bytes[];
   uchar             m_line[];
   int               m_length;

public:
                     COutbox()
     {
      m_length = 0;
     }

   void              Add(const string line)
     {
      //--- The count includes a terminating zero, whose place the line end takes.
      int count = StringToCharArray(line, m_line, 0, WHOLE_ARRAY, CP_UTF8);
      if(count <= 0)
         return;
      m_line[count - 1] = '\n';
      if(ArraySize(m_bytes) < m_length + count)
         ArrayResize(m_bytes, m_length + count, FULL_OUTBOX_BYTES);
      ArrayCopy(m_bytes, m_line, m_length, 0, count);
      m_length += count;
     }

   //--- False when the connection is gone.
   bool              Flush(CTransport &transport)
     {
      if(m_length == 0)
         return true;
      int length = m_length;
      m_length = 0;
      return transport.Write(m_bytes, length);
     }

   void              Clear()        { m_length = 0; }
   bool              IsFull() const { return m_length >= FULL_OUTBOX_BYTES; }
  };

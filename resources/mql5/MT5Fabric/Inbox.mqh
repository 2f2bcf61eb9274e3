//+------------------------------------------------------------------+
//| Inbox.mqh: takes lines out of a stream of bytes                  |
//+------------------------------------------------------------------+

const int MAX_LINE_BYTES = 65536;

class CInbox
  {
private:
   uchar             m_bytes[];
   int               m_start;
   int               m_scanned;
   int               m_end;
   bool              m_isTooLong;

   //--- Moves what is left to the front, so that the array does not grow with the stream.
   void              MoveToFront()
     {
      int length = m_end - m_start;
      for(int at = 0; m_start > 0 && at < length; at++)
         m_bytes[at] = m_bytes[m_start + at];
      m_scanned -= m_start;
      m_end = length;
      m_start = 0;
     }

   string            TextUntil(const int end)
     {
      return end == m_start ? "" : CharArrayToString(m_bytes, m_start, end - m_start, CP_UTF8);
     }

public:
                     CInbox()
     {
      Clear();
     }

   void              Clear()
     {
      m_start = 0;
      m_scanned = 0;
      m_end = 0;
      m_isTooLong = false;
     }

   void              Add(uchar &chunk[], const int count)
     {
      MoveToFront();
      if(ArraySize(m_bytes) < m_end + count)
         ArrayResize(m_bytes, m_end + count, READ_CHUNK_BYTES);
      ArrayCopy(m_bytes, chunk, m_end, 0, count);
      m_end += count;
     }

   //--- The next whole line, without its end; false when none has come, or when one is longer than a line may be.
   bool              Next(string &line)
     {
      while(m_scanned < m_end && m_bytes[m_scanned] != '\n')
         m_scanned++;
      m_isTooLong = m_scanned - m_start > MAX_LINE_BYTES;
      if(m_isTooLong || m_scanned == m_end)
         return false;
      line = TextUntil(m_scanned);
      m_scanned++;
      m_start = m_scanned;
      return true;
     }

   bool              IsTooLong() const { return m_isTooLong; }
  };

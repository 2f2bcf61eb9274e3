//+------------------------------------------------------------------+
//| RecordFile.mqh: an append-only file whose lines are on their way |
//| to the disk before the program goes on                           |
//+------------------------------------------------------------------+

class CRecordFile
  {
private:
   string            m_path;
   int               m_file;
   ulong             m_size;

   int               OpenAt(const string path, const int flags)
     {
      //--- Not shared: two programs in one terminal must not write one record.
      return FileOpen(path, flags | FILE_BIN);
     }

   //--- A full disk may show only here, where the bytes are not all in the file.
   bool              Append(const string text)
     {
      uchar bytes[];
      int count = StringToCharArray(text, bytes, 0, WHOLE_ARRAY, CP_UTF8) - 1;
      ResetLastError();
      if(count <= 0 || (int)FileWriteArray(m_file, bytes, 0, count) != count)
         return false;
      FileFlush(m_file);
      m_size += (ulong)count;
      return GetLastError() == 0 && (ulong)FileSize(m_file) == m_size;
     }

   //--- Behind the last whole line before the first zero.
   int               EndOfLines(uchar &bytes[], const int size)
     {
      int end = 0;
      for(int at = 0; at < size && bytes[at] != 0; at++)
        {
         if(bytes[at] == '\n')
            end = at + 1;
        }
      return end;
     }

public:
                     CRecordFile()
     {
      m_path = "";
      m_file = INVALID_HANDLE;
      m_size = 0;
     }

   void              UsePath(const string path)
     {
      Close();
      m_path = path;
     }

   bool              Exists()
     {
      return FileIsExist(m_path);
     }

   //--- Reads the whole file and leaves it open for appending; false when it cannot be opened. `isTorn` says that its end
   //--- is not that of a line: a crash cuts one short, a power cut may leave zeros.
   bool              Load(string &text, bool &isTorn)
     {
      text = "";
      isTorn = false;
      m_file = OpenAt(m_path, FILE_READ | FILE_WRITE);
      if(m_file == INVALID_HANDLE)
         return false;
      m_size = (ulong)FileSize(m_file);
      uchar bytes[];
      if(m_size > 0 && (ulong)FileReadArray(m_file, bytes, 0, (int)m_size) != m_size)
        {
         Close();
         return false;
        }
      int end = EndOfLines(bytes, (int)m_size);
      isTorn = end < (int)m_size;
      if(end > 0)
         text = CharArrayToString(bytes, 0, end, CP_UTF8);
      return FileSeek(m_file, 0, SEEK_END);
     }

   //--- Adds a line. After a failure the file is closed, since its end may be torn: Replace makes it whole again.
   bool              AddLine(const string line)
     {
      if(m_file == INVALID_HANDLE)
         return false;
      if(Append(line + "\n"))
         return true;
      Close();
      return false;
     }

   //--- Puts a new file in the old one's place: a crash leaves the one or the other.
   bool              Replace(const string text)
     {
      string draft = m_path + ".new";
      Close();
      m_file = OpenAt(draft, FILE_WRITE);
      m_size = 0;
      bool isWritten = m_file != INVALID_HANDLE && Append(text);
      Close();
      if(!isWritten || !FileMove(draft, 0, m_path, FILE_REWRITE))
         return false;
      return Reopen();
     }

   //--- Opens the file as it is, for appending.
   bool              Reopen()
     {
      Close();
      m_file = OpenAt(m_path, FILE_READ | FILE_WRITE);
      if(m_file == INVALID_HANDLE)
         return false;
      m_size = (ulong)FileSize(m_file);
      return FileSeek(m_file, 0, SEEK_END);
     }

   //--- Keeps what cannot be read beside the new file.
   bool              MoveAside()
     {
      Close();
      return FileMove(m_path, 0, m_path + ".damaged", FILE_REWRITE);
     }

   void              Close()
     {
      if(m_file != INVALID_HANDLE)
         FileClose(m_file);
      m_file = INVALID_HANDLE;
     }

   bool              IsOpen() const { return m_file != INVALID_HANDLE; }
  };

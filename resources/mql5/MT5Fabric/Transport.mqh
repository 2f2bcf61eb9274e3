//+------------------------------------------------------------------+
//| Transport.mqh: bytes to and from the gateway, through its named  |
//| pipe or over TCP on this computer. Reads never wait              |
//+------------------------------------------------------------------+

enum ENUM_TRANSPORT
  {
   TRANSPORT_NONE,
   TRANSPORT_PIPE,
   TRANSPORT_TCP
  };

const int CONNECT_TIMEOUT_MS = 1000;
const int READ_CHUNK_BYTES = 65536;
//--- More than this is no count of waiting bytes: where FileSize fails on pipes (Wine), it may give any number.
const ulong MOST_WAITING_BYTES = 16777216;

class CTransport
  {
private:
   ENUM_TRANSPORT    m_kind;
   int               m_handle;
   int               m_error;

   //--- Of that many waiting bytes, how many to read now.
   int               Chunk(const ulong waiting)
     {
      if(waiting > MOST_WAITING_BYTES)
         return 0;
      return (int)MathMin(waiting, (ulong)READ_CHUNK_BYTES);
     }

   int               ReadPipe(uchar &bytes[])
     {
      int waiting = Chunk((ulong)FileSize(m_handle));
      if(waiting <= 0)
         return 0;
      return MakeRoom(bytes, waiting) ? (int)FileReadArray(m_handle, bytes, 0, waiting) : -1;
     }

   int               ReadSocket(uchar &bytes[])
     {
      int waiting = Chunk((ulong)SocketIsReadable(m_handle));
      if(waiting <= 0)
         return SocketIsConnected(m_handle) ? 0 : -1;
      return MakeRoom(bytes, waiting) ? SocketRead(m_handle, bytes, (uint)waiting, 1) : -1;
     }

   bool              MakeRoom(uchar &bytes[], const int count)
     {
      return ArraySize(bytes) >= count || ArrayResize(bytes, READ_CHUNK_BYTES) >= count;
     }

   //--- The pipe is read and written through one file buffer: flushing between the two keeps them apart. That the other
   //--- end is gone may show only then.
   int               WritePipe(uchar &bytes[], const int from, const int count)
     {
      ResetLastError();
      int written = (int)FileWriteArray(m_handle, bytes, from, count);
      FileFlush(m_handle);
      return GetLastError() == 0 ? written : -1;
     }

   //--- SocketSend knows only the beginning of an array.
   int               WriteSocket(uchar &bytes[], const int from, const int count)
     {
      if(from == 0)
         return SocketSend(m_handle, bytes, (uint)count);
      uchar rest[];
      ArrayCopy(rest, bytes, 0, from, count);
      return SocketSend(m_handle, rest, (uint)count);
     }

   bool              Fail()
     {
      m_error = GetLastError();
      if(m_handle != INVALID_HANDLE)
         SocketClose(m_handle);
      m_handle = INVALID_HANDLE;
      return false;
     }

public:
                     CTransport()
     {
      m_kind = TRANSPORT_NONE;
      m_handle = INVALID_HANDLE;
      m_error = 0;
     }

   bool              OpenPipe(const string name)
     {
      ResetLastError();
      m_handle = FileOpen("\\\\.\\pipe\\" + name, FILE_READ | FILE_WRITE | FILE_BIN);
      if(m_handle == INVALID_HANDLE)
         return Fail();
      m_kind = TRANSPORT_PIPE;
      return true;
     }

   bool              OpenTcp(const int port)
     {
      ResetLastError();
      m_handle = SocketCreate();
      if(m_handle == INVALID_HANDLE)
         return Fail();
      if(!SocketConnect(m_handle, "127.0.0.1", (uint)port, (uint)CONNECT_TIMEOUT_MS))
         return Fail();
      m_kind = TRANSPORT_TCP;
      return true;
     }

   //--- Takes what has come, at most one chunk; 0 for nothing, -1 when the connection is gone.
   int               Read(uchar &bytes[])
     {
      switch(m_kind)
        {
         case TRANSPORT_PIPE:
            return ReadPipe(bytes);
         case TRANSPORT_TCP:
            return ReadSocket(bytes);
         default:
            return -1;
        }
     }

   //--- Sends everything. While the gateway does not read it waits; false when the connection is gone.
   bool              Write(uchar &bytes[], const int count)
     {
      int sent = 0;
      while(sent < count && !IsStopped())
        {
         int now = m_kind == TRANSPORT_PIPE ? WritePipe(bytes, sent, count - sent) : WriteSocket(bytes, sent, count - sent);
         if(now <= 0)
            return false;
         sent += now;
        }
      return sent == count;
     }

   void              Close()
     {
      if(m_kind == TRANSPORT_PIPE)
         FileClose(m_handle);
      if(m_kind == TRANSPORT_TCP)
         SocketClose(m_handle);
      m_kind = TRANSPORT_NONE;
      m_handle = INVALID_HANDLE;
     }

   ENUM_TRANSPORT    Kind() const  { return m_kind; }
   //--- Why the last opening failed.
   int               Error() const { return m_error; }
  };

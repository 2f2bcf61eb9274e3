//+------------------------------------------------------------------+
//| Token.mqh: the secret by which the gateway knows this program    |
//+------------------------------------------------------------------+

const int MAX_TOKEN_BYTES = 4096;

//--- Read anew for each hello, since an installation may write a new one. Empty when there is none: the gateway says so.
string ReadToken()
  {
   int file = FileOpen(InpTokenFile, FILE_READ | FILE_BIN | FILE_SHARE_READ | FILE_SHARE_WRITE);
   if(file == INVALID_HANDLE)
     {
      Print("MT5 Fabric: no token in MQL5\\Files\\" + InpTokenFile + "; install the program from the gateway");
      return "";
     }
   uchar bytes[];
   int size = (int)MathMin((ulong)FileSize(file), (ulong)MAX_TOKEN_BYTES);
   ArrayResize(bytes, MAX_TOKEN_BYTES);
   int count = size > 0 ? (int)FileReadArray(file, bytes, 0, size) : 0;
   FileClose(file);
   string token = count > 0 ? CharArrayToString(bytes, 0, count, CP_UTF8) : "";
   StringTrimLeft(token);
   StringTrimRight(token);
   return token;
  }

//+------------------------------------------------------------------+
//| Account.mqh: latch and record belong to an account; another one  |
//| begins with its own                                              |
//+------------------------------------------------------------------+

const ulong RECORD_RETRY_MS = 2000;

class CAccount
  {
private:
   long              m_login;
   string            m_server;
   ulong             m_retryAtMs;
   bool              m_isReady;

   //--- "MT5Fabric\commands.txt" of account 5001 is "MT5Fabric\commands-5001.txt".
   string            RecordPath() const
     {
      int end = StringLen(InpRecordFile) - 4;
      bool isText = end > 0 && StringSubstr(InpRecordFile, end) == ".txt";
      string stem = isText ? StringSubstr(InpRecordFile, 0, end) : InpRecordFile;
      return stem + "-" + LongText(m_login) + ".txt";
     }

   void              OpenRecord()
     {
      if(GetTickCount64() < m_retryAtMs)
         return;
      m_retryAtMs = GetTickCount64() + RECORD_RETRY_MS;
      m_isReady = g_record.Open(RecordPath());
      if(!m_isReady)
         Print("MT5 Fabric: MQL5\\Files\\" + RecordPath() + " cannot be opened (error " + IntegerToString(GetLastError())
               + "). Does the program run on another chart too?");
     }

   void              Enter(const long login, const string server)
     {
      m_login = login;
      m_server = server;
      g_latch.Open(login);
     }

   //--- The link ends with this pass; a halt that is still on its way is for the account that leaves.
   void              Leave()
     {
      g_link.Break("the account has changed");
      g_record.Close();
      Forget();
     }

public:
                     CAccount()
     {
      Forget();
     }

   void              Forget()
     {
      m_login = 0;
      m_server = "";
      m_retryAtMs = 0;
      m_isReady = false;
     }

   //--- Whether there is an account whose latch and record are at hand. Without them nothing is linked and nothing trades.
   bool              IsReady()
     {
      long login = AccountInfoInteger(ACCOUNT_LOGIN);
      string server = AccountInfoString(ACCOUNT_SERVER);
      bool isSame = login == m_login && server == m_server;
      if(!isSame && m_login != 0)
        {
         Leave();
         return false;
        }
      if(login == 0)
         return false;
      if(!isSame)
         Enter(login, server);
      if(!m_isReady)
         OpenRecord();
      return m_isReady;
     }
  };

CAccount g_account;

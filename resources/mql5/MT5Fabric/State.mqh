//+------------------------------------------------------------------+
//| State.mqh: the terminal's switches, its account and the latch,   |
//| told twice a second and whenever one of them changes             |
//+------------------------------------------------------------------+

const ulong STATE_PERIOD_MS = 500;

class CState
  {
private:
   string            m_told;
   ulong             m_toldAtMs;
   ulong             m_connectedAtMs;
   bool              m_isConnected;

   string            Fields()
     {
      return FlagText(m_isConnected)
             + TAB + FlagText(TerminalInfoInteger(TERMINAL_TRADE_ALLOWED) != 0)
             + TAB + FlagText(MQLInfoInteger(MQL_TRADE_ALLOWED) != 0)
             + TAB + FlagText(AccountInfoInteger(ACCOUNT_TRADE_ALLOWED) != 0)
             + TAB + FlagText(AccountInfoInteger(ACCOUNT_TRADE_EXPERT) != 0)
             + TAB + LongText(AccountInfoInteger(ACCOUNT_LOGIN))
             + TAB + EscapedText(AccountInfoString(ACCOUNT_SERVER))
             + TAB + TradeModeName()
             + TAB + MarginModeName()
             + TAB + LongText(g_utcOffsetS)
             + TAB + LongText(g_latch.Epoch())
             + TAB + FlagText(g_latch.IsOn());
     }

public:
                     CState()
     {
      m_told = "";
      m_toldAtMs = 0;
      m_connectedAtMs = 0;
      m_isConnected = false;
     }

   //--- Every pass, also without a gateway: since when the broker is connected decides whether its history is complete.
   void              Watch()
     {
      bool isConnected = TerminalInfoInteger(TERMINAL_CONNECTED) != 0;
      if(isConnected && !m_isConnected)
         m_connectedAtMs = GetTickCount64();
      m_isConnected = isConnected;
     }

   //--- Whether the terminal has had time to fetch the broker's history.
   bool              IsHistorySettled() const
     {
      return m_isConnected && GetTickCount64() - m_connectedAtMs >= (ulong)InpHistorySettleS * 1000;
     }

   void              TellIfDue()
     {
      ulong now = GetTickCount64();
      bool isDue = now - m_toldAtMs >= STATE_PERIOD_MS;
      if(isDue)
         UpdateUtcOffset();
      string fields = Fields();
      if(isDue || fields != m_told)
         Tell(fields, now);
     }

   //--- Right after the welcome, whatever was told before.
   void              TellNow()
     {
      UpdateUtcOffset();
      Tell(Fields(), GetTickCount64());
     }

private:
   void              Tell(const string fields, const ulong now)
     {
      m_told = fields;
      m_toldAtMs = now;
      g_link.Send("state" + TAB + ULongText(now) + TAB + fields);
     }
  };

CState g_state;

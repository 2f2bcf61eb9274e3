//+------------------------------------------------------------------+
//| Latch.mqh: the terminal's own part of the kill switch            |
//|                                                                  |
//| Kept in the terminal's global variables, so that it outlives     |
//| this program, the terminal and the gateway.                      |
//+------------------------------------------------------------------+

class CLatch
  {
private:
   string            m_epochName;
   string            m_latchedName;
   long              m_epoch;
   bool              m_isOn;

   //--- Latched before the epoch and released after it: a crash in between leaves it on.
   void              Store()
     {
      bool isStored = true;
      if(m_isOn)
         isStored = Set(m_latchedName, 1.0);
      isStored = Set(m_epochName, (double)m_epoch) && isStored;
      if(!m_isOn)
         isStored = Set(m_latchedName, 0.0) && isStored;
      GlobalVariablesFlush();
      if(!isStored)
         Print("MT5 Fabric: the latch cannot be stored, it holds only as long as this program runs");
     }

   bool              Set(const string name, const double value)
     {
      return GlobalVariableSet(name, value) != (datetime)0;
     }

   bool              IsStored()
     {
      return GlobalVariableCheck(m_epochName) && GlobalVariableCheck(m_latchedName)
             && (long)GlobalVariableGet(m_epochName) == m_epoch && (GlobalVariableGet(m_latchedName) != 0.0) == m_isOn;
     }

   //--- Never down by itself: what is stored counts only where it is stricter.
   void              TakeStored()
     {
      if(GlobalVariableCheck(m_epochName))
         m_epoch = MathMax(m_epoch, (long)GlobalVariableGet(m_epochName));
      if(GlobalVariableCheck(m_latchedName) && GlobalVariableGet(m_latchedName) != 0.0)
         m_isOn = true;
     }

public:
                     CLatch()
     {
      m_epochName = "";
      m_latchedName = "";
      m_epoch = 0;
      m_isOn = false;
     }

   //--- The latch of one account, as it was left.
   void              Open(const long login)
     {
      m_epochName = "MT5Fabric." + LongText(login) + ".epoch";
      m_latchedName = "MT5Fabric." + LongText(login) + ".latched";
      m_epoch = 0;
      m_isOn = false;
      TakeStored();
      Store();
     }

   //--- Every pass: MetaTrader drops what nobody has read for four weeks, and a person can delete it.
   void              Keep()
     {
      if(StringLen(m_epochName) == 0 || IsStored())
         return;
      TakeStored();
      Store();
     }

   //--- Latches. A smaller epoch does not lower the program's own.
   void              Halt(const long epoch)
     {
      m_epoch = MathMax(m_epoch, epoch);
      m_isOn = true;
      Store();
     }

   //--- Lifts the latch; false, and nothing changes, for an epoch smaller than the program's own.
   bool              Resume(const long epoch)
     {
      if(epoch < m_epoch)
         return false;
      m_epoch = epoch;
      m_isOn = false;
      Store();
      return true;
     }

   long              Epoch() const { return m_epoch; }
   bool              IsOn() const  { return m_isOn; }
  };

CLatch g_latch;

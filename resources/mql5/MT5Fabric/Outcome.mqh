//+------------------------------------------------------------------+
//| Outcome.mqh: how a trading call ended, as MetaTrader says it     |
//+------------------------------------------------------------------+

struct SOutcome
  {
   uint              retcode;
   ulong             order;
   ulong             deal;
   ulong             position;
   double            volumeLots;
   double            price;
   double            bid;
   double            ask;
   int               digits;
   string            text;
  };

void ClearOutcome(SOutcome &outcome)
  {
   outcome.retcode = 0;
   outcome.order = 0;
   outcome.deal = 0;
   outcome.position = 0;
   outcome.volumeLots = 0.0;
   outcome.price = 0.0;
   outcome.bid = 0.0;
   outcome.ask = 0.0;
   outcome.digits = 0;
   outcome.text = "";
  }

//--- Says no with MT5's retcode and the rule in words. Always false, so that a rule can return it.
bool Refuse(SOutcome &outcome, const uint retcode, const string text)
  {
   outcome.retcode = retcode;
   outcome.text = text;
   return false;
  }

string DoneLine(const string id, const SOutcome &outcome)
  {
   CRow row(id + TAB + "done", outcome.digits);
   row.Whole((long)outcome.retcode);
   row.Ticket(outcome.order);
   row.Ticket(outcome.deal);
   row.Ticket(outcome.position);
   row.Volume(outcome.volumeLots);
   row.Price(outcome.price);
   row.Price(outcome.bid);
   row.Price(outcome.ask);
   row.Text(outcome.text);
   return row.Line();
  }

// The history: the program sees what it has selected, and that is what had come when it selected.
#include "cache.hpp"
#include "errors.hpp"
#include "rows.hpp"
#include <algorithm>

namespace terminal {

using namespace mql5;

double real(const Order &o, ENUM_ORDER_PROPERTY_DOUBLE property) {
  switch (property) {
  case ORDER_VOLUME_INITIAL: return o.volumeInitial;
  case ORDER_VOLUME_CURRENT: return o.volumeCurrent;
  case ORDER_PRICE_OPEN: return o.priceOpen;
  case ORDER_PRICE_CURRENT: return o.priceCurrent;
  case ORDER_SL: return o.sl;
  case ORDER_TP: return o.tp;
  case ORDER_PRICE_STOPLIMIT: return 0;
  }
  return fail(ERR_TRADE_WRONG_PROPERTY, 0.0);
}

mql_long whole(const Order &o, ENUM_ORDER_PROPERTY_INTEGER property) {
  switch (property) {
  case ORDER_TICKET: return static_cast<mql_long>(o.ticket);
  case ORDER_TYPE: return o.type;
  case ORDER_STATE: return o.state;
  case ORDER_TYPE_FILLING: return o.filling;
  case ORDER_TYPE_TIME: return o.typeTime;
  case ORDER_TIME_EXPIRATION: return o.expiration;
  case ORDER_MAGIC: return static_cast<mql_long>(o.magic);
  case ORDER_POSITION_ID: return static_cast<mql_long>(o.positionId);
  case ORDER_POSITION_BY_ID: return 0;
  case ORDER_TIME_SETUP: return o.setupMsc / 1000;
  case ORDER_TIME_SETUP_MSC: return o.setupMsc;
  case ORDER_TIME_DONE: return o.doneMsc / 1000;
  case ORDER_TIME_DONE_MSC: return o.doneMsc;
  case ORDER_REASON: return ORDER_REASON_EXPERT;
  }
  return fail(ERR_TRADE_WRONG_PROPERTY, 0LL);
}

string text(const Order &o, ENUM_ORDER_PROPERTY_STRING property) {
  switch (property) {
  case ORDER_SYMBOL: return o.symbol;
  case ORDER_COMMENT: return o.comment;
  case ORDER_EXTERNAL_ID: return string();
  }
  return fail(ERR_TRADE_WRONG_PROPERTY, string());
}

} // namespace terminal

namespace mql5 {

using terminal::cache;
using terminal::Deal;
using terminal::Order;

namespace {

std::vector<Order> selectedOrders;
std::vector<Deal> selectedDeals;

template <class T> void selectRange(const std::map<ulong, T> &rows, std::vector<T> &selected, datetime from, datetime to, mql_long T::*timeMsc) {
  selected.clear();
  for (const auto &[ticket, row] : rows)
    if (row.*timeMsc / 1000 >= from && row.*timeMsc / 1000 <= to) selected.push_back(row);
  std::stable_sort(selected.begin(), selected.end(), [=](const T &a, const T &b) { return a.*timeMsc < b.*timeMsc; });
}

/** Selecting one replaces the whole list. */
template <class T> bool selectOne(const std::map<ulong, T> &rows, std::vector<T> &selected, ulong ticket, int error) {
  const auto row = rows.find(ticket);
  if (row == rows.end()) return terminal::fail(error, false);
  selected.assign(1, row->second);
  return true;
}

template <class T> ulong ticketAt(const std::vector<T> &selected, int at, int error) {
  if (at < 0 || at >= static_cast<int>(selected.size())) return terminal::fail(error, ulong{0});
  return selected[static_cast<std::size_t>(at)].ticket;
}

template <class T> const T *find(const std::vector<T> &selected, ulong ticket, int error) {
  const auto row = std::find_if(selected.begin(), selected.end(), [=](const T &each) { return each.ticket == ticket; });
  return row == selected.end() ? terminal::fail(error, static_cast<const T *>(nullptr)) : &*row;
}

const Order *orderOf(ulong ticket) { return find(selectedOrders, ticket, ERR_TRADE_ORDER_NOT_FOUND); }
const Deal *dealOf(ulong ticket) { return find(selectedDeals, ticket, ERR_TRADE_DEAL_NOT_FOUND); }

} // namespace

bool HistorySelect(datetime from, datetime to) {
  selectRange(cache.historyOrders, selectedOrders, from, to, &Order::doneMsc);
  selectRange(cache.historyDeals, selectedDeals, from, to, &Deal::timeMsc);
  return true;
}

int HistoryOrdersTotal() { return static_cast<int>(selectedOrders.size()); }
ulong HistoryOrderGetTicket(int at) { return ticketAt(selectedOrders, at, ERR_TRADE_ORDER_NOT_FOUND); }
bool HistoryOrderSelect(ulong ticket) { return selectOne(cache.historyOrders, selectedOrders, ticket, ERR_TRADE_ORDER_NOT_FOUND); }
int HistoryDealsTotal() { return static_cast<int>(selectedDeals.size()); }
ulong HistoryDealGetTicket(int at) { return ticketAt(selectedDeals, at, ERR_TRADE_DEAL_NOT_FOUND); }
bool HistoryDealSelect(ulong ticket) { return selectOne(cache.historyDeals, selectedDeals, ticket, ERR_TRADE_DEAL_NOT_FOUND); }

double HistoryOrderGetDouble(ulong ticket, ENUM_ORDER_PROPERTY_DOUBLE property) {
  const Order *order = orderOf(ticket);
  return order == nullptr ? 0 : terminal::real(*order, property);
}
mql_long HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property) {
  const Order *order = orderOf(ticket);
  return order == nullptr ? 0 : terminal::whole(*order, property);
}
string HistoryOrderGetString(ulong ticket, ENUM_ORDER_PROPERTY_STRING property) {
  const Order *order = orderOf(ticket);
  return order == nullptr ? string() : terminal::text(*order, property);
}

double HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property) {
  const Deal *deal = dealOf(ticket);
  if (deal == nullptr) return 0;
  switch (property) {
  case DEAL_VOLUME: return deal->volume;
  case DEAL_PRICE: return deal->price;
  case DEAL_PROFIT: return deal->profit;
  case DEAL_COMMISSION: return deal->commission;
  case DEAL_SWAP: return deal->swap;
  case DEAL_FEE: case DEAL_SL: case DEAL_TP: return 0;
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, 0.0);
}

mql_long HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property) {
  const Deal *deal = dealOf(ticket);
  if (deal == nullptr) return 0;
  switch (property) {
  case DEAL_TICKET: return static_cast<mql_long>(deal->ticket);
  case DEAL_ORDER: return static_cast<mql_long>(deal->order);
  case DEAL_POSITION_ID: return static_cast<mql_long>(deal->positionId);
  case DEAL_MAGIC: return static_cast<mql_long>(deal->magic);
  case DEAL_TYPE: return deal->type;
  case DEAL_ENTRY: return deal->entry;
  case DEAL_REASON: return deal->reason;
  case DEAL_TIME: return deal->timeMsc / 1000;
  case DEAL_TIME_MSC: return deal->timeMsc;
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, 0LL);
}

string HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property) {
  const Deal *deal = dealOf(ticket);
  if (deal == nullptr) return string();
  switch (property) {
  case DEAL_SYMBOL: return deal->symbol;
  case DEAL_COMMENT: return deal->comment;
  case DEAL_EXTERNAL_ID: return string();
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, string());
}

} // namespace mql5

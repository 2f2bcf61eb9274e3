// Positions and pending orders: a selection is a copy of the row as it was then.
#include "cache.hpp"
#include "errors.hpp"
#include "rows.hpp"
#include <optional>

namespace mql5 {

using terminal::cache;
using terminal::Order;
using terminal::Position;

namespace {

std::optional<Position> selectedPosition;
std::optional<Order> selectedOrder;

template <class T> ulong ticketAt(const std::map<ulong, T> &rows, int at, std::optional<T> &selected, int error) {
  if (at < 0 || at >= static_cast<int>(rows.size())) return terminal::fail(error, ulong{0});
  auto row = rows.begin();
  std::advance(row, at);
  selected = row->second;
  return row->first;
}

template <class T> bool selectTicket(const std::map<ulong, T> &rows, ulong ticket, std::optional<T> &selected, int error) {
  const auto row = rows.find(ticket);
  if (row == rows.end()) return terminal::fail(error, false);
  selected = row->second;
  return true;
}

} // namespace

int PositionsTotal() { return static_cast<int>(cache.positions.size()); }
ulong PositionGetTicket(int at) { return ticketAt(cache.positions, at, selectedPosition, ERR_TRADE_POSITION_NOT_FOUND); }
bool PositionSelectByTicket(ulong ticket) { return selectTicket(cache.positions, ticket, selectedPosition, ERR_TRADE_POSITION_NOT_FOUND); }

double PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property) {
  if (!selectedPosition) return terminal::fail(ERR_TRADE_POSITION_NOT_FOUND, 0.0);
  const Position &p = *selectedPosition;
  switch (property) {
  case POSITION_VOLUME: return p.volume;
  case POSITION_PRICE_OPEN: return p.priceOpen;
  case POSITION_PRICE_CURRENT: return p.priceCurrent;
  case POSITION_SL: return p.sl;
  case POSITION_TP: return p.tp;
  case POSITION_SWAP: return p.swap;
  case POSITION_PROFIT: return p.profit;
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, 0.0);
}

mql_long PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property) {
  if (!selectedPosition) return terminal::fail(ERR_TRADE_POSITION_NOT_FOUND, 0LL);
  const Position &p = *selectedPosition;
  switch (property) {
  case POSITION_TICKET: return static_cast<mql_long>(p.ticket);
  case POSITION_IDENTIFIER: return static_cast<mql_long>(p.identifier);
  case POSITION_MAGIC: return static_cast<mql_long>(p.magic);
  case POSITION_TYPE: return p.type;
  case POSITION_TIME: return p.timeMsc / 1000;
  case POSITION_TIME_MSC: return p.timeMsc;
  case POSITION_TIME_UPDATE: return p.timeUpdateMsc / 1000;
  case POSITION_TIME_UPDATE_MSC: return p.timeUpdateMsc;
  case POSITION_REASON: return POSITION_REASON_EXPERT;
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, 0LL);
}

string PositionGetString(ENUM_POSITION_PROPERTY_STRING property) {
  if (!selectedPosition) return terminal::fail(ERR_TRADE_POSITION_NOT_FOUND, string());
  switch (property) {
  case POSITION_SYMBOL: return selectedPosition->symbol;
  case POSITION_COMMENT: return selectedPosition->comment;
  case POSITION_EXTERNAL_ID: return string();
  }
  return terminal::fail(ERR_TRADE_WRONG_PROPERTY, string());
}

int OrdersTotal() { return static_cast<int>(cache.orders.size()); }
ulong OrderGetTicket(int at) { return ticketAt(cache.orders, at, selectedOrder, ERR_TRADE_ORDER_NOT_FOUND); }
bool OrderSelect(ulong ticket) { return selectTicket(cache.orders, ticket, selectedOrder, ERR_TRADE_ORDER_NOT_FOUND); }

double OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property) {
  return selectedOrder ? terminal::real(*selectedOrder, property) : terminal::fail(ERR_TRADE_ORDER_NOT_FOUND, 0.0);
}
mql_long OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property) {
  return selectedOrder ? terminal::whole(*selectedOrder, property) : terminal::fail(ERR_TRADE_ORDER_NOT_FOUND, 0LL);
}
string OrderGetString(ENUM_ORDER_PROPERTY_STRING property) {
  return selectedOrder ? terminal::text(*selectedOrder, property) : terminal::fail(ERR_TRADE_ORDER_NOT_FOUND, string());
}

} // namespace mql5

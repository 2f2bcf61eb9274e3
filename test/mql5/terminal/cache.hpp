// What the terminal knows of the broker: kept up to date by its lines, read by the program through the API.
#pragma once
#include "mql-api.hpp"
#include <deque>
#include <map>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace terminal {

struct Account {
  mql5::mql_long login, leverage, tradeMode, marginMode, tradeAllowed, tradeExpert, limitOrders, currencyDigits;
  double balance, credit, profit, equity, margin, marginFree, marginLevel, soCall, soSo;
  mql5::string server, name, company, currency;
};

struct Symbol {
  mql5::string name, description, currencyBase, currencyProfit, currencyMargin;
  mql5::mql_long digits, stopsLevel, freezeLevel, exemode, fillingFlags, tradeMode, expirationFlags, orderFlags;
  double point, tickSize, tickValue, contractSize, volumeMin, volumeMax, volumeStep;
  bool selected, hasTick;
  mql5::MqlTick last;
  /** Oldest first; only what came while the symbol was selected. */
  std::vector<mql5::MqlTick> ticks;
};

struct Position {
  mql5::ulong ticket, identifier, magic;
  mql5::string symbol, comment;
  mql5::mql_long type, timeMsc, timeUpdateMsc;
  double volume, priceOpen, priceCurrent, sl, tp, profit, swap;
};

struct Order {
  mql5::ulong ticket, magic, positionId;
  mql5::string symbol, comment;
  mql5::mql_long type, state, filling, typeTime, expiration, setupMsc, doneMsc;
  double volumeInitial, volumeCurrent, priceOpen, priceCurrent, sl, tp;
};

struct Deal {
  mql5::ulong ticket, order, positionId, magic;
  mql5::string symbol, comment;
  mql5::mql_long type, entry, reason, timeMsc;
  double volume, price, profit, commission, swap;
};

/** The fields of a line, taken one after the other. */
class Fields {
public:
  explicit Fields(std::string_view line);
  std::string_view bytes();
  mql5::string text();
  mql5::ulong unsignedWhole();
  mql5::mql_long whole();
  double real();
  bool flag() { return whole() != 0; }
  bool isEmpty() const { return rest_.data() == nullptr; }

private:
  std::string_view rest_;
};

struct Cache {
  long long offsetS = 0;
  std::map<std::string, bool, std::less<>> switches;
  Account account{};
  std::deque<Symbol> symbols;
  std::unordered_map<std::string, Symbol *> symbolsByName;
  std::map<mql5::ulong, Position> positions;
  std::map<mql5::ulong, Order> orders;
  std::map<mql5::ulong, Order> historyOrders;
  std::map<mql5::ulong, Deal> historyDeals;
  /** Server time of the newest tick of any selected symbol, 0 before the first. */
  long long lastTickMsc = 0;

  Symbol *find(std::string_view name);
  Symbol *find(const mql5::string &name) { return find(name.utf8()); }
  /** Takes in one of the broker's lines; false for a kind that it does not know. */
  bool take(std::string_view kind, Fields &fields);

private:
  void takeSymbol(Fields &fields);
  void takeTick(Fields &fields);
  void takePosition(Fields &fields);
  void takeDeal(Fields &fields);
};

/** A text as a field of a line. */
std::string escaped(const mql5::string &text);

/** The one cache, of the last complete snapshot and what came since. */
extern Cache cache;

} // namespace terminal

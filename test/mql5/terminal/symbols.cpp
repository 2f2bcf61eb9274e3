// Market Watch, specifications, ticks and bars.
#include "broker-link.hpp"
#include "errors.hpp"
#include <algorithm>

namespace mql5 {

using terminal::broker;
using terminal::cache;
using terminal::Fields;
using terminal::Symbol;

namespace {

constexpr std::size_t TICKS_WITHOUT_COUNT = 2000;

Symbol *known(const string &name) {
  Symbol *symbol = cache.find(name);
  return symbol == nullptr ? terminal::fail(ERR_MARKET_UNKNOWN_SYMBOL, symbol) : symbol;
}

/** Prices exist only of what Market Watch shows. */
Symbol *quoted(const string &name) {
  Symbol *symbol = known(name);
  if (symbol == nullptr) return nullptr;
  if (!symbol->selected) return terminal::fail(ERR_MARKET_NOT_SELECTED, static_cast<Symbol *>(nullptr));
  return symbol->hasTick ? symbol : terminal::fail(ERR_MARKET_LASTTIME_UNKNOWN, static_cast<Symbol *>(nullptr));
}

bool isOfKind(const MqlTick &tick, uint flags) {
  if (flags == static_cast<uint>(COPY_TICKS_INFO)) return (tick.flags & (TICK_FLAG_BID | TICK_FLAG_ASK)) != 0;
  if (flags == static_cast<uint>(COPY_TICKS_TRADE)) return (tick.flags & (TICK_FLAG_LAST | TICK_FLAG_VOLUME)) != 0;
  return true;
}

bool hasPosition(const Symbol &symbol) {
  return std::any_of(cache.positions.begin(), cache.positions.end(), [&](const auto &entry) { return entry.second.symbol == symbol.name; });
}

MqlRates rateOf(const std::string &row) {
  Fields f(row);
  f.bytes();
  MqlRates rate{};
  rate.time = f.whole(), rate.open = f.real(), rate.high = f.real(), rate.low = f.real(), rate.close = f.real();
  rate.tick_volume = f.whole(), rate.spread = static_cast<int>(f.whole()), rate.real_volume = f.whole();
  return rate;
}

} // namespace

int SymbolsTotal(bool selected) {
  return static_cast<int>(std::count_if(cache.symbols.begin(), cache.symbols.end(), [=](const Symbol &s) { return !selected || s.selected; }));
}

string SymbolName(int at, bool selected) {
  for (const Symbol &symbol : cache.symbols)
    if ((!selected || symbol.selected) && at-- == 0) return symbol.name;
  return terminal::fail(ERR_MARKET_UNKNOWN_SYMBOL, string());
}

bool SymbolSelect(const string &name, bool select) {
  Symbol *symbol = known(name);
  if (symbol == nullptr) return false;
  if (symbol->selected == select) return true;
  if (!select && (name == chartSymbol || hasPosition(*symbol))) return terminal::fail(ERR_MARKET_SELECT_ERROR, false);
  symbol->selected = select;
  if (!select) symbol->hasTick = false;
  broker.tell("select\t" + terminal::escaped(name) + (select ? "\t1" : "\t0"));
  return true;
}

bool SymbolExist(const string &name, bool &isCustom) {
  isCustom = false;
  return cache.find(name) != nullptr;
}

bool SymbolInfoTick(const string &name, MqlTick &tick) {
  const Symbol *symbol = quoted(name);
  if (symbol != nullptr) tick = symbol->last;
  return symbol != nullptr;
}

bool SymbolInfoDouble(const string &name, ENUM_SYMBOL_INFO_DOUBLE property, double &value) {
  const bool isPrice = property == SYMBOL_BID || property == SYMBOL_ASK || property == SYMBOL_LAST;
  const Symbol *symbol = isPrice ? quoted(name) : known(name);
  if (symbol == nullptr) return false;
  switch (property) {
  case SYMBOL_BID: value = symbol->last.bid; break;
  case SYMBOL_ASK: value = symbol->last.ask; break;
  case SYMBOL_LAST: value = symbol->last.last; break;
  case SYMBOL_POINT: value = symbol->point; break;
  case SYMBOL_TRADE_TICK_VALUE: value = symbol->tickValue; break;
  case SYMBOL_TRADE_TICK_SIZE: value = symbol->tickSize; break;
  case SYMBOL_TRADE_CONTRACT_SIZE: value = symbol->contractSize; break;
  case SYMBOL_VOLUME_MIN: value = symbol->volumeMin; break;
  case SYMBOL_VOLUME_MAX: value = symbol->volumeMax; break;
  case SYMBOL_VOLUME_STEP: value = symbol->volumeStep; break;
  case SYMBOL_VOLUME_LIMIT: value = 0; break;
  default: return terminal::fail(ERR_MARKET_WRONG_PROPERTY, false);
  }
  return true;
}

bool SymbolInfoInteger(const string &name, ENUM_SYMBOL_INFO_INTEGER property, mql_long &value) {
  const bool isOfTick = property == SYMBOL_TIME || property == SYMBOL_TIME_MSC || property == SYMBOL_VOLUME || property == SYMBOL_SPREAD;
  if (property == SYMBOL_EXIST) return value = cache.find(name) != nullptr, true;
  const Symbol *symbol = isOfTick ? quoted(name) : known(name);
  if (symbol == nullptr) return false;
  switch (property) {
  case SYMBOL_SELECT:
  case SYMBOL_VISIBLE: value = symbol->selected; break;
  case SYMBOL_CUSTOM: value = 0; break;
  case SYMBOL_DIGITS: value = symbol->digits; break;
  case SYMBOL_SPREAD: value = static_cast<mql_long>(MathRound((symbol->last.ask - symbol->last.bid) / symbol->point)); break;
  case SYMBOL_TRADE_MODE: value = symbol->tradeMode; break;
  case SYMBOL_TRADE_STOPS_LEVEL: value = symbol->stopsLevel; break;
  case SYMBOL_TRADE_FREEZE_LEVEL: value = symbol->freezeLevel; break;
  case SYMBOL_TRADE_EXEMODE: value = symbol->exemode; break;
  case SYMBOL_FILLING_MODE: value = symbol->fillingFlags; break;
  case SYMBOL_EXPIRATION_MODE: value = symbol->expirationFlags; break;
  case SYMBOL_ORDER_MODE: value = symbol->orderFlags; break;
  case SYMBOL_TIME: value = symbol->last.time; break;
  case SYMBOL_TIME_MSC: value = symbol->last.time_msc; break;
  case SYMBOL_VOLUME: value = static_cast<mql_long>(symbol->last.volume); break;
  default: return terminal::fail(ERR_MARKET_WRONG_PROPERTY, false);
  }
  return true;
}

bool SymbolInfoString(const string &name, ENUM_SYMBOL_INFO_STRING property, string &value) {
  const Symbol *symbol = known(name);
  if (symbol == nullptr) return false;
  switch (property) {
  case SYMBOL_DESCRIPTION: value = symbol->description; break;
  case SYMBOL_PATH: value = symbol->name; break;
  case SYMBOL_CURRENCY_BASE: value = symbol->currencyBase; break;
  case SYMBOL_CURRENCY_PROFIT: value = symbol->currencyProfit; break;
  case SYMBOL_CURRENCY_MARGIN: value = symbol->currencyMargin; break;
  default: return terminal::fail(ERR_MARKET_WRONG_PROPERTY, false);
  }
  return true;
}

double SymbolInfoDouble(const string &name, ENUM_SYMBOL_INFO_DOUBLE property) {
  double value = 0;
  SymbolInfoDouble(name, property, value);
  return value;
}
mql_long SymbolInfoInteger(const string &name, ENUM_SYMBOL_INFO_INTEGER property) {
  mql_long value = 0;
  SymbolInfoInteger(name, property, value);
  return value;
}
string SymbolInfoString(const string &name, ENUM_SYMBOL_INFO_STRING property) {
  string value;
  SymbolInfoString(name, property, value);
  return value;
}

bool SymbolIsSynchronized(const string &name) {
  const Symbol *symbol = known(name);
  return symbol != nullptr && symbol->selected && TerminalInfoInteger(TERMINAL_CONNECTED) != 0;
}

int CopyTicks(const string &name, array<MqlTick> &ticks, uint flags, ulong from, uint count) {
  const Symbol *symbol = known(name);
  if (symbol == nullptr) return -1;
  if (!symbol->selected) return terminal::fail(ERR_MARKET_NOT_SELECTED, -1);
  const auto &all = symbol->ticks;
  std::vector<MqlTick> found;
  if (from == 0) {
    // The newest ones.
    const std::size_t limit = count == 0 ? TICKS_WITHOUT_COUNT : count;
    for (auto tick = all.rbegin(); tick != all.rend() && found.size() < limit; ++tick)
      if (isOfKind(*tick, flags)) found.push_back(*tick);
    std::reverse(found.begin(), found.end());
  } else {
    const auto isBefore = [](const MqlTick &tick, mql_long timeMsc) { return tick.time_msc < timeMsc; };
    const std::size_t limit = count == 0 ? all.size() : count;
    for (auto tick = std::lower_bound(all.begin(), all.end(), static_cast<mql_long>(from), isBefore); tick != all.end() && found.size() < limit; ++tick)
      if (isOfKind(*tick, flags)) found.push_back(*tick);
  }
  const int size = static_cast<int>(found.size());
  ArrayResize(ticks, size);
  if (size > 0) std::memcpy(static_cast<void *>(ticks.data()), found.data(), sizeof(MqlTick) * found.size());
  return size;
}

int CopyRates(const string &name, ENUM_TIMEFRAMES timeframe, int start, int count, array<MqlRates> &rates) {
  if (known(name) == nullptr) return -1;
  if (start < 0 || count <= 0) return terminal::fail(ERR_INVALID_PARAMETER, -1);
  const auto answer = broker.ask("rates\t" + terminal::escaped(name) + "\t" + std::to_string(static_cast<int>(timeframe)) + "\t" + std::to_string(start + count));
  if (answer == nullptr) return terminal::fail(ERR_HISTORY_TIMEOUT, -1);
  Fields end(answer->end);
  end.bytes();
  const int error = static_cast<int>(end.whole());
  if (error != 0) return terminal::fail(error, -1);
  // The newest `start` bars are left out; the broker sends oldest first.
  const int size = MathMax(0, MathMin(count, static_cast<int>(answer->rows.size()) - start));
  ArrayResize(rates, size);
  for (int i = 0; i < size; i++) rates[i] = rateOf(answer->rows[static_cast<std::size_t>(i)]);
  return size;
}

} // namespace mql5

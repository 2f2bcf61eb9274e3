// OrderSend, OrderCheck and OrderCalcMargin: what leaves the terminal.
#include "broker-link.hpp"
#include "errors.hpp"
#include <cstdio>

namespace mql5 {

using terminal::broker;
using terminal::cache;
using terminal::escaped;
using terminal::Fields;

namespace {

std::string exact(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

/** The request as the broker reads it. */
std::string line(const char *kind, const MqlTradeRequest &r) {
  std::string made = kind;
  const auto add = [&](const std::string &field) { made += "\t" + field; };
  add(std::to_string(static_cast<int>(r.action))), add(std::to_string(r.magic)), add(std::to_string(r.order)), add(escaped(r.symbol));
  add(exact(r.volume)), add(exact(r.price)), add(exact(r.stoplimit)), add(exact(r.sl)), add(exact(r.tp)), add(std::to_string(r.deviation));
  add(std::to_string(static_cast<int>(r.type))), add(std::to_string(static_cast<int>(r.type_filling)));
  add(std::to_string(static_cast<int>(r.type_time))), add(std::to_string(r.expiration.seconds)), add(escaped(r.comment));
  add(std::to_string(r.position)), add(std::to_string(r.position_by));
  return made;
}

bool succeeded(bool isGood, int error) {
  if (!isGood) terminal::fail(error);
  return isGood;
}

} // namespace

bool OrderSend(const MqlTradeRequest &request, MqlTradeResult &result) {
  result = MqlTradeResult{};
  const auto answer = broker.ask(line("send", request));
  if (answer == nullptr) {
    // Not connected, or no longer: whether the request arrived is not known.
    result.retcode = TRADE_RETCODE_CONNECTION;
    result.comment = u"No connection"_s;
    return terminal::fail(ERR_TRADE_SEND_FAILED, false);
  }
  Fields f(answer->end);
  f.bytes();
  const bool isGood = f.flag();
  result.retcode = static_cast<uint>(f.whole()), result.deal = f.unsignedWhole(), result.order = f.unsignedWhole();
  result.volume = f.real(), result.price = f.real(), result.bid = f.real(), result.ask = f.real();
  result.comment = f.text(), result.request_id = static_cast<uint>(f.whole());
  return succeeded(isGood, static_cast<int>(f.whole()));
}

bool OrderCheck(const MqlTradeRequest &request, MqlTradeCheckResult &result) {
  result = MqlTradeCheckResult{};
  const auto answer = broker.ask(line("check", request));
  if (answer == nullptr) {
    result.retcode = TRADE_RETCODE_CONNECTION;
    return terminal::fail(ERR_TRADE_SEND_FAILED, false);
  }
  Fields f(answer->end);
  f.bytes();
  const bool isGood = f.flag();
  result.retcode = static_cast<uint>(f.whole()), result.balance = f.real(), result.equity = f.real(), result.profit = f.real();
  result.margin = f.real(), result.margin_free = f.real(), result.margin_level = f.real(), result.comment = f.text();
  return succeeded(isGood, static_cast<int>(f.whole()));
}

/** For symbols whose margin or profit currency is the account's; others need a rate that the terminal looks up itself. */
bool OrderCalcMargin(ENUM_ORDER_TYPE, const string &name, double volume, double price, double &margin) {
  const terminal::Symbol *symbol = cache.find(name);
  if (symbol == nullptr) return terminal::fail(ERR_MARKET_UNKNOWN_SYMBOL, false);
  const double inMarginCurrency = volume * symbol->contractSize / static_cast<double>(MathMax(cache.account.leverage, 1LL));
  const bool isDirect = symbol->currencyMargin == cache.account.currency;
  if (!isDirect && symbol->currencyProfit != cache.account.currency) return terminal::fail(ERR_TRADE_CALC_FAILED, false);
  margin = isDirect ? inMarginCurrency : inMarginCurrency * price;
  return true;
}

} // namespace mql5

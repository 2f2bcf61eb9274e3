// What the program can ask about the terminal, itself, the account and the time.
#include "broker-link.hpp"
#include "errors.hpp"

namespace mql5 {

using terminal::broker;
using terminal::cache;

namespace {

/** A switch is on until the broker has said otherwise. */
int switchState(const char *name) {
  const auto found = cache.switches.find(name);
  return found == cache.switches.end() || found->second ? 1 : 0;
}

mql_long serverMs() { return platform::utcMs() + cache.offsetS * 1000; }

} // namespace

int TerminalInfoInteger(int property) {
  switch (property) {
  case TERMINAL_CONNECTED: return broker.isConnected() ? switchState("TERMINAL_CONNECTED") : 0;
  case TERMINAL_TRADE_ALLOWED: return switchState("TERMINAL_TRADE_ALLOWED");
  case TERMINAL_BUILD: return 5000;
  case TERMINAL_MAXBARS: return 100000;
  case TERMINAL_DLLS_ALLOWED: return 0;
  case TERMINAL_PING_LAST: return 1000;
  default: return terminal::fail(ERR_INVALID_PARAMETER, 0);
  }
}

string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property) {
  switch (property) {
  case TERMINAL_NAME: return u"MetaTrader 5"_s;
  case TERMINAL_LANGUAGE: return u"English"_s;
  case TERMINAL_COMPANY: return cache.account.company;
  case TERMINAL_PATH:
  case TERMINAL_DATA_PATH:
  case TERMINAL_COMMONDATA_PATH: return string::utf8(terminal::dataFolder());
  }
  return terminal::fail(ERR_INVALID_PARAMETER, string());
}

int MQLInfoInteger(int property) {
  switch (property) {
  case MQL_TRADE_ALLOWED: return switchState("MQL_TRADE_ALLOWED");
  case MQL_PROGRAM_TYPE: return PROGRAM_EXPERT;
  case MQL_DLLS_ALLOWED: case MQL_DEBUG: case MQL_TESTER: case MQL_OPTIMIZATION: case MQL_VISUAL_MODE: return 0;
  default: return terminal::fail(ERR_INVALID_PARAMETER, 0);
  }
}

string MQLInfoString(int property) {
  const string name = string::utf8(terminal::program.name);
  if (property == MQL_PROGRAM_NAME) return name;
  if (property == MQL_PROGRAM_PATH) return string::utf8(terminal::dataFolder()) + u"\\MQL5\\Experts\\"_s + name + u".ex5"_s;
  return terminal::fail(ERR_INVALID_PARAMETER, string());
}

double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property) {
  const auto &a = cache.account;
  switch (property) {
  case ACCOUNT_BALANCE: return a.balance;
  case ACCOUNT_CREDIT: return a.credit;
  case ACCOUNT_PROFIT: return a.profit;
  case ACCOUNT_EQUITY: return a.equity;
  case ACCOUNT_MARGIN: return a.margin;
  case ACCOUNT_MARGIN_FREE: return a.marginFree;
  case ACCOUNT_MARGIN_LEVEL: return a.marginLevel;
  case ACCOUNT_MARGIN_SO_CALL: return a.soCall;
  case ACCOUNT_MARGIN_SO_SO: return a.soSo;
  }
  return terminal::fail(ERR_INVALID_PARAMETER, 0.0);
}

mql_long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property) {
  const auto &a = cache.account;
  switch (property) {
  case ACCOUNT_LOGIN: return a.login;
  case ACCOUNT_TRADE_MODE: return a.tradeMode;
  case ACCOUNT_TRADE_ALLOWED: return a.tradeAllowed;
  case ACCOUNT_TRADE_EXPERT: return a.tradeExpert;
  case ACCOUNT_LEVERAGE: return a.leverage;
  case ACCOUNT_LIMIT_ORDERS: return a.limitOrders;
  case ACCOUNT_MARGIN_MODE: return a.marginMode;
  case ACCOUNT_CURRENCY_DIGITS: return a.currencyDigits;
  case ACCOUNT_MARGIN_SO_MODE: return ACCOUNT_STOPOUT_MODE_PERCENT;
  case ACCOUNT_FIFO_CLOSE: return 0;
  case ACCOUNT_HEDGE_ALLOWED: return a.marginMode == ACCOUNT_MARGIN_MODE_RETAIL_HEDGING;
  }
  return terminal::fail(ERR_INVALID_PARAMETER, 0LL);
}

string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property) {
  const auto &a = cache.account;
  switch (property) {
  case ACCOUNT_NAME: return a.name;
  case ACCOUNT_SERVER: return a.server;
  case ACCOUNT_CURRENCY: return a.currency;
  case ACCOUNT_COMPANY: return a.company;
  }
  return terminal::fail(ERR_INVALID_PARAMETER, string());
}

/** The time of the last quote, not the time: it stands still with the market. */
datetime TimeCurrent() { return cache.lastTickMsc != 0 ? cache.lastTickMsc / 1000 : serverMs() / 1000; }
datetime TimeTradeServer() { return serverMs() / 1000; }
datetime TimeGMT() { return platform::utcMs() / 1000; }
datetime TimeLocal() { return TimeGMT(); }

} // namespace mql5

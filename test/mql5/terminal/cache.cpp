#include "cache.hpp"
#include <charconv>

namespace terminal {

Cache cache;

namespace {

constexpr std::size_t TICKS_KEPT = 100'000;

Order orderOf(Fields &f) {
  Order o{};
  o.ticket = f.unsignedWhole(), o.symbol = f.text(), o.type = f.whole(), o.state = f.whole();
  o.volumeInitial = f.real(), o.volumeCurrent = f.real(), o.priceOpen = f.real(), o.priceCurrent = f.real();
  o.sl = f.real(), o.tp = f.real(), o.filling = f.whole(), o.typeTime = f.whole(), o.expiration = f.whole();
  o.magic = f.unsignedWhole(), o.comment = f.text(), o.positionId = f.unsignedWhole();
  o.setupMsc = f.whole(), o.doneMsc = f.whole();
  return o;
}

void takeAccount(Account &a, Fields &f) {
  a.login = f.whole(), a.server = f.text(), a.name = f.text(), a.company = f.text(), a.currency = f.text();
  a.leverage = f.whole(), a.tradeMode = f.whole(), a.marginMode = f.whole(), a.balance = f.real(), a.credit = f.real();
  a.profit = f.real(), a.equity = f.real(), a.margin = f.real(), a.marginFree = f.real(), a.marginLevel = f.real();
  a.soCall = f.real(), a.soSo = f.real(), a.tradeAllowed = f.whole(), a.tradeExpert = f.whole();
  a.limitOrders = f.whole(), a.currencyDigits = f.whole();
}

template <class T> T number(std::string_view text) {
  T value{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size())
    stop("the broker sent '%.*s' for a number", static_cast<int>(text.size()), text.data());
  return value;
}

} // namespace

Fields::Fields(std::string_view line) : rest_(line) {}

std::string_view Fields::bytes() {
  if (isEmpty()) stop("the broker sent a line with too few fields");
  const auto tab = rest_.find('\t');
  const std::string_view field = rest_.substr(0, tab);
  rest_ = tab == std::string_view::npos ? std::string_view() : rest_.substr(tab + 1);
  return field;
}

mql5::string Fields::text() {
  const std::string_view field = bytes();
  if (field.find('\\') == std::string_view::npos) return mql5::string::utf8(field);
  std::string plain;
  for (std::size_t at = 0; at < field.size(); at++) {
    const char mark = field[at] == '\\' && at + 1 < field.size() ? field[++at] : '\0';
    plain += mark == '\0' ? field[at] : mark == 't' ? '\t' : mark == 'n' ? '\n' : mark == 'r' ? '\r' : mark;
  }
  return mql5::string::utf8(plain);
}

mql5::ulong Fields::unsignedWhole() { return number<mql5::ulong>(bytes()); }
mql5::mql_long Fields::whole() { return number<mql5::mql_long>(bytes()); }
double Fields::real() { return number<double>(bytes()); }

std::string escaped(const mql5::string &text) {
  std::string field;
  for (const char byte : text.utf8()) {
    if (byte == '\\') field += "\\\\";
    else if (byte == '\t') field += "\\t";
    else if (byte == '\n') field += "\\n";
    else if (byte == '\r') field += "\\r";
    else field += byte;
  }
  return field;
}

Symbol *Cache::find(std::string_view name) {
  const auto found = symbolsByName.find(std::string(name));
  return found == symbolsByName.end() ? nullptr : found->second;
}

bool Cache::take(std::string_view kind, Fields &f) {
  if (kind == "tick") return takeTick(f), true;
  if (kind == "position") return takePosition(f), true;
  if (kind == "position-gone") return positions.erase(f.unsignedWhole()), true;
  if (kind == "order-gone") return orders.erase(f.unsignedWhole()), true;
  if (kind == "account") return takeAccount(account, f), true;
  if (kind == "symbol") return takeSymbol(f), true;
  if (kind == "history-deal") return takeDeal(f), true;
  if (kind == "clock") return offsetS = f.whole(), true;
  // What has not come cannot be seen: the flag itself changes nothing for a program.
  if (kind == "history-ready") return true;
  if (kind == "order" || kind == "history-order") {
    const Order order = orderOf(f);
    (kind == "order" ? orders : historyOrders)[order.ticket] = order;
    return true;
  }
  if (kind == "switch") {
    const std::string name(f.bytes());
    switches[name] = f.flag();
    return true;
  }
  return false;
}

void Cache::takeSymbol(Fields &f) {
  const mql5::string name = f.text();
  Symbol *known = find(name);
  if (known == nullptr) known = symbolsByName[name.utf8()] = &symbols.emplace_back(Symbol{});
  Symbol &s = *known;
  s.name = name, s.description = f.text(), s.digits = f.whole(), s.point = f.real(), s.tickSize = f.real();
  s.tickValue = f.real(), s.contractSize = f.real(), s.volumeMin = f.real(), s.volumeMax = f.real();
  s.volumeStep = f.real(), s.stopsLevel = f.whole(), s.freezeLevel = f.whole(), s.currencyBase = f.text();
  s.currencyProfit = f.text(), s.currencyMargin = f.text(), s.exemode = f.whole(), s.fillingFlags = f.whole();
  s.tradeMode = f.whole(), s.selected = f.flag(), s.expirationFlags = f.whole(), s.orderFlags = f.whole();
}

void Cache::takeTick(Fields &f) {
  Symbol *symbol = find(f.bytes());
  if (symbol == nullptr || !symbol->selected) return;
  mql5::MqlTick tick{};
  tick.bid = f.real(), tick.ask = f.real(), tick.last = f.real(), tick.volume_real = f.real();
  tick.volume = static_cast<mql5::ulong>(tick.volume_real), tick.time_msc = f.whole();
  tick.time = tick.time_msc / 1000, tick.flags = static_cast<mql5::uint>(f.whole());
  symbol->last = tick;
  symbol->hasTick = true;
  if (tick.time_msc > lastTickMsc) lastTickMsc = tick.time_msc;
  auto &ticks = symbol->ticks;
  if (ticks.size() >= 2 * TICKS_KEPT) ticks.erase(ticks.begin(), ticks.begin() + TICKS_KEPT);
  ticks.push_back(tick);
}

void Cache::takePosition(Fields &f) {
  Position p{};
  p.ticket = f.unsignedWhole(), p.identifier = f.unsignedWhole(), p.symbol = f.text(), p.type = f.whole();
  p.volume = f.real(), p.priceOpen = f.real(), p.priceCurrent = f.real(), p.sl = f.real(), p.tp = f.real();
  p.profit = f.real(), p.swap = f.real(), p.magic = f.unsignedWhole(), p.comment = f.text();
  p.timeMsc = f.whole(), p.timeUpdateMsc = f.whole();
  positions[p.ticket] = p;
}

void Cache::takeDeal(Fields &f) {
  Deal d{};
  d.ticket = f.unsignedWhole(), d.order = f.unsignedWhole(), d.positionId = f.unsignedWhole(), d.symbol = f.text();
  d.type = f.whole(), d.entry = f.whole(), d.reason = f.whole(), d.volume = f.real(), d.price = f.real();
  d.profit = f.real(), d.commission = f.real(), d.swap = f.real(), d.magic = f.unsignedWhole(), d.comment = f.text();
  d.timeMsc = f.whole();
  historyDeals[d.ticket] = d;
}

} // namespace terminal

#include "broker-link.hpp"
#include "errors.hpp"

namespace terminal {

BrokerLink broker;

namespace {

constexpr unsigned long long RECONNECT_MS = 200;
constexpr unsigned long long SNAPSHOT_MS = 10'000;
/** MetaTrader keeps so many transactions for a program that does not come round to them. */
constexpr std::size_t TRANSACTIONS_KEPT = 1024;

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

} // namespace

bool BrokerLink::start(const std::string &address) {
  address_ = address;
  const auto deadline = platform::tickCountMs() + SNAPSHOT_MS;
  while (!isConnected() && platform::tickCountMs() < deadline && !platform::shouldStop()) pump(20);
  return isConnected();
}

void BrokerLink::pump(long waitMs) {
  if (stream_ == nullptr && platform::tickCountMs() >= nextAttemptMs_) connect();
  if (stream_ == nullptr) {
    if (waitMs > 0) platform::sleepMs(waitMs);
    return;
  }
  if (waitMs > 0) stream_->waitReadable(waitMs);
  readLines();
}

void BrokerLink::connect() {
  nextAttemptMs_ = platform::tickCountMs() + RECONNECT_MS;
  stream_ = platform::connectTo(address_, 1000);
  if (stream_ == nullptr) return;
  synced_ = false;
  received_.clear();
  incoming_ = Cache();
  tell("terminal\t1");
}

void BrokerLink::drop() {
  stream_ = nullptr;
  synced_ = false;
}

void BrokerLink::readLines() {
  char chunk[65536];
  long count;
  while ((count = stream_->read(chunk, sizeof chunk)) > 0) received_.append(chunk, static_cast<std::size_t>(count));
  const bool isGone = stream_->waiting() < 0;
  std::size_t start = 0;
  for (std::size_t end; (end = received_.find('\n', start)) != std::string::npos; start = end + 1)
    takeLine(std::string_view(received_).substr(start, end - start));
  received_.erase(0, start);
  if (isGone) drop();
}

void BrokerLink::takeLine(std::string_view line) {
  if (line.empty()) return;
  if (isDigit(line[0])) return takeAnswer(line);
  Fields fields(line);
  const std::string_view kind = fields.bytes();
  if (kind == "synced") return becomeSynced();
  if (kind == "transaction") return takeTransaction(fields);
  if (kind == "tick" && synced_ && line.substr(5).starts_with(chartName()) && line[5 + chartName().size()] == '\t') chartTicked = true;
  if (!(synced_ ? cache : incoming_).take(kind, fields)) stop("the broker sent '%.*s'", static_cast<int>(line.size()), line.data());
}

void BrokerLink::takeAnswer(std::string_view line) {
  Fields fields(line);
  // An answer to a question that was given up with the connection before.
  if (fields.unsignedWhole() != questions_ || answer_ == nullptr) return;
  const std::string rest(line.substr(line.find('\t') + 1));
  const bool isRow = rest.starts_with("rate\t");
  if (isRow) answer_->rows.push_back(rest);
  else answer_->end = rest, answered_ = true;
}

void BrokerLink::takeTransaction(Fields &f) {
  mql5::MqlTradeTransaction t{};
  t.type = static_cast<mql5::ENUM_TRADE_TRANSACTION_TYPE>(f.whole()), t.deal = f.unsignedWhole(), t.order = f.unsignedWhole();
  t.symbol = f.text(), t.order_type = static_cast<mql5::ENUM_ORDER_TYPE>(f.whole());
  t.order_state = static_cast<mql5::ENUM_ORDER_STATE>(f.whole()), t.deal_type = static_cast<mql5::ENUM_DEAL_TYPE>(f.whole());
  t.price = f.real(), t.price_sl = f.real(), t.price_tp = f.real(), t.volume = f.real();
  t.position = f.unsignedWhole(), t.position_by = f.unsignedWhole();
  if (transactions.size() >= TRANSACTIONS_KEPT) transactions.pop_front();
  transactions.push_back(t);
}

void BrokerLink::becomeSynced() {
  std::vector<std::string> selected;
  for (Symbol &symbol : incoming_.symbols) {
    Symbol *before = cache.find(symbol.name);
    if (before == nullptr) continue;
    symbol.ticks = std::move(before->ticks);
    if (!symbol.hasTick) symbol.last = before->last, symbol.hasTick = before->hasTick;
    if (before->selected && !symbol.selected) selected.push_back(symbol.name.utf8());
  }
  if (incoming_.lastTickMsc < cache.lastTickMsc) incoming_.lastTickMsc = cache.lastTickMsc;
  cache = std::move(incoming_);
  incoming_ = Cache();
  synced_ = true;
  for (const std::string &name : selected) {
    cache.find(name)->selected = true;
    tell("select\t" + name + "\t1");
  }
}

void BrokerLink::tell(const std::string &line) {
  if (stream_ == nullptr) return;
  const std::string bytes = line + "\n";
  if (!stream_->write(bytes.data(), bytes.size())) drop();
}

std::unique_ptr<BrokerLink::Answer> BrokerLink::ask(const std::string &question) {
  if (!isConnected()) return nullptr;
  answer_ = std::make_unique<Answer>();
  answered_ = false;
  tell(std::to_string(++questions_) + "\t" + question);
  const auto asked = questions_;
  while (!answered_ && isConnected() && asked == questions_) pump(100);
  auto answer = std::move(answer_);
  return answered_ ? std::move(answer) : nullptr;
}

} // namespace terminal

// The terminal's main loop: one thread, one event after the other, as MetaTrader runs a program.
#include "broker-link.hpp"
#include "errors.hpp"
#include <cstdio>
#include <cstdlib>

namespace terminal {
namespace {

int lastError = 0;
bool isRemoved = false;
/** 0 without a timer. */
long timerMs = 0;
unsigned long long timerDueMs = 0;

long timerFloorMs() {
  static const long floorMs = std::atol(environment("MT5_TIMER_MS", "15").c_str());
  return floorMs;
}

bool isEnding() { return isRemoved || platform::shouldStop(); }

void tellTransaction() {
  const mql5::MqlTradeTransaction transaction = broker.transactions.front();
  broker.transactions.pop_front();
  if (program.onTradeTransaction != nullptr) program.onTradeTransaction(transaction, mql5::MqlTradeRequest{}, mql5::MqlTradeResult{});
}

void tellTick() {
  // Ticks that come while the program is busy make one event: NewTick is not queued twice.
  broker.chartTicked = false;
  if (program.onTick != nullptr) program.onTick();
}

void tellTimer() {
  const auto now = platform::tickCountMs();
  const auto period = static_cast<unsigned long long>(timerMs);
  // Missed beats are not made up for: Timer is not queued twice either.
  timerDueMs += (now - timerDueMs) / period * period + period;
  if (program.onTimer != nullptr) program.onTimer();
}

void run() {
  while (!isEnding()) {
    broker.pump(0);
    const auto now = platform::tickCountMs();
    if (!broker.transactions.empty()) tellTransaction();
    else if (broker.chartTicked) tellTick();
    if (isEnding()) return;
    const bool isTimerDue = timerMs > 0 && platform::tickCountMs() >= timerDueMs;
    if (isTimerDue) tellTimer();
    else if (broker.transactions.empty() && !broker.chartTicked) {
      const long untilTimer = timerMs > 0 ? static_cast<long>(timerDueMs - now) : 50;
      broker.pump(untilTimer < 1 ? 1 : untilTimer > 50 ? 50 : untilTimer);
    }
  }
}

} // namespace

void fail(int error) { lastError = error; }

std::string environment(const char *name, const char *standard) {
  const char *value = std::getenv(name);
  return value == nullptr ? standard : value;
}

const std::string &dataFolder() {
  static const std::string folder = environment("MT5_DATA", ".");
  return folder;
}

const std::string &chartName() {
  static const std::string name = environment("MT5_SYMBOL", "EURUSD");
  return name;
}

} // namespace terminal

namespace mql5 {

const string chartSymbol = string::utf8(terminal::chartName());

int GetLastError() { return terminal::lastError; }
void ResetLastError() { terminal::lastError = 0; }

bool EventSetMillisecondTimer(int milliseconds) {
  if (milliseconds <= 0) return terminal::fail(ERR_INVALID_PARAMETER, false);
  terminal::timerMs = milliseconds < terminal::timerFloorMs() ? terminal::timerFloorMs() : milliseconds;
  terminal::timerDueMs = platform::tickCountMs() + static_cast<ulong>(terminal::timerMs);
  return true;
}
void EventKillTimer() { terminal::timerMs = 0; }
void ExpertRemove() { terminal::isRemoved = true; }
bool IsStopped() { return terminal::isEnding(); }

void Sleep(int milliseconds) {
  const auto end = platform::tickCountMs() + static_cast<ulong>(milliseconds > 0 ? milliseconds : 0);
  terminal::broker.pump(0);
  while (!IsStopped()) {
    const auto now = platform::tickCountMs();
    if (now >= end) return;
    terminal::broker.pump(end - now > 50 ? 50 : static_cast<long>(end - now));
  }
}

} // namespace mql5

int main() {
  using namespace terminal;
  platform::watchForStop(dataFolder());
  platform::trapZeroDivide([] { stop("zero divide"); });
  if (!broker.start(environment("MT5_BROKER", ""))) {
    std::fprintf(stderr, "the broker at MT5_BROKER cannot be reached\n");
    return 2;
  }
  loadGlobalVariables();
  // A chart's symbol is always in Market Watch.
  mql5::SymbolSelect(mql5::chartSymbol, true);
  const int failed = program.onInit == nullptr ? 0 : program.onInit();
  if (failed == 0) run();
  const int reason = failed != 0 ? mql5::REASON_INITFAILED : isRemoved ? mql5::REASON_PROGRAM : mql5::REASON_CLOSE;
  if (program.onDeinit != nullptr) program.onDeinit(reason);
  mql5::GlobalVariablesFlush();
  std::fflush(nullptr);
  return failed == 0 ? 0 : 1;
}

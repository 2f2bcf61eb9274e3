// The terminal's connection to the simulated broker.
#pragma once
#include "cache.hpp"
#include "platform.hpp"
#include <deque>

namespace terminal {

class BrokerLink {
public:
  /** Connects and waits for the first whole snapshot; false when the broker cannot be reached. */
  bool start(const std::string &address);
  /** Takes in what has come; waits for it for at most so long. Reconnects where the connection broke. */
  void pump(long waitMs);
  bool isConnected() const { return stream_ != nullptr && synced_; }
  void tell(const std::string &line);
  /** Asks and waits for the answer, without a limit as MetaTrader does; null when the connection broke. */
  struct Answer {
    std::vector<std::string> rows;
    std::string end;
  };
  std::unique_ptr<Answer> ask(const std::string &question);

  std::deque<mql5::MqlTradeTransaction> transactions;
  /** The chart's symbol has a tick that OnTick has not been called for. */
  bool chartTicked = false;

private:
  void connect();
  void drop();
  void readLines();
  void takeLine(std::string_view line);
  void takeAnswer(std::string_view line);
  void takeTransaction(Fields &fields);
  void becomeSynced();

  std::string address_;
  std::unique_ptr<platform::Stream> stream_;
  std::string received_;
  bool synced_ = false;
  /** The snapshot that is coming in, until it is whole. */
  Cache incoming_;
  unsigned long long nextAttemptMs_ = 0;
  unsigned long long questions_ = 0;
  std::unique_ptr<Answer> answer_;
  bool answered_ = false;
};

extern BrokerLink broker;

} // namespace terminal

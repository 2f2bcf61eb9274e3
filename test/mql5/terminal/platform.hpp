// What differs between Linux and Windows: streams, clocks, the wish to stop. One implementation file each.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace platform {

/** A connection of bytes: a socket, or a named pipe. */
class Stream {
public:
  virtual ~Stream() = default;
  /** Bytes that can be read without waiting; -1 when the other end is gone and nothing is left. */
  virtual long waiting() = 0;
  /** Reads what is there, at most `limit` bytes; 0 or less when nothing could be read. */
  virtual long read(void *bytes, std::size_t limit) = 0;
  /** Writes all of it, waiting for room; false when the other end is gone or the program is to stop. */
  virtual bool write(const void *bytes, std::size_t count) = 0;
  /** Waits until something can be read, the time is over or the program is to stop. */
  virtual void waitReadable(long timeoutMs) = 0;
};

/** `unix:PATH` or `tcp:HOST:PORT`; null when nobody listens. */
std::unique_ptr<Stream> connectTo(const std::string &address, long timeoutMs);
/** The pipe `\\.\pipe\NAME`; null when nobody serves it. */
std::unique_ptr<Stream> openPipe(const std::string &name);

/** Milliseconds since the machine started, the same in every process. */
unsigned long long tickCountMs();
unsigned long long microseconds();
/** Wall clock, Unix milliseconds. */
long long utcMs();
void sleepMs(long durationMs);

/** From here on a wish to stop (SIGTERM; on Windows a file `stop` in the folder) is noticed, not obeyed. */
void watchForStop(const std::string &folder);
bool shouldStop();
/** A division by zero ends the program with MetaTrader's words. */
void trapZeroDivide(void (*stopped)());

} // namespace platform

// Linux: Unix and TCP sockets; a named pipe is a Unix socket of that name in MT5_PIPE_FOLDER.
#ifndef _WIN32
#include "platform.hpp"
#include <cerrno>
#include <cfenv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace platform {
namespace {

volatile std::sig_atomic_t stopWanted = 0;
void (*zeroDivided)() = nullptr;

class Socket final : public Stream {
public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(const Socket &) = delete;
  Socket &operator=(const Socket &) = delete;
  ~Socket() override { close(descriptor_); }

  long waiting() override {
    int count = 0;
    if (ioctl(descriptor_, FIONREAD, &count) != 0) return -1;
    if (count > 0) return count;
    char byte;
    const long peeked = recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    const bool isOpen = peeked > 0 || (peeked < 0 && (errno == EAGAIN || errno == EINTR));
    return isOpen ? (peeked > 0 ? peeked : 0) : -1;
  }
  long read(void *bytes, std::size_t limit) override { return recv(descriptor_, bytes, limit, MSG_DONTWAIT); }
  bool write(const void *bytes, std::size_t count) override {
    const char *next = static_cast<const char *>(bytes);
    while (count > 0) {
      const long sent = send(descriptor_, next, count, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) {
        next += sent;
        count -= static_cast<std::size_t>(sent);
      } else if (errno == EAGAIN || errno == EINTR) {
        if (shouldStop()) return false;
        pollfd room{descriptor_, POLLOUT, 0};
        poll(&room, 1, 100);
      } else return false;
    }
    return true;
  }
  void waitReadable(long timeoutMs) override {
    pollfd waited{descriptor_, POLLIN, 0};
    poll(&waited, 1, static_cast<int>(timeoutMs));
  }

private:
  int descriptor_;
};

/** Connects within the time, or closes the socket. */
std::unique_ptr<Stream> connected(int descriptor, const sockaddr *to, socklen_t size, long timeoutMs) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  bool done = connect(descriptor, to, size) == 0;
  if (!done && errno == EINPROGRESS) {
    pollfd waited{descriptor, POLLOUT, 0};
    poll(&waited, 1, static_cast<int>(timeoutMs));
    int failure = ETIMEDOUT;
    socklen_t length = sizeof failure;
    done = (waited.revents & POLLOUT) != 0 && getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0;
  }
  if (done) return std::make_unique<Socket>(descriptor);
  close(descriptor);
  return nullptr;
}

std::unique_ptr<Stream> connectUnix(const std::string &path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return nullptr;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  return connected(socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<sockaddr *>(&address), sizeof address, 1000);
}

std::unique_ptr<Stream> connectTcp(const std::string &host, const std::string &port, long timeoutMs) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo *found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return nullptr;
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto stream = connected(descriptor, found->ai_addr, found->ai_addrlen, timeoutMs);
  freeaddrinfo(found);
  return stream;
}

unsigned long long nowNs(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<unsigned long long>(now.tv_sec) * 1'000'000'000ull + static_cast<unsigned long long>(now.tv_nsec);
}

} // namespace

std::unique_ptr<Stream> connectTo(const std::string &address, long timeoutMs) {
  if (address.starts_with("unix:")) return connectUnix(address.substr(5));
  const auto colon = address.rfind(':');
  if (!address.starts_with("tcp:") || colon < 4) return nullptr;
  return connectTcp(address.substr(4, colon - 4), address.substr(colon + 1), timeoutMs);
}

std::unique_ptr<Stream> openPipe(const std::string &name) {
  const char *folder = std::getenv("MT5_PIPE_FOLDER");
  return folder == nullptr ? nullptr : connectUnix(std::string(folder) + "/" + name);
}

unsigned long long tickCountMs() { return nowNs(CLOCK_BOOTTIME) / 1'000'000; }
unsigned long long microseconds() { return nowNs(CLOCK_MONOTONIC) / 1'000; }
long long utcMs() { return static_cast<long long>(nowNs(CLOCK_REALTIME) / 1'000'000); }

void sleepMs(long durationMs) {
  const timespec duration{durationMs / 1000, durationMs % 1000 * 1'000'000};
  nanosleep(&duration, nullptr);
}

void watchForStop(const std::string &) {
  struct sigaction action {};
  action.sa_handler = [](int) { stopWanted = 1; };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

bool shouldStop() { return stopWanted != 0; }

void trapZeroDivide(void (*stopped)()) {
  zeroDivided = stopped;
  struct sigaction action {};
  action.sa_handler = [](int) { zeroDivided(); };
  sigaction(SIGFPE, &action, nullptr);
  // MetaTrader stops at a floating-point division by zero as well, where C++ goes on with infinity.
  feenableexcept(FE_DIVBYZERO);
}

} // namespace platform
#endif

// Windows: winsock for TCP, named pipes through CreateFile and PeekNamedPipe.
#ifdef _WIN32
#include "platform.hpp"
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include <csignal>

namespace platform {
namespace {

std::string stopFile;
void (*zeroDivided)() = nullptr;

class Socket final : public Stream {
public:
  explicit Socket(SOCKET socket) : socket_(socket) {}
  Socket(const Socket &) = delete;
  Socket &operator=(const Socket &) = delete;
  ~Socket() override { closesocket(socket_); }

  long waiting() override {
    u_long count = 0;
    if (ioctlsocket(socket_, FIONREAD, &count) != 0) return -1;
    if (count > 0) return static_cast<long>(count);
    char byte;
    const int peeked = recv(socket_, &byte, 1, MSG_PEEK);
    if (peeked > 0) return 1;
    return peeked < 0 && WSAGetLastError() == WSAEWOULDBLOCK ? 0 : -1;
  }
  long read(void *bytes, std::size_t limit) override {
    return recv(socket_, static_cast<char *>(bytes), static_cast<int>(limit), 0);
  }
  bool write(const void *bytes, std::size_t count) override {
    const char *next = static_cast<const char *>(bytes);
    while (count > 0) {
      const int sent = send(socket_, next, static_cast<int>(count), 0);
      if (sent > 0) {
        next += sent;
        count -= static_cast<std::size_t>(sent);
      } else if (WSAGetLastError() == WSAEWOULDBLOCK && !shouldStop()) wait(false, 100);
      else return false;
    }
    return true;
  }
  void waitReadable(long timeoutMs) override { wait(true, timeoutMs); }

private:
  void wait(bool toRead, long timeoutMs) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(socket_, &set);
    timeval limit{timeoutMs / 1000, timeoutMs % 1000 * 1000};
    select(0, toRead ? &set : nullptr, toRead ? nullptr : &set, nullptr, &limit);
  }

  SOCKET socket_;
};

class Pipe final : public Stream {
public:
  explicit Pipe(HANDLE handle) : handle_(handle) {}
  Pipe(const Pipe &) = delete;
  Pipe &operator=(const Pipe &) = delete;
  ~Pipe() override { CloseHandle(handle_); }

  long waiting() override {
    DWORD count = 0;
    return PeekNamedPipe(handle_, nullptr, 0, nullptr, &count, nullptr) ? static_cast<long>(count) : -1;
  }
  long read(void *bytes, std::size_t limit) override {
    DWORD count = 0;
    return ReadFile(handle_, bytes, static_cast<DWORD>(limit), &count, nullptr) ? static_cast<long>(count) : -1;
  }
  bool write(const void *bytes, std::size_t count) override {
    DWORD written = 0;
    return WriteFile(handle_, bytes, static_cast<DWORD>(count), &written, nullptr) && written == count;
  }
  void waitReadable(long timeoutMs) override {
    for (const auto end = tickCountMs() + static_cast<unsigned long long>(timeoutMs); waiting() == 0 && tickCountMs() < end && !shouldStop();) Sleep(1);
  }

private:
  HANDLE handle_;
};

} // namespace

std::unique_ptr<Stream> connectTo(const std::string &address, long timeoutMs) {
  const auto colon = address.rfind(':');
  if (!address.starts_with("tcp:") || colon < 4) return nullptr;
  WSADATA data;
  WSAStartup(MAKEWORD(2, 2), &data);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<u_short>(std::stoi(address.substr(colon + 1))));
  to.sin_addr.s_addr = inet_addr(address.substr(4, colon - 4).c_str());
  const SOCKET socket = ::socket(AF_INET, SOCK_STREAM, 0);
  u_long on = 1;
  ioctlsocket(socket, FIONBIO, &on);
  const BOOL noDelay = TRUE;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, reinterpret_cast<const char *>(&noDelay), sizeof noDelay);
  bool done = connect(socket, reinterpret_cast<sockaddr *>(&to), sizeof to) == 0;
  if (!done && WSAGetLastError() == WSAEWOULDBLOCK) {
    fd_set writable;
    FD_ZERO(&writable);
    FD_SET(socket, &writable);
    timeval limit{timeoutMs / 1000, timeoutMs % 1000 * 1000};
    done = select(0, nullptr, &writable, nullptr, &limit) == 1;
  }
  if (done) return std::make_unique<Socket>(socket);
  closesocket(socket);
  return nullptr;
}

std::unique_ptr<Stream> openPipe(const std::string &name) {
  const std::string path = "\\\\.\\pipe\\" + name;
  const HANDLE handle = CreateFileA(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) return nullptr;
  return std::make_unique<Pipe>(handle);
}

unsigned long long tickCountMs() { return GetTickCount64(); }

unsigned long long microseconds() {
  LARGE_INTEGER count, frequency;
  QueryPerformanceCounter(&count);
  QueryPerformanceFrequency(&frequency);
  return static_cast<unsigned long long>(count.QuadPart / (frequency.QuadPart / 1'000'000 + (frequency.QuadPart < 1'000'000)));
}

long long utcMs() {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  const long long since1601 = static_cast<long long>(now.dwHighDateTime) << 32 | now.dwLowDateTime;
  return since1601 / 10'000 - 11'644'473'600'000;
}

void sleepMs(long durationMs) { Sleep(static_cast<DWORD>(durationMs)); }

void watchForStop(const std::string &folder) { stopFile = folder + "\\stop"; }

bool shouldStop() {
  static bool wanted = false;
  static unsigned long long lookedAt = 0;
  // There is no SIGTERM; a file is looked for ten times a second.
  if (!wanted && tickCountMs() - lookedAt >= 100) {
    lookedAt = tickCountMs();
    wanted = GetFileAttributesA(stopFile.c_str()) != INVALID_FILE_ATTRIBUTES;
  }
  return wanted;
}

void trapZeroDivide(void (*stopped)()) {
  zeroDivided = stopped;
  std::signal(SIGFPE, [](int) { zeroDivided(); });
}

} // namespace platform
#endif

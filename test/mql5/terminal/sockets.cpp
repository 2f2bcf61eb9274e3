// MQL5's Socket functions.
#include "errors.hpp"
#include "platform.hpp"
#include <map>

namespace mql5 {
namespace {

constexpr std::size_t SOCKETS_AT_ONCE = 128;

/** Null until it is connected, and after an error. */
std::map<int, std::unique_ptr<platform::Stream>> sockets;
int nextSocket = 1;

/** MT5_SOCKETS=0: the address is not in the terminal's list of allowed ones. */
bool areAllowed() {
  static const bool allowed = terminal::environment("MT5_SOCKETS", "1") != "0";
  return allowed;
}

platform::Stream *connected(int socket) {
  const auto found = sockets.find(socket);
  if (found == sockets.end()) return terminal::fail(ERR_NETSOCKET_INVALIDHANDLE, static_cast<platform::Stream *>(nullptr));
  if (found->second == nullptr) terminal::fail(ERR_NETSOCKET_IO_ERROR);
  return found->second.get();
}

/** After an error a socket is no longer connected. */
int broken(int socket) {
  sockets[socket] = nullptr;
  return terminal::fail(ERR_NETSOCKET_IO_ERROR, -1);
}

} // namespace

int SocketCreate(uint) {
  if (sockets.size() >= SOCKETS_AT_ONCE) return terminal::fail(ERR_NETSOCKET_TOO_MANY_OPENED, INVALID_HANDLE);
  sockets[nextSocket] = nullptr;
  return nextSocket++;
}

bool SocketConnect(int socket, const string &server, uint port, uint timeoutMs) {
  if (!sockets.contains(socket)) return terminal::fail(ERR_NETSOCKET_INVALIDHANDLE, false);
  if (!areAllowed()) return terminal::fail(ERR_FUNCTION_NOT_ALLOWED, false);
  sockets[socket] = platform::connectTo("tcp:" + server.utf8() + ":" + std::to_string(port), static_cast<long>(timeoutMs));
  return sockets[socket] != nullptr || terminal::fail(ERR_NETSOCKET_CANNOT_CONNECT, false);
}

bool SocketIsConnected(int socket) {
  const auto found = sockets.find(socket);
  if (found == sockets.end()) return terminal::fail(ERR_NETSOCKET_INVALIDHANDLE, false);
  return found->second != nullptr && found->second->waiting() >= 0;
}

uint SocketIsReadable(int socket) {
  platform::Stream *stream = connected(socket);
  const long waiting = stream == nullptr ? 0 : stream->waiting();
  return waiting < 0 ? 0 : static_cast<uint>(waiting);
}

int SocketRead(int socket, array<uchar> &bytes, uint limit, uint timeoutMs) {
  platform::Stream *stream = connected(socket);
  if (stream == nullptr) return -1;
  if (stream->waiting() == 0) stream->waitReadable(static_cast<long>(timeoutMs));
  const long waiting = stream->waiting();
  if (waiting < 0) return broken(socket);
  if (waiting == 0) return terminal::fail(ERR_NETSOCKET_IO_ERROR, -1);
  const int count = waiting < static_cast<long>(limit) ? static_cast<int>(waiting) : static_cast<int>(limit);
  ArrayResize(bytes, count);
  const long got = stream->read(bytes.data(), static_cast<std::size_t>(count));
  return got <= 0 ? broken(socket) : static_cast<int>(got);
}

int SocketSend(int socket, const array<uchar> &bytes, uint count) {
  platform::Stream *stream = connected(socket);
  if (stream == nullptr) return -1;
  if (static_cast<int>(count) > bytes.size()) terminal::stop("SocketSend of %u bytes from %d", count, bytes.size());
  return stream->write(bytes.data(), count) ? static_cast<int>(count) : broken(socket);
}

bool SocketClose(int socket) {
  return sockets.erase(socket) == 1 || terminal::fail(ERR_NETSOCKET_INVALIDHANDLE, false);
}

} // namespace mql5

// Ends the program where MetaTrader would stop it, and where C++ would quietly do something else than MQL5.
#pragma once

namespace terminal {

/** Writes `MQL5: <text>` to stderr, formatted as printf does, and aborts. */
[[noreturn]] void stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

} // namespace terminal

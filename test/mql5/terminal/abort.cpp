#include "abort.hpp"
#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace terminal {

void stop(const char *format, ...) {
  std::fputs("MQL5: ", stderr);
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::fputc('\n', stderr);
  std::fflush(stderr);
  std::abort();
}

} // namespace terminal

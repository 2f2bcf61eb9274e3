// Numbers and times to text and back, StringFormat, and MQL5's mathematics.
#include "errors.hpp"
#include "platform.hpp"
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace mql5 {

double string::toDouble() const { return StringToDouble(*this); }
long long string::toInteger() const { return StringToInteger(*this); }
ulong string::toUnsigned() const {
  const std::string bytes = utf8();
  return bytes.find('-') == std::string::npos ? std::strtoull(bytes.c_str(), nullptr, 10) : static_cast<ulong>(toInteger());
}

mql_long StringToInteger(const string &text) { return std::strtoll(text.utf8().c_str(), nullptr, 10); }

double StringToDouble(const string &text) {
  const std::string bytes = text.utf8();
  // strtod also reads hexadecimal, "inf" and "nan".
  const auto first = bytes.find_first_not_of(" \t+-");
  if (first == std::string::npos || (bytes[first] != '.' && (bytes[first] < '0' || bytes[first] > '9'))) return 0;
  if (bytes.size() > first + 1 && (bytes[first + 1] | 32) == 'x') return 0;
  return std::strtod(bytes.c_str(), nullptr);
}

string IntegerToString(mql_long value, int width, ushort fill) {
  const string digits{value};
  const int missing = width - digits.length();
  return missing <= 0 ? digits : string(std::u16string(static_cast<std::size_t>(missing), fill)) + digits;
}

string DoubleToString(double value, int digits) {
  char text[400];
  if (digits < 0) std::snprintf(text, sizeof text, "%.*e", digits < -16 ? 16 : -digits, value);
  else std::snprintf(text, sizeof text, "%.*f", digits > 16 ? 8 : digits, value);
  return string::utf8(text);
}

string TimeToString(datetime value, int mode) {
  // Days to a civil date, by the usual count of 400-year eras that begin in March.
  const long long days = (value.seconds >= 0 ? value.seconds : value.seconds - 86399) / 86400;
  const long long second = value.seconds - days * 86400;
  const long long shifted = days + 719468;
  const long long era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const long long dayOfEra = shifted - era * 146097;
  const long long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const long long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const long long shiftedMonth = (5 * dayOfYear + 2) / 153;
  const long long month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const long long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  char date[64] = "", time[64] = "";
  if ((mode & TIME_DATE) != 0) std::snprintf(date, sizeof date, "%04lld.%02lld.%02lld", year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
  if ((mode & TIME_SECONDS) != 0) std::snprintf(time, sizeof time, "%02lld:%02lld:%02lld", second / 3600, second / 60 % 60, second % 60);
  else if ((mode & TIME_MINUTES) != 0) std::snprintf(time, sizeof time, "%02lld:%02lld", second / 3600, second / 60 % 60);
  const bool hasBoth = date[0] != '\0' && time[0] != '\0';
  return string::utf8(std::string(date) + (hasBoth ? " " : "") + time);
}

double MathRound(double value) { return std::round(value); }
double MathFloor(double value) { return std::floor(value); }
double MathCeil(double value) { return std::ceil(value); }
double MathPow(double base, double exponent) {
  if (base == 0 && exponent < 0) return HUGE_VAL;
  return std::pow(base, exponent);
}
double MathLog10(double value) { return value == 0 ? -HUGE_VAL : std::log10(value); }
bool MathIsValidNumber(double value) { return std::isfinite(value); }

namespace {
uint randomState = 1;
}
void MathSrand(int seed) { randomState = static_cast<uint>(seed); }
int MathRand() {
  randomState = randomState * 214013u + 2531011u;
  return static_cast<int>(randomState >> 16 & 0x7FFF);
}

double NormalizeDouble(double value, int digits) {
  const double scale = std::pow(10.0, digits < 0 ? 0 : digits > 8 ? 8 : digits);
  const double scaled = value * scale;
  return std::fabs(scaled) < 9e15 ? std::round(scaled) / scale : value;
}

ulong GetTickCount64() { return platform::tickCountMs(); }
ulong GetMicrosecondCount() {
  static const ulong start = platform::microseconds();
  return platform::microseconds() - start;
}

} // namespace mql5

namespace terminal {
namespace {

struct Directive {
  std::string flags;
  std::string size;
  char kind;
};

/** One `%…` of a pattern; moves `at` behind it. */
Directive directive(const std::string &pattern, std::size_t &at) {
  Directive found{"%", "", '\0'};
  while (at < pattern.size() && std::string("-+ #0123456789.").find(pattern[at]) != std::string::npos) found.flags += pattern[at++];
  for (const char *size : {"I64", "I32", "ll", "l", "h"}) {
    if (pattern.compare(at, std::string(size).size(), size) != 0) continue;
    found.size = size;
    at += found.size.size();
    break;
  }
  if (at < pattern.size()) found.kind = pattern[at++];
  return found;
}

void expectInteger(const Directive &wanted, const Argument &given, const char *whole) {
  if (given.kind != Argument::Kind::Integer && given.kind != Argument::Kind::Unsigned) stop("StringFormat(\"%s\"): %%%c for what is no integer", whole, wanted.kind);
  const int bits = wanted.size == "I64" ? 64 : 32;
  if (wanted.size == "ll") stop("StringFormat(\"%s\"): 64 bits are written with I64", whole);
  if (given.bits != bits) stop("StringFormat(\"%s\"): %%%s%c for an integer of %d bits", whole, wanted.size.c_str(), wanted.kind, given.bits);
  const bool isNegative = given.kind == Argument::Kind::Integer && given.whole < 0;
  const bool isLarge = given.kind == Argument::Kind::Unsigned && (bits == 64 ? given.whole < 0 : given.whole > 2147483647LL);
  if (wanted.kind == 'u' && isNegative) stop("StringFormat(\"%s\"): %%u for a negative number", whole);
  if ((wanted.kind == 'd' || wanted.kind == 'i') && isLarge) stop("StringFormat(\"%s\"): %%%c for a large unsigned number", whole, wanted.kind);
}

template <class T> std::string printed(const std::string &pattern, T value) {
  char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  const int length = std::snprintf(text, sizeof text, pattern.c_str(), value);
#pragma GCC diagnostic pop
  return {text, static_cast<std::size_t>(length < 511 ? length : 511)};
}

std::string formatted(const Directive &wanted, const Argument &given, const char *whole) {
  switch (wanted.kind) {
  case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
    expectInteger(wanted, given, whole);
    return printed(wanted.flags + "ll" + wanted.kind, given.bits == 64 || wanted.kind == 'd' || wanted.kind == 'i' ? given.whole : given.whole & 0xFFFFFFFFLL);
  case 'c': case 'C':
    if (given.kind != Argument::Kind::Integer && given.kind != Argument::Kind::Unsigned) stop("StringFormat(\"%s\"): %%c for what is no character", whole);
    return mql5::ShortToString(static_cast<mql5::ushort>(given.whole)).utf8();
  case 'f': case 'g': case 'G': case 'e': case 'E': case 'a': case 'A':
    if (given.kind != Argument::Kind::Real) stop("StringFormat(\"%s\"): %%%c for what is no double", whole, wanted.kind);
    return printed(wanted.flags + wanted.kind, given.real);
  case 's': case 'S':
    if (given.kind != Argument::Kind::Text) stop("StringFormat(\"%s\"): %%s for what is no string", whole);
    if (wanted.flags == "%") return given.text.utf8();
    return printed(wanted.flags + "s", given.text.utf8().c_str());
  default:
    stop("StringFormat(\"%s\"): %%%s%c is unknown", whole, wanted.size.c_str(), wanted.kind);
  }
}

} // namespace

mql5::string format(const mql5::string &pattern, const Argument *arguments, int count) {
  const std::string text = pattern.utf8();
  std::string made;
  int used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at++];
    if (byte != '%') made += byte;
    else if (at < text.size() && text[at] == '%') made += text[at++];
    else {
      const Directive wanted = directive(text, at);
      if (used >= count) stop("StringFormat(\"%s\"): more places than the %d arguments", text.c_str(), count);
      made += formatted(wanted, arguments[used++], text.c_str());
    }
  }
  if (used < count) stop("StringFormat(\"%s\"): %d places for %d arguments", text.c_str(), used, count);
  return mql5::string::utf8(made);
}

void print(const char *prefix, const mql5::string &text) {
  const std::string line = prefix + text.utf8() + "\n";
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

} // namespace terminal

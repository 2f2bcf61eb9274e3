// Print, Alert, Comment and the formatting functions: they take anything that has a text.
#pragma once
#include "mql-string.hpp"

namespace terminal {

/** One argument of a formatting function, with its type. */
struct Argument {
  enum class Kind { Integer, Unsigned, Real, Text } kind;
  int bits;
  long long whole;
  double real;
  mql5::string text;
};

template <class T> Argument argument(const T &value) {
  if constexpr (std::is_same_v<T, mql5::string>) return {Argument::Kind::Text, 0, 0, 0, value};
  else if constexpr (std::is_same_v<T, mql5::datetime>) return {Argument::Kind::Integer, 64, value.seconds, 0, {}};
  else if constexpr (std::is_floating_point_v<T>) return {Argument::Kind::Real, 64, 0, static_cast<double>(value), {}};
  else {
    const bool isSigned = std::is_enum_v<T> || std::is_signed_v<T>;
    const int bits = sizeof(T) > 4 ? 64 : 32;
    return {isSigned ? Argument::Kind::Integer : Argument::Kind::Unsigned, bits, static_cast<long long>(value), 0, {}};
  }
}

mql5::string format(const mql5::string &pattern, const Argument *arguments, int count);
void print(const char *prefix, const mql5::string &text);

template <class T> mql5::string textOf(const T &value) {
  if constexpr (std::is_same_v<T, mql5::string>) return value;
  else return mql5::string(value);
}

} // namespace terminal

namespace mql5 {

template <class... T> string StringFormat(const string &pattern, const T &...values) {
  const terminal::Argument arguments[] = {terminal::argument(values)..., {}};
  return terminal::format(pattern, arguments, static_cast<int>(sizeof...(values)));
}
template <class... T> void Print(const T &...values) { terminal::print("", (string() + ... + terminal::textOf(values))); }
template <class... T> void PrintFormat(const string &pattern, const T &...values) { Print(StringFormat(pattern, values...)); }
template <class... T> void Alert(const T &...values) { terminal::print("Alert: ", (string() + ... + terminal::textOf(values))); }
/** Shown on the chart, which a program under test has not. */
template <class... T> void Comment(const T &...) {}

} // namespace mql5

// MQL5's basic types and its string: UTF-16, by value, with conversions from and to numbers only where they are asked for.
#pragma once
#include <string>
#include <string_view>
#include <type_traits>

namespace mql5 {

using uchar = unsigned char;
using ushort = unsigned short;
using uint = unsigned int;
using ulong = unsigned long long;
// What the translator writes for `char` and `long`: both have other sizes or signs in C++ on some systems.
using mql_char = signed char;
using mql_long = long long;
using color = uint;

struct datetime;

template <class T>
concept Number = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/** What the translator writes for NULL: an empty string, and nothing else. */
struct null_t {};
inline constexpr null_t null{};

class string {
public:
  string() = default;
  string(null_t) {}
  explicit string(std::u16string text) : text_(std::move(text)) {}
  explicit string(bool value);
  explicit string(double value);
  explicit string(float value) : string(static_cast<double>(value)) {}
  explicit string(datetime value);
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  explicit string(T value) : text_(std::is_signed_v<T> ? decimal(static_cast<long long>(value)) : decimalUnsigned(static_cast<ulong>(value))) {}
  template <class T>
    requires std::is_enum_v<T>
  explicit string(T value) : text_(decimal(static_cast<long long>(value))) {}

  static string utf8(std::string_view bytes);
  std::string utf8() const;

  template <class T>
    requires std::is_arithmetic_v<T>
  explicit operator T() const {
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(toDouble());
    else if constexpr (std::is_same_v<T, ulong>) return toUnsigned();
    else return static_cast<T>(toInteger());
  }

  const std::u16string &text() const { return text_; }
  std::u16string &text() { return text_; }
  int length() const { return static_cast<int>(text_.size()); }
  ushort operator[](int at) const;

  string &operator+=(const string &other) {
    text_ += other.text_;
    return *this;
  }
  friend string operator+(const string &left, const string &right) { return string(left.text_ + right.text_); }
  friend string operator+(string &&left, const string &right) {
    left.text_ += right.text_;
    return std::move(left);
  }
  friend bool operator==(const string &left, const string &right) { return left.text_ == right.text_; }
  friend auto operator<=>(const string &left, const string &right) { return left.text_ <=> right.text_; }

  // MetaEditor converts silently here, in C++ it would be pointer arithmetic: neither is what was meant.
  template <Number T> friend string operator+(const string &, T) = delete;
  template <Number T> friend string operator+(T, const string &) = delete;
  template <Number T> string &operator+=(T) = delete;
  friend bool operator==(const string &, null_t) = delete;

private:
  static std::u16string decimal(long long value);
  static std::u16string decimalUnsigned(ulong value);
  double toDouble() const;
  long long toInteger() const;
  ulong toUnsigned() const;

  std::u16string text_;
};

inline string operator""_s(const char16_t *text, std::size_t length) { return string(std::u16string(text, length)); }

/** Seconds since 1970, a type of its own because its text is a date. */
struct datetime {
  long long seconds;

  datetime() = default;
  template <class T>
    requires std::is_arithmetic_v<T>
  constexpr datetime(T value) : seconds(static_cast<long long>(value)) {}
  constexpr operator long long() const { return seconds; }
  template <class T>
    requires(std::is_arithmetic_v<T> && !std::is_same_v<T, long long>)
  explicit constexpr operator T() const {
    return static_cast<T>(seconds);
  }
  datetime &operator+=(long long other) {
    seconds += other;
    return *this;
  }
  datetime &operator-=(long long other) {
    seconds -= other;
    return *this;
  }
};

} // namespace mql5

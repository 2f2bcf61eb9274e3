// MQL5's basic types and its string: UTF-16, by value, with conversions from and to numbers only where they are asked for.
#pragma once
#include <compare>
#include <string>
#include <string_view>
#include <type_traits>

// Instantiated once, in strings.cpp: a program's unit must compile quickly, since tests change it and compile again.
extern template class std::basic_string<char16_t>;

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
  string();
  string(const string &other);
  string(string &&other) noexcept;
  string(null_t) : string() {}
  explicit string(std::u16string text);
  string(const char16_t *text, std::size_t length);
  ~string();
  string &operator=(const string &other);
  string &operator=(string &&other) noexcept;
  explicit string(bool value);
  explicit string(double value);
  explicit string(float value) : string(static_cast<double>(value)) {}
  explicit string(datetime value);
  template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
  explicit string(T value)
      : string(std::is_signed_v<T> ? decimal(static_cast<long long>(value)) : decimalUnsigned(static_cast<ulong>(value))) {}
  template <class T>
    requires std::is_enum_v<T>
  explicit string(T value) : string(decimal(static_cast<long long>(value))) {}

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
  int length() const;
  ushort operator[](int at) const;

  string &operator+=(const string &other);
  friend string operator+(const string &left, const string &right);
  friend string operator+(string &&left, const string &right);
  friend bool operator==(const string &left, const string &right);
  friend std::strong_ordering operator<=>(const string &left, const string &right);

  // MetaEditor converts silently here, in C++ it would be pointer arithmetic: neither is what was meant.
  template <Number T> friend string operator+(const string &, T) = delete;
  template <Number T> friend string operator+(T, const string &) = delete;
  template <Number T> string &operator+=(T) = delete;
  friend bool operator==(const string &, null_t) = delete;

private:
  static string decimal(long long value);
  static string decimalUnsigned(ulong value);
  double toDouble() const;
  long long toInteger() const;
  ulong toUnsigned() const;

  std::u16string text_;
};

inline string operator""_s(const char16_t *text, std::size_t length) { return string(text, length); }

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

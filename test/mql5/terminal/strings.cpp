// MQL5's string functions and the string's own conversions.
#include "errors.hpp"
#include <algorithm>
#include <charconv>

template class std::basic_string<char16_t>;

namespace mql5 {
namespace {

bool isSpace(char16_t unit) { return unit == ' ' || (unit >= 9 && unit <= 13); }

/** A small letter of Latin-1 whose capital is in Latin-1 too; others keep their case here. */
bool hasUpperCase(char16_t unit) { return (unit >= 'a' && unit <= 'z') || (unit >= 0xE0 && unit <= 0xFE && unit != 0xF7); }

/** As many bytes as `text` has in the code page; what does not exist there is a question mark. */
std::string encoded(const string &text, uint codepage) {
  if (codepage == CP_UTF8) return text.utf8();
  std::string bytes;
  for (const char16_t unit : text.text()) bytes += unit < 256 ? static_cast<char>(unit) : '?';
  return bytes;
}

string decoded(std::string_view bytes, uint codepage) {
  if (codepage == CP_UTF8) return string::utf8(bytes);
  std::u16string text;
  for (const char byte : bytes) text += static_cast<uchar>(byte);
  return string(std::move(text));
}

void putCodePoint(std::u16string &text, uint point) {
  if (point >= 0x10000) {
    text += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10));
    text += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF));
  } else text += static_cast<char16_t>(point);
}

} // namespace

string string::utf8(std::string_view bytes) {
  std::u16string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const auto first = static_cast<uchar>(bytes[at++]);
    const int more = first < 0x80 ? 0 : first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : -1;
    uint point = more == 0 ? first : more < 0 ? 0xFFFDu : first & (0x3Fu >> more);
    for (int i = 0; i < more; i++) {
      const bool isContinued = at < bytes.size() && (static_cast<uchar>(bytes[at]) & 0xC0) == 0x80;
      if (!isContinued) {
        point = 0xFFFD;
        break;
      }
      point = point << 6 | (static_cast<uchar>(bytes[at++]) & 0x3Fu);
    }
    putCodePoint(text, point);
  }
  return string(std::move(text));
}

std::string string::utf8() const {
  std::string bytes;
  bytes.reserve(text_.size());
  for (std::size_t at = 0; at < text_.size(); at++) {
    uint point = text_[at];
    const bool isPair = point >= 0xD800 && point < 0xDC00 && at + 1 < text_.size() && (text_[at + 1] & 0xFC00) == 0xDC00;
    if (isPair) point = 0x10000 + ((point - 0xD800) << 10) + (static_cast<uint>(text_[++at]) - 0xDC00);
    if (point < 0x80) bytes += static_cast<char>(point);
    else {
      if (point < 0x800) bytes += static_cast<char>(0xC0 | point >> 6);
      else {
        if (point < 0x10000) bytes += static_cast<char>(0xE0 | point >> 12);
        else {
          bytes += static_cast<char>(0xF0 | point >> 18);
          bytes += static_cast<char>(0x80 | (point >> 12 & 0x3F));
        }
        bytes += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      }
      bytes += static_cast<char>(0x80 | (point & 0x3F));
    }
  }
  return bytes;
}

string::string(bool value) : text_(value ? u"true" : u"false") {}
string::string(datetime value) : text_(TimeToString(value, TIME_DATE | TIME_MINUTES | TIME_SECONDS).text()) {}

string::string(double value) {
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text_.assign(digits, end);
}

string string::decimal(long long value) {
  char digits[24];
  return string(std::u16string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr));
}
string string::decimalUnsigned(ulong value) {
  char digits[24];
  return string(std::u16string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr));
}

string::string() = default;
string::string(const string &other) = default;
string::string(string &&other) noexcept = default;
string::string(std::u16string text) : text_(std::move(text)) {}
string::string(const char16_t *text, std::size_t length) : text_(text, length) {}
string::~string() = default;
string &string::operator=(const string &other) = default;
string &string::operator=(string &&other) noexcept = default;
int string::length() const { return static_cast<int>(text_.size()); }

string &string::operator+=(const string &other) {
  text_ += other.text_;
  return *this;
}
string operator+(const string &left, const string &right) { return string(left.text_ + right.text_); }
string operator+(string &&left, const string &right) {
  left.text_ += right.text_;
  return std::move(left);
}
bool operator==(const string &left, const string &right) { return left.text_ == right.text_; }
std::strong_ordering operator<=>(const string &left, const string &right) { return left.text_ <=> right.text_; }

ushort string::operator[](int at) const {
  if (at < 0 || at >= length()) terminal::stop("string out of range: [%d] of %d characters", at, length());
  return text_[static_cast<std::size_t>(at)];
}

int StringLen(const string &text) { return text.length(); }

string StringSubstr(const string &text, int start, int length) {
  // 0 has meant "to the end" and "nothing" in different builds.
  if (length == 0) terminal::stop("StringSubstr with a length of 0 means different things in different builds");
  if (start < 0 || start >= text.length()) return string();
  return string(text.text().substr(static_cast<std::size_t>(start), length < 0 ? std::u16string::npos : static_cast<std::size_t>(length)));
}

int StringFind(const string &text, const string &match, int start) {
  const auto found = text.text().find(match.text(), static_cast<std::size_t>(start < 0 ? 0 : start));
  return found == std::u16string::npos ? -1 : static_cast<int>(found);
}

int StringSplit(const string &text, ushort separator, array<string> &parts) {
  ArrayResize(parts, 0);
  if (text.length() == 0) return 0;
  for (std::size_t start = 0; start != std::u16string::npos;) {
    const auto end = text.text().find(static_cast<char16_t>(separator), start);
    ArrayResize(parts, parts.size() + 1, 16);
    parts[parts.size() - 1] = string(text.text().substr(start, end == std::u16string::npos ? end : end - start));
    start = end == std::u16string::npos ? end : end + 1;
  }
  return parts.size();
}

int StringReplace(string &text, const string &find, const string &replacement) {
  if (find.length() == 0) return 0;
  int count = 0;
  for (std::size_t at = 0; (at = text.text().find(find.text(), at)) != std::u16string::npos; count++) {
    text.text().replace(at, find.text().size(), replacement.text());
    at += replacement.text().size();
  }
  return count;
}

int StringTrimLeft(string &text) {
  const auto &units = text.text();
  const auto cut = std::find_if_not(units.begin(), units.end(), isSpace) - units.begin();
  text.text().erase(0, static_cast<std::size_t>(cut));
  return static_cast<int>(cut);
}

int StringTrimRight(string &text) {
  int cut = 0;
  for (; !text.text().empty() && isSpace(text.text().back()); cut++) text.text().pop_back();
  return cut;
}

bool StringToUpper(string &text) {
  for (char16_t &unit : text.text())
    if (hasUpperCase(unit)) unit = static_cast<char16_t>(unit - 32);
  return true;
}
bool StringToLower(string &text) {
  for (char16_t &unit : text.text())
    if (hasUpperCase(static_cast<char16_t>(unit + 32))) unit = static_cast<char16_t>(unit + 32);
  return true;
}

int StringToCharArray(const string &text, array<uchar> &bytes, int start, int count, uint codepage) {
  std::string all = encoded(text, codepage);
  // Without a count the zero at the end is copied too, and counted.
  all.push_back('\0');
  const int size = static_cast<int>(all.size());
  int copied = count < 0 || count > size ? size : count;
  if (start < 0) terminal::stop("StringToCharArray with a negative start");
  if (bytes.isFixed() && copied > bytes.size() - start) copied = bytes.size() - start;
  if (copied <= 0) return 0;
  if (bytes.size() < start + copied) ArrayResize(bytes, start + copied);
  std::memcpy(bytes.data() + start, all.data(), static_cast<std::size_t>(copied));
  return copied;
}

string CharArrayToString(const array<uchar> &bytes, int start, int count, uint codepage) {
  if (start < 0 || start > bytes.size()) terminal::stop("CharArrayToString from [%d] of %d elements", start, bytes.size());
  const int available = bytes.size() - start;
  const std::string_view all(reinterpret_cast<const char *>(bytes.data()) + start, static_cast<std::size_t>(count < 0 || count > available ? available : count));
  return decoded(all.substr(0, all.find('\0')), codepage);
}

ushort StringGetCharacter(const string &text, int at) {
  if (at < 0 || at >= text.length()) return terminal::fail(ERR_WRONG_STRING_PARAMETER, ushort{0});
  return text[at];
}

bool StringSetCharacter(string &text, int at, ushort value) {
  if (at < 0 || at > text.length()) return terminal::fail(ERR_WRONG_STRING_PARAMETER, false);
  if (at == text.length()) text.text().push_back(value);
  else text.text()[static_cast<std::size_t>(at)] = value;
  return true;
}

int StringCompare(const string &left, const string &right, bool caseSensitive) {
  string a = left, b = right;
  if (!caseSensitive) StringToLower(a), StringToLower(b);
  const auto order = a <=> b;
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

string ShortToString(ushort value) { return string(std::u16string(1, value)); }
string CharToString(uchar value) { return string(std::u16string(1, value)); }

} // namespace mql5

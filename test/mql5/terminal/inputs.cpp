// Overrides of a program's inputs: MT5_INPUTS="InpName=value;InpOther=value".
#include "errors.hpp"
#include <cerrno>
#include <cstdlib>
#include <optional>

namespace terminal {
namespace {

std::optional<std::string> overrideOf(const char *name) {
  const std::string all = ";" + environment("MT5_INPUTS", "") + ";";
  const std::string wanted = ";" + std::string(name) + "=";
  const auto at = all.find(wanted);
  if (at == std::string::npos) return std::nullopt;
  const auto start = at + wanted.size();
  return all.substr(start, all.find(';', start) - start);
}

} // namespace

mql5::string inputText(const char *name, const mql5::string &standard) {
  const auto value = overrideOf(name);
  return value ? mql5::string::utf8(*value) : standard;
}

bool inputNumber(const char *name, double &real, long long &whole) {
  const auto value = overrideOf(name);
  if (!value) return false;
  const std::string text = *value == "true" ? "1" : *value == "false" ? "0" : *value;
  char *end = nullptr;
  real = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') stop("MT5_INPUTS: %s=%s is not a number", name, text.c_str());
  errno = 0;
  whole = static_cast<long long>(std::strtoull(text.c_str(), nullptr, 10));
  if (text[0] == '-' || errno != 0) whole = std::strtoll(text.c_str(), nullptr, 10);
  return true;
}

} // namespace terminal

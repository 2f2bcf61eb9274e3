// The terminal's global variables: in memory, on disk only after GlobalVariablesFlush and at an orderly end.
#include "errors.hpp"
#include "platform.hpp"
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace terminal {
namespace {

struct Variable {
  double value;
  long long usedS;
};
std::map<std::string, Variable> variables;

constexpr int NAME_LIMIT = 63;
/** MetaTrader forgets a variable that nobody has used for four weeks. */
constexpr long long LIFE_S = 28LL * 86400;

std::string path() { return dataFolder() + "/globals.txt"; }
long long nowS() { return platform::utcMs() / 1000; }

} // namespace

void loadGlobalVariables() {
  std::ifstream file(path());
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find('\t'), second = line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    const Variable variable{std::strtod(line.c_str() + first + 1, nullptr), std::strtoll(line.c_str() + second + 1, nullptr, 10)};
    if (nowS() - variable.usedS < LIFE_S) variables[line.substr(0, first)] = variable;
  }
}

} // namespace terminal

namespace mql5 {

using terminal::variables;

bool GlobalVariableCheck(const string &name) {
  const auto found = variables.find(name.utf8());
  if (found == variables.end()) return false;
  found->second.usedS = terminal::nowS();
  return true;
}

bool GlobalVariableGet(const string &name, double &value) {
  const auto found = variables.find(name.utf8());
  if (found == variables.end()) return terminal::fail(ERR_GLOBALVARIABLE_NOT_FOUND, false);
  found->second.usedS = terminal::nowS();
  value = found->second.value;
  return true;
}

double GlobalVariableGet(const string &name) {
  double value = 0;
  GlobalVariableGet(name, value);
  return value;
}

datetime GlobalVariableSet(const string &name, double value) {
  if (name.length() == 0 || name.length() > terminal::NAME_LIMIT) return terminal::fail(ERR_INVALID_PARAMETER, datetime(0));
  variables[name.utf8()] = {value, terminal::nowS()};
  return datetime(terminal::nowS());
}

void GlobalVariablesFlush() {
  const std::string written = terminal::path() + ".new";
  std::FILE *file = std::fopen(written.c_str(), "wb");
  if (file == nullptr) return;
  for (const auto &[name, variable] : variables) std::fprintf(file, "%s\t%.17g\t%lld\n", name.c_str(), variable.value, variable.usedS);
  std::fclose(file);
  std::error_code failure;
  std::filesystem::rename(written, terminal::path(), failure);
}

} // namespace mql5

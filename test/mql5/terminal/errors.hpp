// The program's last error, and what the terminal was started with.
#pragma once
#include "mql-api.hpp"
#include <string>

namespace terminal {

/** Sets the last error and gives back what the function returns for a failure. */
void fail(int error);
template <class T> T fail(int error, T result) {
  fail(error);
  return result;
}

/** An environment variable, or the standard. */
std::string environment(const char *name, const char *standard);
/** The terminal's data folder, without a slash at its end. */
const std::string &dataFolder();
const std::string &chartName();
/** Where a runtime function waits: takes in the broker's lines, nothing else. */
void loadGlobalVariables();

} // namespace terminal

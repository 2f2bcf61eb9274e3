// EnumToString of MQL5's own enumerations; the translator writes it for those of the program.
#include "mql-enums.hpp"

namespace mql5 {

#define MQL_CASE(NAME, VALUE)                                                                                          \
  case NAME: return u"" #NAME ""_s;
#define MQL_NAMES(ENUM)                                                                                                \
  string EnumToString(ENUM value) {                                                                                    \
    switch (value) { MQL_##ENUM(MQL_CASE) }                                                                            \
    return u"" #ENUM "::"_s + string(static_cast<int>(value));                                                         \
  }
MQL_ENUMERATIONS(MQL_NAMES)

} // namespace mql5

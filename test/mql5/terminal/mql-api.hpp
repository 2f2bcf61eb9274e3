// The part of MQL5's API that the program may use, as MetaQuotes documents it.
#pragma once
#include "mql-array.hpp"
#include "mql-constants.hpp"
#include "mql-structs.hpp"
#include "mql-variadic.hpp"

namespace mql5 {

int GetLastError();
void ResetLastError();
#define _LastError GetLastError()
#define _StopFlag IsStopped()
extern const string chartSymbol;
#define _Symbol chartSymbol

// Strings
int StringLen(const string &text);
string StringSubstr(const string &text, int start, int length = -1);
int StringFind(const string &text, const string &match, int start = 0);
int StringSplit(const string &text, ushort separator, array<string> &parts);
int StringReplace(string &text, const string &find, const string &replacement);
mql_long StringToInteger(const string &text);
double StringToDouble(const string &text);
int StringTrimLeft(string &text);
int StringTrimRight(string &text);
bool StringToUpper(string &text);
bool StringToLower(string &text);
int StringToCharArray(const string &text, array<uchar> &bytes, int start = 0, int count = -1, uint codepage = CP_ACP);
string CharArrayToString(const array<uchar> &bytes, int start = 0, int count = -1, uint codepage = CP_ACP);
ushort StringGetCharacter(const string &text, int at);
bool StringSetCharacter(string &text, int at, ushort value);
int StringCompare(const string &left, const string &right, bool caseSensitive = true);
string IntegerToString(mql_long value, int width = 0, ushort fill = ' ');
string DoubleToString(double value, int digits = 8);
string ShortToString(ushort value);
string CharToString(uchar value);
string TimeToString(datetime value, int mode = TIME_DATE | TIME_MINUTES);

// Maths
template <class A, class B> constexpr auto MathMin(A a, B b) { return b < a ? b : a; }
template <class A, class B> constexpr auto MathMax(A a, B b) { return a < b ? b : a; }
template <class T> constexpr T MathAbs(T value) { return value < T(0) ? static_cast<T>(-value) : value; }
double MathRound(double value);
double MathFloor(double value);
double MathCeil(double value);
double MathPow(double base, double exponent);
double MathLog10(double value);
bool MathIsValidNumber(double value);
int MathRand();
void MathSrand(int seed);
double NormalizeDouble(double value, int digits);

// Time
ulong GetTickCount64();
ulong GetMicrosecondCount();
datetime TimeCurrent();
datetime TimeTradeServer();
datetime TimeGMT();
datetime TimeLocal();
void Sleep(int milliseconds);
bool IsStopped();

// Files and pipes
int FileOpen(const string &name, int flags, short delimiter = '\t', uint codepage = CP_ACP);
void FileClose(int handle);
ulong FileSize(int handle);
void FileFlush(int handle);
bool FileSeek(int handle, mql_long offset, ENUM_FILE_POSITION origin);
ulong FileTell(int handle);
bool FileIsEnding(int handle);
uint FileWriteString(int handle, const string &text, int length = -1);
string FileReadString(int handle, int length = -1);
bool FileIsExist(const string &name, int commonFlag = 0);
bool FileDelete(const string &name, int commonFlag = 0);
bool FileMove(const string &from, int commonFlag, const string &to, int flags);
bool FolderCreate(const string &name, int commonFlag = 0);

/** Bytes under FileReadArray and FileWriteArray. */
int fileReadBytes(int handle, uchar *bytes, int count);
int fileWriteBytes(int handle, const uchar *bytes, int count);
/** How many of `size` bytes each FileReadArray reads when it is told no count. */
int fileItemsLeft(int handle, int size);

template <class T> uint FileReadArray(int handle, array<T> &items, int start = 0, int count = WHOLE_ARRAY) {
  static_assert(std::is_trivially_copyable_v<T>, "FileReadArray reads structures without strings and arrays only");
  const int itemSize = static_cast<int>(sizeof(T));
  const int wanted = count == WHOLE_ARRAY ? fileItemsLeft(handle, itemSize) : count;
  if (wanted <= 0) return 0;
  if (items.size() < start + wanted) ArrayResize(items, start + wanted);
  return static_cast<uint>(fileReadBytes(handle, reinterpret_cast<uchar *>(items.data() + start), wanted * itemSize) / itemSize);
}

template <class T> uint FileWriteArray(int handle, const array<T> &items, int start = 0, int count = WHOLE_ARRAY) {
  static_assert(std::is_trivially_copyable_v<T>, "FileWriteArray writes structures without strings and arrays only");
  const int itemSize = static_cast<int>(sizeof(T));
  const int available = items.size() - start;
  const int wanted = count == WHOLE_ARRAY || count > available ? available : count;
  if (start < 0) terminal::stop("FileWriteArray with a negative start");
  if (wanted <= 0) return 0;
  return static_cast<uint>(fileWriteBytes(handle, reinterpret_cast<const uchar *>(items.data() + start), wanted * itemSize) / itemSize);
}

// Sockets
int SocketCreate(uint flags = 0);
bool SocketConnect(int socket, const string &server, uint port, uint timeoutMs);
bool SocketIsConnected(int socket);
uint SocketIsReadable(int socket);
int SocketRead(int socket, array<uchar> &bytes, uint limit, uint timeoutMs);
int SocketSend(int socket, const array<uchar> &bytes, uint count);
bool SocketClose(int socket);

// The terminal's global variables
bool GlobalVariableCheck(const string &name);
double GlobalVariableGet(const string &name);
bool GlobalVariableGet(const string &name, double &value);
datetime GlobalVariableSet(const string &name, double value);
void GlobalVariablesFlush();

// State
int TerminalInfoInteger(int property);
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property);
int MQLInfoInteger(int property);
string MQLInfoString(int property);
double AccountInfoDouble(ENUM_ACCOUNT_INFO_DOUBLE property);
mql_long AccountInfoInteger(ENUM_ACCOUNT_INFO_INTEGER property);
string AccountInfoString(ENUM_ACCOUNT_INFO_STRING property);

// Symbols
int SymbolsTotal(bool selected);
string SymbolName(int at, bool selected);
bool SymbolSelect(const string &name, bool select);
bool SymbolExist(const string &name, bool &isCustom);
double SymbolInfoDouble(const string &name, ENUM_SYMBOL_INFO_DOUBLE property);
mql_long SymbolInfoInteger(const string &name, ENUM_SYMBOL_INFO_INTEGER property);
string SymbolInfoString(const string &name, ENUM_SYMBOL_INFO_STRING property);
bool SymbolInfoDouble(const string &name, ENUM_SYMBOL_INFO_DOUBLE property, double &value);
bool SymbolInfoInteger(const string &name, ENUM_SYMBOL_INFO_INTEGER property, mql_long &value);
bool SymbolInfoString(const string &name, ENUM_SYMBOL_INFO_STRING property, string &value);
bool SymbolInfoTick(const string &name, MqlTick &tick);
bool SymbolIsSynchronized(const string &name);
int CopyTicks(const string &name, array<MqlTick> &ticks, uint flags = static_cast<uint>(COPY_TICKS_ALL), ulong from = 0, uint count = 0);
int CopyRates(const string &name, ENUM_TIMEFRAMES timeframe, int start, int count, array<MqlRates> &rates);

// Trading
bool OrderSend(const MqlTradeRequest &request, MqlTradeResult &result);
bool OrderCheck(const MqlTradeRequest &request, MqlTradeCheckResult &result);
bool OrderCalcMargin(ENUM_ORDER_TYPE action, const string &symbol, double volume, double price, double &margin);

int PositionsTotal();
ulong PositionGetTicket(int at);
bool PositionSelectByTicket(ulong ticket);
double PositionGetDouble(ENUM_POSITION_PROPERTY_DOUBLE property);
mql_long PositionGetInteger(ENUM_POSITION_PROPERTY_INTEGER property);
string PositionGetString(ENUM_POSITION_PROPERTY_STRING property);

int OrdersTotal();
ulong OrderGetTicket(int at);
bool OrderSelect(ulong ticket);
double OrderGetDouble(ENUM_ORDER_PROPERTY_DOUBLE property);
mql_long OrderGetInteger(ENUM_ORDER_PROPERTY_INTEGER property);
string OrderGetString(ENUM_ORDER_PROPERTY_STRING property);

bool HistorySelect(datetime from, datetime to);
int HistoryOrdersTotal();
ulong HistoryOrderGetTicket(int at);
bool HistoryOrderSelect(ulong ticket);
double HistoryOrderGetDouble(ulong ticket, ENUM_ORDER_PROPERTY_DOUBLE property);
mql_long HistoryOrderGetInteger(ulong ticket, ENUM_ORDER_PROPERTY_INTEGER property);
string HistoryOrderGetString(ulong ticket, ENUM_ORDER_PROPERTY_STRING property);
int HistoryDealsTotal();
ulong HistoryDealGetTicket(int at);
bool HistoryDealSelect(ulong ticket);
double HistoryDealGetDouble(ulong ticket, ENUM_DEAL_PROPERTY_DOUBLE property);
mql_long HistoryDealGetInteger(ulong ticket, ENUM_DEAL_PROPERTY_INTEGER property);
string HistoryDealGetString(ulong ticket, ENUM_DEAL_PROPERTY_STRING property);

// Events
bool EventSetMillisecondTimer(int milliseconds);
void EventKillTimer();
void ExpertRemove();

} // namespace mql5

namespace terminal {

/** `input T name = value`, unless MT5_INPUTS says otherwise. */
mql5::string inputText(const char *name, const mql5::string &standard);
bool inputNumber(const char *name, double &real, long long &whole);

template <class T> T input(const char *name, T standard) {
  if constexpr (std::is_same_v<T, mql5::string>) return inputText(name, standard);
  else {
    double real = 0;
    long long whole = 0;
    if (!inputNumber(name, real, whole)) return standard;
    if constexpr (std::is_floating_point_v<T>) return static_cast<T>(real);
    else return static_cast<T>(whole);
  }
}

/** OnInit may return nothing. */
template <class F> int initResult(F onInit) {
  if constexpr (std::is_void_v<decltype(onInit())>) return onInit(), 0;
  else return onInit();
}

/** What the translator writes of a program: its name and its event handlers, null where it has none. */
struct Program {
  const char *name;
  int (*onInit)();
  void (*onDeinit)(int reason);
  void (*onTick)();
  void (*onTimer)();
  void (*onTradeTransaction)(const mql5::MqlTradeTransaction &, const mql5::MqlTradeRequest &, const mql5::MqlTradeResult &);
};
extern const Program program;

} // namespace terminal

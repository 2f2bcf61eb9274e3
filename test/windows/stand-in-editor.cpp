// Stands in for MetaEditor on its command line: takes /compile:"…" and /log:"…" with the quotes after the colon, as the
// real one does, writes the compiled program and the log in UTF-16, and ends with a code that says nothing.
#include <windows.h>
#include <string>

namespace {

/** What stands in quotes after the option; empty when it is not there in that form. */
std::wstring option(const std::wstring &line, const std::wstring &name) {
  const auto at = line.find(L" /" + name + L":\"");
  if (at == std::wstring::npos) return L"";
  const auto begin = at + name.size() + 4;
  const auto end = line.find(L'"', begin);
  return end == std::wstring::npos ? L"" : line.substr(begin, end - begin);
}

void write(const std::wstring &path, const void *bytes, std::size_t count) {
  const HANDLE file = CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, 0, nullptr);
  DWORD written = 0;
  WriteFile(file, bytes, static_cast<DWORD>(count), &written, nullptr);
  CloseHandle(file);
}

} // namespace

int main() {
  const std::wstring line = GetCommandLineW();
  const std::wstring source = option(line, L"compile"), log = option(line, L"log");
  const bool isThere = source.ends_with(L".mq5") && GetFileAttributesW(source.c_str()) != INVALID_FILE_ATTRIBUTES;
  if (log.empty()) return 2;
  std::wstring text = L"\xFEFF";
  if (isThere) {
    write(source.substr(0, source.size() - 3) + L"ex5", "EX5", 3);
    text += source + L" : information: compiling\r\nResult: 0 errors, 0 warnings, 12 msec elapsed, cpu='X64 Regular'\r\n";
  } else text += L"error: cannot open " + source + L"\r\nResult: 1 errors, 0 warnings\r\n";
  write(log, text.data(), text.size() * sizeof(wchar_t));
  return 1;
}

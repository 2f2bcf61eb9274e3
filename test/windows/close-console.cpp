// Tells the one process of a program that its console is closed: close-console.exe NAME.EXE
// GenerateConsoleCtrlEvent sends Ctrl+C and Ctrl+Break alone, and where output goes to files Wine has no console that
// AttachConsole could find. So this does what Windows' own console does: it starts CtrlRoutine in the process, a thread
// that calls the handlers. Ends with 0 where there was exactly one such process, and it was told.
#include <windows.h>
#include <tlhelp32.h>

namespace {

/** The process that runs the program; 0 where there is none, or more than one. */
DWORD onlyProcess(const char *program) {
  const HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  PROCESSENTRY32 entry = {};
  entry.dwSize = sizeof entry;
  DWORD found = 0;
  int count = 0;
  for (BOOL more = Process32First(all, &entry); more; more = Process32Next(all, &entry)) {
    if (lstrcmpiA(entry.szExeFile, program) != 0) continue;
    found = entry.th32ProcessID;
    count += 1;
  }
  CloseHandle(all);
  return count == 1 ? found : 0;
}

/** The thread's start, which lies at the same place in every process. */
LPTHREAD_START_ROUTINE ctrlRoutine() {
  const FARPROC routine = GetProcAddress(GetModuleHandleA("kernelbase.dll"), "CtrlRoutine");
  return reinterpret_cast<LPTHREAD_START_ROUTINE>(reinterpret_cast<void *>(routine));
}

} // namespace

int main(int count, char **words) {
  const DWORD id = count == 2 ? onlyProcess(words[1]) : 0;
  if (id == 0) return 1;
  const HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, id);
  const LPTHREAD_START_ROUTINE routine = ctrlRoutine();
  if (process == nullptr || routine == nullptr) return 2;
  const auto event = reinterpret_cast<void *>(static_cast<ULONG_PTR>(CTRL_CLOSE_EVENT));
  return CreateRemoteThread(process, nullptr, 0, routine, event, 0, nullptr) == nullptr ? 3 : 0;
}

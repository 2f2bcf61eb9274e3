// Files in the sandbox MQL5/Files, and named pipes. What is written stays in the process until FileFlush or FileClose.
#include "errors.hpp"
#include "platform.hpp"
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>

namespace fs = std::filesystem;

namespace mql5 {
namespace {

constexpr std::size_t WRITE_BUFFER = 65536;
constexpr int FILES_AT_ONCE = 64;
constexpr std::size_t NAME_LIMIT = 260;
const std::u16string PIPE_PREFIX = u"\\\\.\\pipe\\";

struct OpenFile {
  int flags = 0;
  uint codepage = CP_ACP;
  fs::path path;
  std::FILE *file = nullptr;
  long long size = 0, at = 0;
  enum class Last { Nothing, Read, Written } last = Last::Nothing;
  /** Instead of a file. */
  std::unique_ptr<platform::Stream> pipe;
  std::string unsent;
  bool isBroken = false;
};

std::map<int, OpenFile> openFiles;
int nextHandle = 1;

/** MT5_PIPE_BLIND=1: FileSize tells nothing of a pipe, as under Wine. */
bool isPipeBlind() {
  static const bool isBlind = terminal::environment("MT5_PIPE_BLIND", "0") == "1";
  return isBlind;
}

/** Where a name of the program leads; nothing for one that leaves the sandbox. */
std::optional<fs::path> inSandbox(const string &name) {
  std::string path = name.utf8();
  for (char &byte : path)
    if (byte == '\\') byte = '/';
  if (path.empty() || path.size() > NAME_LIMIT || path.find_first_of(":*?\"<>|") != std::string::npos || path[0] == '/') return std::nullopt;
  for (const auto &part : fs::path(path))
    if (part == "..") return std::nullopt;
  return fs::path(terminal::dataFolder()) / "MQL5" / "Files" / fs::path(path).lexically_normal();
}

const OpenFile *openAt(const fs::path &path) {
  for (const auto &[handle, file] : openFiles)
    if (file.path == path) return &file;
  return nullptr;
}

/** Windows lets a file be opened twice only where both agree to share. */
bool mayOpen(const fs::path &path, int flags) {
  for (const auto &[handle, file] : openFiles) {
    if (file.path != path) continue;
    const auto agrees = [](int shared, int used) {
      return ((used & FILE_READ) == 0 || (shared & FILE_SHARE_READ) != 0) && ((used & FILE_WRITE) == 0 || (shared & FILE_SHARE_WRITE) != 0);
    };
    if (!agrees(file.flags, flags) || !agrees(flags, file.flags)) return false;
  }
  return true;
}

OpenFile *opened(int handle) {
  const auto found = openFiles.find(handle);
  return found == openFiles.end() ? terminal::fail(ERR_INVALID_FILEHANDLE, static_cast<OpenFile *>(nullptr)) : &found->second;
}

int kept(OpenFile &&file) {
  openFiles[nextHandle] = std::move(file);
  return nextHandle++;
}

int openPipe(const string &name, int flags) {
  OpenFile file;
  file.flags = flags;
  file.pipe = platform::openPipe(string(name.text().substr(PIPE_PREFIX.size())).utf8());
  return file.pipe == nullptr ? terminal::fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE) : kept(std::move(file));
}

/** C's streams want a seek between reading and writing. */
void turnTo(OpenFile &file, OpenFile::Last way) {
  if (file.last != way && file.last != OpenFile::Last::Nothing) std::fseek(file.file, static_cast<long>(file.at), SEEK_SET);
  file.last = way;
}

int readPipe(OpenFile &file, uchar *bytes, int count) {
  const long waiting = file.pipe->waiting();
  if (waiting < 0) return terminal::fail(ERR_FILE_READERROR, 0);
  // A pipe has no time limit: the whole program, its kill switch included, would stand still.
  if (waiting < count) terminal::stop("FileReadArray of %d bytes would block: the pipe has %ld", count, waiting);
  const long got = file.pipe->read(bytes, static_cast<std::size_t>(count));
  return got < 0 ? terminal::fail(ERR_FILE_READERROR, 0) : static_cast<int>(got);
}

int readFile(OpenFile &file, uchar *bytes, int count) {
  turnTo(file, OpenFile::Last::Read);
  const auto got = std::fread(bytes, 1, static_cast<std::size_t>(count), file.file);
  file.at += static_cast<long long>(got);
  return static_cast<int>(got);
}

void sendUnsent(OpenFile &file) {
  if (file.isBroken) return terminal::fail(ERR_FILE_WRITEERROR);
  if (file.unsent.empty()) return;
  file.isBroken = !file.pipe->write(file.unsent.data(), file.unsent.size());
  file.unsent.clear();
  if (file.isBroken) terminal::fail(ERR_FILE_WRITEERROR);
}

int writePipe(OpenFile &file, const uchar *bytes, int count) {
  if (file.isBroken) return terminal::fail(ERR_FILE_WRITEERROR, 0);
  file.unsent.append(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(count));
  if (file.unsent.size() > WRITE_BUFFER) sendUnsent(file);
  return file.isBroken ? 0 : count;
}

int writeFile(OpenFile &file, const uchar *bytes, int count) {
  turnTo(file, OpenFile::Last::Written);
  const auto put = std::fwrite(bytes, 1, static_cast<std::size_t>(count), file.file);
  file.at += static_cast<long long>(put);
  if (file.at > file.size) file.size = file.at;
  return static_cast<int>(put) < count ? terminal::fail(ERR_FILE_WRITEERROR, static_cast<int>(put)) : count;
}

void checkText(const OpenFile &file) {
  if ((file.flags & FILE_ANSI) == 0) terminal::stop("text without FILE_ANSI is UTF-16, which is not provided here");
}

/** The rest of a line, without its end. */
std::string readLine(OpenFile &file) {
  std::string line;
  uchar byte = 0;
  while (readFile(file, &byte, 1) == 1 && byte != '\n') line += static_cast<char>(byte);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

} // namespace

int FileOpen(const string &name, int flags, short, uint codepage) {
  if ((flags & (FILE_READ | FILE_WRITE)) == 0) return terminal::fail(ERR_INVALID_PARAMETER, INVALID_HANDLE);
  if ((flags & FILE_COMMON) != 0 || (flags & FILE_CSV) != 0) terminal::stop("FILE_COMMON and FILE_CSV are not provided here");
  if (openFiles.size() >= FILES_AT_ONCE) return terminal::fail(ERR_TOO_MANY_FILES, INVALID_HANDLE);
  if (name.text().starts_with(PIPE_PREFIX)) return openPipe(name, flags);
  const auto path = inSandbox(name);
  if (!path) return terminal::fail(ERR_WRONG_FILENAME, INVALID_HANDLE);
  std::error_code failure;
  if (fs::is_directory(*path, failure)) return terminal::fail(ERR_FILE_IS_DIRECTORY, INVALID_HANDLE);
  if (!mayOpen(*path, flags)) return terminal::fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE);
  const bool isThere = fs::exists(*path, failure);
  if ((flags & FILE_WRITE) != 0) fs::create_directories(path->parent_path(), failure);
  const bool mayRead = (flags & FILE_READ) != 0;
  const char *mode = (flags & FILE_WRITE) == 0 ? "rb" : !mayRead ? "wb" : isThere ? "r+b" : "w+b";
  OpenFile file;
  file.flags = flags, file.codepage = codepage, file.path = *path;
  file.file = std::fopen(path->string().c_str(), mode);
  if (file.file == nullptr) return terminal::fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE);
  std::setvbuf(file.file, nullptr, _IOFBF, WRITE_BUFFER);
  file.size = static_cast<long long>(fs::file_size(*path, failure));
  return kept(std::move(file));
}

void FileClose(int handle) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return;
  if (file->pipe != nullptr) sendUnsent(*file);
  else std::fclose(file->file);
  openFiles.erase(handle);
}

ulong FileSize(int handle) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return 0;
  if (file->pipe == nullptr) return static_cast<ulong>(file->size);
  const long waiting = isPipeBlind() ? -1 : file->pipe->waiting();
  return waiting < 0 ? terminal::fail(ERR_FILE_READERROR, ulong{0}) : static_cast<ulong>(waiting);
}

void FileFlush(int handle) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return;
  if (file->pipe != nullptr) return sendUnsent(*file);
  if (file->last == OpenFile::Last::Written && std::fflush(file->file) != 0) terminal::fail(ERR_FILE_WRITEERROR);
}

bool FileSeek(int handle, mql_long offset, ENUM_FILE_POSITION origin) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return false;
  const long long to = offset + (origin == ENUM_FILE_POSITION::SEEK_SET ? 0 : origin == ENUM_FILE_POSITION::SEEK_CUR ? file->at : file->size);
  if (file->pipe != nullptr || to < 0) return terminal::fail(ERR_INVALID_PARAMETER, false);
  // Not through C's fseek at once: that would write what has not been flushed.
  if (to == file->at) return true;
  file->at = to;
  file->last = OpenFile::Last::Nothing;
  return std::fseek(file->file, static_cast<long>(to), 0) == 0;
}

ulong FileTell(int handle) {
  const OpenFile *file = opened(handle);
  return file == nullptr ? 0 : static_cast<ulong>(file->at);
}

bool FileIsEnding(int handle) {
  const OpenFile *file = opened(handle);
  return file == nullptr || file->at >= file->size;
}

int fileItemsLeft(int handle, int size) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return 0;
  const long long left = file->pipe != nullptr ? static_cast<long long>(FileSize(handle)) : file->size - file->at;
  // Without a count a pipe is read until the array is full or the other end is gone.
  if (file->pipe != nullptr && left == 0) terminal::stop("FileReadArray without a count would block: the pipe has nothing");
  return static_cast<int>(left / size);
}

int fileReadBytes(int handle, uchar *bytes, int count) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return 0;
  if ((file->flags & FILE_BIN) == 0) return terminal::fail(ERR_FILE_NOTBIN, 0);
  if ((file->flags & FILE_READ) == 0) return terminal::fail(ERR_FILE_NOTTOREAD, 0);
  return file->pipe != nullptr ? readPipe(*file, bytes, count) : readFile(*file, bytes, count);
}

int fileWriteBytes(int handle, const uchar *bytes, int count) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return 0;
  if ((file->flags & FILE_BIN) == 0) return terminal::fail(ERR_FILE_NOTBIN, 0);
  if ((file->flags & FILE_WRITE) == 0) return terminal::fail(ERR_FILE_NOTTOWRITE, 0);
  return file->pipe != nullptr ? writePipe(*file, bytes, count) : writeFile(*file, bytes, count);
}

uint FileWriteString(int handle, const string &text, int length) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return 0;
  if ((file->flags & FILE_WRITE) == 0) return terminal::fail(ERR_FILE_NOTTOWRITE, 0u);
  checkText(*file);
  array<uchar> bytes;
  const string part = length < 0 || length >= text.length() ? text : StringSubstr(text, 0, length);
  const int count = StringToCharArray(part, bytes, 0, -1, file->codepage) - 1;
  const int put = file->pipe != nullptr ? writePipe(*file, bytes.data(), count) : writeFile(*file, bytes.data(), count);
  return static_cast<uint>(put);
}

string FileReadString(int handle, int length) {
  OpenFile *file = opened(handle);
  if (file == nullptr) return string();
  if ((file->flags & FILE_READ) == 0) return terminal::fail(ERR_FILE_NOTTOREAD, string());
  checkText(*file);
  std::string text;
  if ((file->flags & FILE_TXT) != 0 && file->pipe == nullptr) text = readLine(*file);
  else {
    if (length < 0) return terminal::fail(ERR_FILE_CACHEBUFFER_ERROR, string());
    text.resize(static_cast<std::size_t>(length));
    auto *bytes = reinterpret_cast<uchar *>(text.data());
    const int got = file->pipe != nullptr ? readPipe(*file, bytes, length) : readFile(*file, bytes, length);
    text.resize(static_cast<std::size_t>(got));
  }
  array<uchar> bytes;
  ArrayResize(bytes, static_cast<int>(text.size()));
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return CharArrayToString(bytes, 0, -1, file->codepage);
}

bool FileIsExist(const string &name, int) {
  const auto path = inSandbox(name);
  std::error_code failure;
  if (!path) return terminal::fail(ERR_WRONG_FILENAME, false);
  return fs::is_regular_file(*path, failure) || terminal::fail(ERR_FILE_NOT_EXIST, false);
}

bool FileDelete(const string &name, int) {
  const auto path = inSandbox(name);
  std::error_code failure;
  if (!path) return terminal::fail(ERR_WRONG_FILENAME, false);
  if (!fs::is_regular_file(*path, failure)) return terminal::fail(ERR_FILE_NOT_EXIST, false);
  // Windows does not delete what is open.
  if (openAt(*path) != nullptr || !fs::remove(*path, failure)) return terminal::fail(ERR_CANNOT_DELETE_FILE, false);
  return true;
}

bool FileMove(const string &from, int, const string &to, int flags) {
  const auto source = inSandbox(from), target = inSandbox(to);
  std::error_code failure;
  if (!source || !target) return terminal::fail(ERR_WRONG_FILENAME, false);
  if (!fs::is_regular_file(*source, failure)) return terminal::fail(ERR_FILE_NOT_EXIST, false);
  if (fs::exists(*target, failure) && (flags & FILE_REWRITE) == 0) return terminal::fail(ERR_FILE_CANNOT_REWRITE, false);
  if (openAt(*source) != nullptr || openAt(*target) != nullptr) return terminal::fail(ERR_CANNOT_OPEN_FILE, false);
  fs::create_directories(target->parent_path(), failure);
  fs::rename(*source, *target, failure);
  return !failure || terminal::fail(ERR_CANNOT_OPEN_FILE, false);
}

bool FolderCreate(const string &name, int) {
  const auto path = inSandbox(name);
  std::error_code failure;
  if (!path) return terminal::fail(ERR_WRONG_DIRECTORYNAME, false);
  fs::create_directories(*path, failure);
  return fs::is_directory(*path, failure) || terminal::fail(ERR_WRONG_DIRECTORYNAME, false);
}

} // namespace mql5

// MQL5's one-dimensional array: bounds-checked, resizable unless declared with a size, new elements poisoned.
#pragma once
#include "abort.hpp"
#include "mql-string.hpp"
#include <cstring>
#include <initializer_list>
#include <new>
#include <utility>

namespace mql5 {

inline constexpr int WHOLE_ARRAY = -1;

/** A place in an array, with the line of the program that asks for it. */
struct array_index {
  long long at;
  const char *file;
  int line;

  template <class T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  array_index(T value, const char *inFile = __builtin_FILE(), int onLine = __builtin_LINE())
      : at(static_cast<long long>(value)), file(inFile), line(onLine) {}
};

template <class T> class array {
public:
  array() = default;
  array(const array &other) : fixed_(other.fixed_) { assign(other); }
  array(array &&other) noexcept
      : items_(std::exchange(other.items_, nullptr)), size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)), fixed_(other.fixed_) {}
  ~array() { release(); }
  array &operator=(const array &other) {
    if (this != &other) assign(other);
    return *this;
  }

  /** `T x[size]` inside a function, a structure or a class: MQL5 does not initialise it. */
  static array fixed(int size) {
    array made;
    made.resize(size, 0);
    made.fixed_ = true;
    return made;
  }
  /** `T x[size]` of the whole program: zeros. */
  static array zeroed(int size) {
    array made = fixed(size);
    for (int i = 0; i < size; i++) made.items_[i] = T{};
    return made;
  }
  /** `T x[size] = {…}`, size -1 for as many as there are; the rest is zeros. */
  static array of(int size, std::initializer_list<T> values) {
    array made = zeroed(size < 0 ? static_cast<int>(values.size()) : size);
    int at = 0;
    for (const T &value : values) made[at++] = value;
    return made;
  }

  T &operator[](array_index index) { return items_[checked(index)]; }
  const T &operator[](array_index index) const { return items_[checked(index)]; }

  int size() const { return size_; }
  bool isFixed() const { return fixed_; }
  T *data() { return items_; }
  const T *data() const { return items_; }

  void resize(int size, int reserve) {
    if (size < 0) terminal::stop("array resized to %d", size);
    if (fixed_ && size != size_) terminal::stop("a static array cannot be resized");
    if (size > capacity_) grow(size + (reserve > 0 ? reserve : 0));
    while (size_ > size) items_[--size_].~T();
    while (size_ < size) makeNew();
  }
  void clear() {
    if (fixed_) return;
    release();
    items_ = nullptr;
    size_ = capacity_ = 0;
  }

private:
  int checked(const array_index &index) const {
    if (index.at < 0 || index.at >= size_)
      terminal::stop("array out of range: [%lld] of %d elements (%s:%d)", index.at, size_, index.file, index.line);
    return static_cast<int>(index.at);
  }
  void makeNew() {
    // What MQL5 leaves to chance must not look like a zero (needs -fno-lifetime-dse).
    std::memset(static_cast<void *>(items_ + size_), 0xFE, sizeof(T));
    ::new (static_cast<void *>(items_ + size_)) T;
    size_++;
  }
  void grow(int capacity) {
    T *moved = static_cast<T *>(::operator new(sizeof(T) * static_cast<std::size_t>(capacity)));
    for (int i = 0; i < size_; i++) {
      ::new (static_cast<void *>(moved + i)) T(std::move(items_[i]));
      items_[i].~T();
    }
    ::operator delete(static_cast<void *>(items_));
    items_ = moved;
    capacity_ = capacity;
  }
  void assign(const array &other) {
    const bool wasFixed = std::exchange(fixed_, false);
    resize(other.size_, 0);
    for (int i = 0; i < size_; i++) items_[i] = other.items_[i];
    fixed_ = wasFixed;
  }
  void release() {
    for (int i = 0; i < size_; i++) items_[i].~T();
    ::operator delete(static_cast<void *>(items_));
  }

  T *items_ = nullptr;
  int size_ = 0;
  int capacity_ = 0;
  bool fixed_ = false;
};

template <class T> int ArraySize(const array<T> &items) { return items.size(); }

template <class T> int ArrayResize(array<T> &items, int size, int reserve = 0) {
  items.resize(size, reserve);
  return size;
}

template <class T> void ArrayFree(array<T> &items) { items.clear(); }

template <class T, class V> int ArrayInitialize(array<T> &items, V value) {
  for (int i = 0; i < items.size(); i++) items[i] = static_cast<T>(value);
  return items.size();
}

template <class T>
int ArrayCopy(array<T> &to, const array<T> &from, int toStart = 0, int fromStart = 0, int count = WHOLE_ARRAY) {
  const int available = from.size() - fromStart;
  int copied = count < 0 || count > available ? available : count;
  if (toStart < 0 || fromStart < 0) terminal::stop("ArrayCopy with a negative start");
  if (copied <= 0) return 0;
  if (to.isFixed() && copied > to.size() - toStart) copied = to.size() - toStart;
  if (toStart + copied > to.size()) ArrayResize(to, toStart + copied);
  // Backwards where the two overlap in one array.
  if (&to == &from && toStart > fromStart)
    for (int i = copied - 1; i >= 0; i--) to[toStart + i] = from[fromStart + i];
  else
    for (int i = 0; i < copied; i++) to[toStart + i] = from[fromStart + i];
  return copied;
}

template <class T> bool ArrayRemove(array<T> &items, int start, int count = WHOLE_ARRAY) {
  if (items.isFixed() || start < 0 || start >= items.size()) return false;
  const int removed = count < 0 || count > items.size() - start ? items.size() - start : count;
  ArrayCopy(items, items, start, start + removed);
  items.resize(items.size() - removed, 0);
  return true;
}

template <class T> void ZeroMemory(T &value) { value = T{}; }

} // namespace mql5

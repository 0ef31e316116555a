#include "tests/fuzz/live_memory.h"

#include <malloc.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace {

std::atomic<std::int64_t> live{0}, limit{INT64_MAX};

void check(std::int64_t now) {
  if (now <= limit.load(std::memory_order_relaxed)) return;
  limit = INT64_MAX;  // what tells of it asks for memory, too
  std::fprintf(stderr, "a reader holds %lld bytes, more than its file may ask for\n", static_cast<long long>(now));
  std::abort();
}

void* counted(void* p) {
  if (p != nullptr) check(live += static_cast<std::int64_t>(malloc_usable_size(p)));
  return p;
}
void uncounted(void* p) {
  if (p != nullptr) live -= static_cast<std::int64_t>(malloc_usable_size(p));
}

}  // namespace

namespace cornu::fuzz {

std::int64_t live_memory() { return live; }
void limit_live_memory(std::int64_t bytes) { limit = bytes; }

}  // namespace cornu::fuzz

// glibc's own functions under the names that everybody calls, operator new and the HDF5 library among them.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t bytes) { return counted(__libc_malloc(bytes)); }
void* calloc(std::size_t n, std::size_t bytes) { return counted(__libc_calloc(n, bytes)); }
void* realloc(void* p, std::size_t bytes) {
  uncounted(p);
  void* now = __libc_realloc(p, bytes);
  if (now == nullptr && bytes != 0) counted(p);  // it is still there
  return counted(now);
}
void* memalign(std::size_t alignment, std::size_t bytes) { return counted(__libc_memalign(alignment, bytes)); }
void* aligned_alloc(std::size_t alignment, std::size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** p, std::size_t alignment, std::size_t bytes) {
  void* found = memalign(alignment, bytes);
  if (found == nullptr) return ENOMEM;
  *p = found;
  return 0;
}
void free(void* p) {
  uncounted(p);
  __libc_free(p);
}
}

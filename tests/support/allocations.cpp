#include "tests/support/allocations.h"

#include <execinfo.h>
#include <link.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

// The addresses of a shared library's code.
struct Code {
  const char* library;
  std::uintptr_t begin = 0, end = 0;
  bool has(const void* address) const {
    const auto a = reinterpret_cast<std::uintptr_t>(address);
    return a >= begin && a < end;
  }
};
Code onednn{"libdnnl"}, openmp{"libgomp"}, cxx{"libstdc++"}, c{"libc.so"};

void find_libraries() {
  for (Code* code : {&onednn, &openmp, &cxx, &c})
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* wanted) {
          Code& code = *static_cast<Code*>(wanted);
          const char* slash = std::strrchr(info->dlpi_name, '/');
          if (std::strncmp(slash ? slash + 1 : info->dlpi_name, code.library, std::strlen(code.library)) != 0) return 0;
          code.begin = ~std::uintptr_t{0};
          for (int i = 0; i < info->dlpi_phnum; ++i) {
            const auto& part = info->dlpi_phdr[i];
            if (part.p_type != PT_LOAD) continue;
            code.begin = std::min<std::uintptr_t>(code.begin, info->dlpi_addr + part.p_vaddr);
            code.end = std::max<std::uintptr_t>(code.end, info->dlpi_addr + part.p_vaddr + part.p_memsz);
          }
          return 1;
        },
        code);
}

std::atomic<bool> counting{false};
std::atomic<long> ours{0}, onednns{0}, openmps{0};
thread_local bool looking = false;  // backtrace may ask for memory itself

// oneDNN calls nobody but libgomp: what has it on the stack happens inside of it. libgomp also calls the bodies of
// parallel regions, which are ours: there the function nearest to the allocation decides. The first two are this one
// and the hook.
__attribute__((noinline)) void note() {
  if (looking || !counting.load(std::memory_order_relaxed)) return;
  looking = true;
  void* stack[64];
  const int depth = backtrace(stack, 64);
  const bool inside = std::any_of(stack, stack + depth, [](const void* at) { return onednn.has(at); });
  const auto nearest = std::find_if(stack + std::min(depth, 2), stack + depth,
                                    [](const void* at) { return !cxx.has(at) && !c.has(at); });
  ++(inside ? onednns : nearest != stack + depth && openmp.has(*nearest) ? openmps : ours);
  looking = false;
}

}  // namespace

namespace cornu::support {

CountAllocations::CountAllocations() {
  void* stack[4];
  backtrace(stack, 4);  // the first time it loads what it needs
  find_libraries();
  ours = onednns = openmps = 0;
  counting = true;
}
CountAllocations::~CountAllocations() { counting = false; }
long CountAllocations::own() const { return ours; }
long CountAllocations::in_onednn() const { return onednns; }
long CountAllocations::in_openmp() const { return openmps; }

}  // namespace cornu::support

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

// The sanitizers have a malloc of their own: only operator new is seen.
namespace {
void* counted(std::size_t bytes, std::size_t alignment) {
  note();
  if (void* p = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)) return p;
  throw std::bad_alloc();
}
}  // namespace
void* operator new(std::size_t bytes) { return counted(bytes, alignof(std::max_align_t)); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return counted(bytes, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t bytes,
                   const std::nothrow_t&) noexcept {  // std::stable_sort's, which ends in the operator delete below
  note();
  return std::malloc(bytes);
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

#else

// glibc's own functions under the names that everybody calls, operator new among them.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t bytes) {
  note();
  return __libc_malloc(bytes);
}
void* calloc(std::size_t n, std::size_t bytes) {
  note();
  return __libc_calloc(n, bytes);
}
void* realloc(void* p, std::size_t bytes) {
  note();
  return __libc_realloc(p, bytes);
}
void* memalign(std::size_t alignment, std::size_t bytes) {
  note();
  return __libc_memalign(alignment, bytes);
}
void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  note();
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t bytes) {
  note();
  void* found = __libc_memalign(alignment, bytes);
  if (found == nullptr) return ENOMEM;
  *p = found;
  return 0;
}
}

#endif

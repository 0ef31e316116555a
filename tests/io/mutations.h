#pragma once

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "cornu/graph/check.h"
#include "tests/io/temporary_folder.h"

namespace cornu::tests {

/// While it lives, the process cannot take much more memory than it has: a reader that believes a damaged length gets
/// std::bad_alloc. (Sanitizers reserve the address space for themselves, so there it does nothing.)
class MemoryLimit {
 public:
  explicit MemoryLimit(std::size_t bytes) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    ::getrlimit(RLIMIT_AS, &old_);
    struct rlimit limit = old_;
    limit.rlim_cur = pages * 4096 + bytes;
    ::setrlimit(RLIMIT_AS, &limit);
    set_ = true;
#else
    (void)bytes;
#endif
  }
  ~MemoryLimit() {
    if (set_) ::setrlimit(RLIMIT_AS, &old_);
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  struct rlimit old_ {};
  bool set_ = false;
};

/// Reads `bytes` cut off at every position and with every byte changed in several ways, by `read(path)`. Each time it
/// must either succeed or throw an Error that names the file; every truncation must throw. Returns how many of the
/// changes threw.
inline int expect_clear_errors(const std::string& bytes,
                               const std::function<void(const std::filesystem::path&)>& read) {
  TemporaryFolder folder;
  const std::filesystem::path path = folder / "mutated.bin";
  MemoryLimit limit(std::size_t{256} << 20);
  int errors = 0;
  const auto attempt = [&](const std::string& content, const std::string& what) {
    std::filesystem::remove(path);  // overwriting makes some file systems wait for the disk
    write_text(path, content);
    try {
      read(path);
      return false;
    } catch (const graph::Error& e) {
      EXPECT_NE(std::string(e.what()).find(path.string()), std::string::npos) << what << ": " << e.what();
      return true;
    } catch (const std::exception& e) {
      ADD_FAILURE() << what << " gives an unclear error: " << e.what();
      return true;
    }
  };
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const bool threw = attempt(bytes.substr(0, length), "truncation to " + std::to_string(length) + " bytes");
    EXPECT_TRUE(threw) << "truncated to " << length << " of " << bytes.size() << " bytes";
  }
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int change : {0x01, 0x80, 0xff, int{static_cast<unsigned char>(bytes[i])}, 0x10}) {
      if (change == 0) continue;
      std::string changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ change);
      errors += attempt(changed, "byte " + std::to_string(i) + " xor " + std::to_string(change));
    }
  return errors;
}

/// The bytes that a text of hexadecimal digits stands for.
inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

/// The text of the Error that `f` throws.
template <class E = graph::Error, class F>
std::string error_text(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  } catch (const std::exception& e) {
    return std::string("another exception: ") + e.what();
  }
  return "no error";
}

}  // namespace cornu::tests

#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "tests/io/temporary_folder.h"

namespace cornu::tests {

/// A folder of its own for what Keras downloads, while it lives.
class KerasHome {
 public:
  KerasHome() {
    if (const char* old = ::getenv("KERAS_HOME")) saved_ = old;
    std::filesystem::create_directories(datasets());
    ::setenv("KERAS_HOME", (folder_ / "keras").c_str(), 1);
  }
  ~KerasHome() { saved_.empty() ? ::unsetenv("KERAS_HOME") : ::setenv("KERAS_HOME", saved_.c_str(), 1); }
  KerasHome(const KerasHome&) = delete;
  KerasHome& operator=(const KerasHome&) = delete;

  std::filesystem::path operator/(const std::filesystem::path& name) const { return folder_ / name; }
  std::filesystem::path datasets() const { return folder_ / "keras" / "datasets"; }

 private:
  TemporaryFolder folder_;
  std::string saved_;
};

}  // namespace cornu::tests

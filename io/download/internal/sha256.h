#pragma once

#include <cstddef>
#include <string>

namespace cornu::io::download::internal {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  void update(const void* data, std::size_t size);
  /// 64 lower-case hexadecimal digits. Once only.
  std::string finish();

 private:
  void* context_;
};

}  // namespace cornu::io::download::internal

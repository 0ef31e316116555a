#pragma once

#include <cstddef>
#include <string>

namespace cornu::io::download::internal {

/// The hash of bytes that come in pieces: MD5, by which Keras knows its oldest files, where it is compared with 32
/// digits, else SHA-256.
class Digest {
 public:
  explicit Digest(const std::string& expected);
  ~Digest();
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
  const char* name() const { return name_; }
  void update(const void* data, std::size_t size);
  /// Lower-case hexadecimal digits. Once only.
  std::string finish();

 private:
  const char* name_;
  void* context_;
};

}  // namespace cornu::io::download::internal

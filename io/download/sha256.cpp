#include "cornu/io/download/internal/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/io/download/download.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::download {

namespace internal {

namespace {
EVP_MD_CTX* context(void* opaque) { return static_cast<EVP_MD_CTX*>(opaque); }
void check(bool ok) { graph::require<graph::Error>(ok, "OpenSSL cannot compute SHA-256 here"); }
}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  const bool ok = context_ && EVP_DigestInit_ex(context(context_), EVP_sha256(), nullptr) == 1;
  if (!ok) EVP_MD_CTX_free(context(context_));
  check(ok);
}

Sha256::~Sha256() { EVP_MD_CTX_free(context(context_)); }

void Sha256::update(const void* data, std::size_t size) { check(EVP_DigestUpdate(context(context_), data, size) == 1); }

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  check(EVP_DigestFinal_ex(context(context_), digest.data(), &size) == 1);
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += "0123456789abcdef"[digest[i] >> 4];
    text += "0123456789abcdef"[digest[i] & 15];
  }
  return text;
}

}  // namespace internal

std::string sha256_of(const std::filesystem::path& path) {
  io::internal::InputFile file(path);
  internal::Sha256 hash;
  std::vector<std::byte> chunk(1 << 16);
  while (file.left() > 0) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(file.left(), chunk.size()));
    file.read(part);
    hash.update(part.data(), part.size());
  }
  return hash.finish();
}

}  // namespace cornu::io::download

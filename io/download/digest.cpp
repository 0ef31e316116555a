#include "cornu/io/download/internal/digest.h"

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
void check(bool ok) { graph::require<graph::Error>(ok, "OpenSSL cannot compute hashes here"); }
constexpr std::size_t kDigitsOfMd5 = 32;
}  // namespace

Digest::Digest(const std::string& expected)
    : name_(expected.size() == kDigitsOfMd5 ? "MD5" : "SHA-256"), context_(EVP_MD_CTX_new()) {
  const EVP_MD* kind = expected.size() == kDigitsOfMd5 ? EVP_md5() : EVP_sha256();
  const bool ok = context_ && EVP_DigestInit_ex(context(context_), kind, nullptr) == 1;
  if (!ok) EVP_MD_CTX_free(context(context_));
  check(ok);
}

Digest::~Digest() { EVP_MD_CTX_free(context(context_)); }

void Digest::update(const void* data, std::size_t size) { check(EVP_DigestUpdate(context(context_), data, size) == 1); }

std::string Digest::finish() {
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

std::string hash_of(const std::filesystem::path& path, const std::string& expected) {
  io::internal::InputFile file(path);
  internal::Digest hash(expected);
  std::vector<std::byte> chunk(1 << 16);
  while (file.left() > 0) {
    const auto part = std::span(chunk).first(std::min<std::uint64_t>(file.left(), chunk.size()));
    file.read(part);
    hash.update(part.data(), part.size());
  }
  return hash.finish();
}

}  // namespace cornu::io::download

#include "cornu/ops/internal/fingerprint.h"

#include <bit>
#include <cstring>
#include <utility>

namespace cornu::ops::internal {
namespace {

using Word = std::uint64_t;

// FarmHash's constants: large primes between 2^63 and 2^64.
constexpr Word kP0 = 0xC3A5C85C97CB3127, kP1 = 0xB492B66FBE98F273, kP2 = 0x9AE16A3B2F90404F;

// Numbers of a text's bytes, the first one lowest.
template <class T = Word>
Word at(const char* bytes) {
  T number;
  std::memcpy(&number, bytes, sizeof(T));
  return number;
}

Word folded(Word x) { return x ^ (x >> 47); }
Word turned(Word x, int right) { return std::rotr(x, right); }

// One number of two.
Word joined(Word a, Word b, Word factor) {
  const Word first = folded((a ^ b) * factor);
  return folded((b ^ first) * factor) * factor;
}

struct Pair {
  Word first = 0, second = 0;
};

// 32 bytes go into two numbers.
Pair mixed(const char* bytes, Word a, Word b) {
  a += at(bytes);
  b = turned(b + a + at(bytes + 24), 21);
  const Word before = a;
  a += at(bytes + 8) + at(bytes + 16);
  return {a + at(bytes + 24), b + turned(a, 44) + before};
}

Word up_to_16(const char* s, Word n) {
  const Word factor = kP2 + n * 2;
  if (n >= 8) {
    const Word a = at(s) + kP2, b = at(s + n - 8);
    return joined(turned(b, 37) * factor + a, (turned(a, 25) + b) * factor, factor);
  }
  if (n >= 4) return joined(n + (at<std::uint32_t>(s) << 3), at<std::uint32_t>(s + n - 4), factor);
  if (n == 0) return kP2;
  const auto byte = [s](Word i) { return Word{static_cast<unsigned char>(s[i])}; };
  return folded((byte(0) + (byte(n / 2) << 8)) * kP2 ^ (n + (byte(n - 1) << 2)) * kP0) * kP2;
}

Word up_to_32(const char* s, Word n) {
  const Word factor = kP2 + n * 2;
  const Word a = at(s) * kP1, b = at(s + 8), c = at(s + n - 8) * factor, d = at(s + n - 16) * kP2;
  return joined(turned(a + b, 43) + turned(c, 30) + d, a + turned(b + kP2, 18) + c, factor);
}

Word up_to_64(const char* s, Word n) {
  const Word factor = kP2 + n * 2;
  const Word a = at(s) * kP2, b = at(s + 8), c = at(s + n - 8) * factor, d = at(s + n - 16) * kP2;
  const Word y = turned(a + b, 43) + turned(c, 30) + d, z = joined(y, a + turned(b + kP2, 18) + c, factor);
  const Word e = at(s + 16) * factor, f = at(s + 24);
  const Word g = (y + at(s + n - 32)) * factor, h = (z + at(s + n - 24)) * factor;
  return joined(turned(e + f, 43) + turned(g, 30) + h, e + turned(f + a, 18) + g, factor);
}

// What is kept of a long text while its blocks of 64 bytes go by.
struct Blocks {
  Word x, y, z;
  Pair v, w;

  // `more` is 1 but for the last block, which weighs 9 times.
  void add(const char* s, Word factor, Word more) {
    x = turned(x + y + v.first + at(s + 8), 37) * factor;
    y = turned(y + v.second + at(s + 48), 42) * factor;
    x ^= w.second * more;
    y += v.first * more + at(s + 40);
    z = turned(z + w.first, 33) * factor;
    v = mixed(s, v.second * factor, x + w.first);
    w = mixed(s + 32, z + w.second, y + at(s + 16));
    std::swap(z, x);
  }
};

Word longer(const char* s, Word n) {
  constexpr Word kSeed = 81;
  Blocks blocks{kSeed * kP2 + at(s), kSeed * kP1 + 113, 0, {}, {}};
  blocks.z = folded(blocks.y * kP2 + 113) * kP2;
  const Word whole = (n - 1) / 64 * 64, rest = (n - 1) % 64;
  for (Word i = 0; i < whole; i += 64) blocks.add(s + i, kP1, 1);
  const Word factor = kP1 + ((blocks.z & 0xFF) << 1);
  blocks.w.first += rest;
  blocks.v.first += blocks.w.first;
  blocks.w.first += blocks.v.first;
  blocks.add(s + n - 64, factor, 9);
  const auto& [x, y, z, v, w] = blocks;
  return joined(joined(v.first, w.first, factor) + folded(y) * kP0 + z, joined(v.second, w.second, factor) + x, factor);
}

// The four numbers of SipHash.
struct Sip {
  Word a, b, c, d;

  void rounds(int n) {
    for (; n > 0; --n) {
      a += b, b = std::rotl(b, 13) ^ a, a = std::rotl(a, 32);
      c += d, d = std::rotl(d, 16) ^ c;
      a += d, d = std::rotl(d, 21) ^ a;
      c += b, b = std::rotl(b, 17) ^ c, c = std::rotl(c, 32);
    }
  }
  void add(Word word) {
    d ^= word;
    rounds(2);
    a ^= word;
  }
};

}  // namespace

std::uint64_t fingerprint(std::string_view text) {
  const Word n = text.size();
  if (n <= 16) return up_to_16(text.data(), n);
  if (n <= 32) return up_to_32(text.data(), n);
  return n <= 64 ? up_to_64(text.data(), n) : longer(text.data(), n);
}

std::uint64_t keyed_hash(std::string_view text, std::uint64_t key0, std::uint64_t key1) {
  // "somepseudorandomlygeneratedbytes"
  Sip sip{key0 ^ 0x736F6D6570736575, key1 ^ 0x646F72616E646F6D, key0 ^ 0x6C7967656E657261, key1 ^ 0x7465646279746573};
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) sip.add(at(text.data() + i));
  Word last = text.size() << 56;
  for (int shift = 0; i < text.size(); ++i, shift += 8) last |= Word{static_cast<unsigned char>(text[i])} << shift;
  sip.add(last);
  sip.c ^= 0xFF;
  sip.rounds(4);
  return sip.a ^ sip.b ^ sip.c ^ sip.d;
}

}  // namespace cornu::ops::internal

#pragma once

#include <bit>
#include <cstdint>

namespace cornu::ops::internal {

// These have no branch and no call, so that the loops around them become vector code, which std::exp does not allow.
// exp(x) = 2^n exp(r) with n the nearest integer of x / ln 2 and |r| <= ln 2 / 2.

struct ExpParts {
  std::uint32_t n;  ///< with the bias added; the bits above the ninth mean nothing
  float p;          ///< exp(r)
};
template <int bias>
ExpParts exp_parts(float x) {
  constexpr float kRound = 0x1.8p23f + bias;  // adding it leaves the nearest integer, and the bias, in the lowest bits
  const float shifted = x * 0x1.715476p+0f + kRound;
  const float n = shifted - kRound;
  const float r = (x - n * 0x1.62e4p-1f) - n * 0x1.7f7d1cp-20f;  // ln 2 in two parts, the first with trailing zeros
  float p = 0x1.6a1a72p-10f;  // the polynomial 1 + r + ... of degree 6 whose relative error is the least, 4e-9
  p = p * r + 0x1.123fc6p-7f;
  p = p * r + 0x1.555916p-5f;
  p = p * r + 0x1.55548ap-3f;
  p = p * r + 0x1.fffffcp-2f;
  p = p * r + 1.f;
  p = p * r + 1.f;
  return {std::bit_cast<std::uint32_t>(shifted), p};
}

/// At this and below exp_nonpositive is 0.
inline constexpr float kNothing = -88;

/// exp(x) for x <= 0 or NaN, within 2 ulp, but 0 for results that are no normal numbers. `nothing` is kNothing; loops
/// that shall become vector code read it from where g++ cannot see its value. Else it knows the result, and jumps.
inline float exp_nonpositive(float x, float nothing = kNothing) {
  const auto [n, p] = exp_parts<127>(x < nothing ? nothing : x);
  return p * std::bit_cast<float>(n << 23);
}

/// Beyond these the exponential is 0 or infinite, as it is there.
inline constexpr float kLowestExponent = -104, kHighestExponent = 89;

/// exp(x) for x between those, or NaN, within 2 ulp; denormal results included.
inline float exp_within(float x) {
  // 2^n in two factors, as it may itself be too small or too large for a number: each has half of n and a bias of 127.
  const auto [n, p] = exp_parts<254>(x);
  const std::uint32_t half = n >> 1;
  return p * std::bit_cast<float>(half << 23) * std::bit_cast<float>((n - half) << 23);
}

/// exp(x) of any number, within 2 ulp; denormal results and NaN included.
inline float exp(float x) {
  const float above = x < kLowestExponent ? kLowestExponent : x;
  return exp_within(above > kHighestExponent ? kHighestExponent : above);
}

/// The same of n numbers.
void exp(const float* x, float* y, std::int64_t n);

}  // namespace cornu::ops::internal

#pragma once

#include <limits>

#include "cornu/ops/internal/expression.h"

namespace cornu::ops::internal {

// Exponentials, logarithms and their kin as formulas of floats and of Values, so that they stand in fused loops. Both
// have the same bits. The coefficients are those of polynomials whose largest relative error is the least.

/// x, but no less than `low` and no more than `high`. NaN stays.
template <class T>
T between(T x, float low, float high) {
  const T above = where(x < number(x, low), low, x);
  return where(above > number(x, high), high, above);
}

/// exp(x) = 2^n (1 + rest) with n the nearest integer of x / ln 2.
template <class T>
struct ExpReduced {
  T n, rest;
};
template <class T>
ExpReduced<T> exp_reduced(T x) {
  const T n = round(x * 0x1.715476p+0f);
  const T near = multiply_add(n, number(x, -0x1.62e430p-1f), x);  // ln 2 in two parts
  const T r = multiply_add(n, number(x, 0x1.05c610p-29f), near);
  T p = number(x, 0x1.6a1a72p-10f);
  for (const float c : {0x1.123fc6p-7f, 0x1.555916p-5f, 0x1.55548ap-3f, 0x1.fffffcp-2f})
    p = multiply_add(p, r, number(x, c));
  return {n, multiply_add(r * r, p, r)};
}

/// Within 2 ulp; denormal results included.
template <class T>
T exp_of(T x) {
  const auto [n, rest] = exp_reduced(between(x, -104.f, 89.f));
  return ldexp(rest + 1.f, n);
}

/// exp(x) - 1 within 3 ulp.
template <class T>
T expm1_of(T x) {
  const auto [n, rest] = exp_reduced(between(x, -20.f, 89.f));
  const T half = ldexp(number(x, 0.5f), n);  // 2^n itself may be too large where the result is not
  const T y = multiply_add(rest, half, half - 0.5f);
  return where(x == number(x, 0.f), x, y + y);  // -0 stays
}

/// (exp(2x) - 1) / (exp(2x) + 1) within 3 ulp.
template <class T>
T tanh_of(T x) {
  const auto [n, rest] = exp_reduced(between(x + x, -20.f, 20.f));
  const T power = ldexp(number(x, 1.f), n);
  const T e = multiply_add(rest, power, power - 1.f);
  return where(x == number(x, 0.f), x, e / (e + 2.f));
}

/// 1 / (1 + exp(-x)) within 3 ulp, also where it is near 0.
template <class T>
T sigmoid_of(T x) {
  const T magnitude = abs(x);
  const auto [n, rest] = exp_reduced(-where(magnitude > number(x, 104.f), 104.f, magnitude));
  const T e = ldexp(rest + 1.f, n);
  return where(x < number(x, 0.f), e, 1.f) / (e + 1.f);
}

/// log(x) for normal numbers, within 2 ulp.
template <class T>
T log_of_normal(T x) {
  const T whole = exponent(x), mantissa = ldexp(x, -whole);  // from 1 to 2
  const auto is_large = mantissa > number(x, 0x1.6a09e6p+0f);
  const T n = where(is_large, whole + 1.f, whole);
  const T f = where(is_large, mantissa * 0.5f, mantissa) - 1.f;
  T p = number(x, 0x1.1457b0p-4f);
  for (const float c : {-0x1.de3c22p-4f, 0x1.e6f06ep-4f, -0x1.fc2206p-4f, 0x1.233768p-3f, -0x1.555c4ep-3f,
                        0x1.99a4b6p-3f, -0x1.000006p-2f, 0x1.555548p-2f})
    p = multiply_add(p, f, number(x, c));
  const T square = f * f;
  T y = multiply_add(n, number(x, -0x1.05c610p-29f), square * f * p);  // ln 2 in two parts, the small one first
  y = multiply_add(square, number(x, -0.5f), y) + f;
  return multiply_add(n, number(x, 0x1.62e430p-1f), y);
}

/// Within 2 ulp; of denormal numbers too. -inf of 0, NaN of what is negative.
template <class T>
T log_of(T x) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto is_small = x < number(x, std::numeric_limits<float>::min());
  const T y = log_of_normal(where(is_small, x * 0x1p25f, x));
  const T scaled = where(is_small, y - 0x1.154246p+4f, y);  // less 25 ln 2
  const T finite = where(x == number(x, kInfinity), kInfinity, scaled);
  const T any = where(x < number(x, 0.f), std::numeric_limits<float>::quiet_NaN(), finite);
  return where(x == number(x, 0.f), -kInfinity, any);
}

/// log(1 + exp(x)).
template <class T>
T softplus_of(T x) {
  const T magnitude = abs(x);
  const auto [n, rest] = exp_reduced(-where(magnitude > number(x, 104.f), 104.f, magnitude));
  const T e = ldexp(rest + 1.f, n), sum = e + 1.f;
  const T log = log_of_normal(sum) + (e - (sum - 1.f)) / sum;  // and what the sum has lost of e
  return where(x <= number(x, 0.f), 0.f, x) + log;
}

/// Within 3 ulp.
template <class T>
T erf_of(T x) {
  const T magnitude = abs(x), square = x * x;
  T p = number(x, 0x1.4969c6p-14f);
  for (const float c :
       {-0x1.a3f6dap-11f, 0x1.5405acp-8f, -0x1.b7f90cp-6f, 0x1.ce2cf8p-4f, -0x1.81273ep-2f, 0x1.06eba8p-3f})
    p = multiply_add(p, square, number(x, c));
  const T near = multiply_add(p, x, x);
  const T beyond = where(magnitude > number(x, 4.f), 4.f, magnitude) - 1.f;  // erf(4) rounds to 1
  T q = number(x, 0x1.86dda0p-13f);  // the logarithm of 1 - erf, in powers of |x| - 1
  for (const float c :
       {-0x1.df8fdap-10f, 0x1.444124p-7f, -0x1.53ff24p-5f, -0x1.afad1cp-1f, -0x1.51c9aap+1f, -0x1.d97fc0p+0f})
    q = multiply_add(q, beyond, number(x, c));
  const auto [n, rest] = exp_reduced(q);
  const T far = 1.f - ldexp(rest + 1.f, n);
  const T signed_far = where(x < number(x, 0.f), -far, far);
  return where(magnitude < number(x, 1.f), near, signed_far);
}

}  // namespace cornu::ops::internal

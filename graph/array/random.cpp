#include "cornu/graph/array/random.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace cornu::graph::random {
namespace {

void require_deviation(const char* name, double mean, double stddev) {
  require<ValueError>(std::isfinite(mean) && std::isfinite(stddev) && stddev >= 0, name,
                      ": expected a finite mean and stddev >= 0, got mean ", mean, ", stddev ", stddev);
}

}  // namespace

std::array<double, 2> normal_pair(std::uint32_t a, std::uint32_t b) {
  const double radius = std::sqrt(-2 * std::log(unit(a) + 0x1p-32));  // of a number in (0, 1]: never infinite
  const double angle = 2 * std::numbers::pi * unit(b);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

std::uint64_t Generator::next() {
  const auto words = block();
  return std::uint64_t{words[1]} << 32 | words[0];
}

double Generator::next_double() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint64_t Generator::below(std::uint64_t n) {
  require<ValueError>(n > 0, "there is no integer below 0 to draw");
  // Of the 2^64 numbers the last 2^64 mod n would favour the small results: they are drawn again.
  const std::uint64_t unfair = (std::uint64_t{0} - n) % n;
  for (;;) {
    const std::uint64_t x = next();
    if (x <= ~std::uint64_t{0} - unfair) return x % n;
  }
}

Array Generator::uniform(const Shape& shape, double low, double high) {
  require<ValueError>(std::isfinite(low) && std::isfinite(high) && low <= high,
                      "uniform: expected finite low <= high, got low ", low, ", high ", high);
  Array out(shape);
  const auto x = out.span<float>();
  // Rounding to float32 may reach `high`, which is excluded.
  const float top = std::nextafter(static_cast<float>(high), static_cast<float>(low)), bottom = static_cast<float>(low);
  for (std::size_t i = 0; i < x.size(); i += 4) {
    const auto words = block();
    for (std::size_t k = 0; k < std::min<std::size_t>(4, x.size() - i); ++k)
      x[i + k] = std::clamp(static_cast<float>(low + (high - low) * unit(words[k])), bottom, std::max(top, bottom));
  }
  return out;
}

Array Generator::normal(const Shape& shape, double mean, double stddev) {
  require_deviation("normal", mean, stddev);
  Array out(shape);
  const auto x = out.span<float>();
  for (std::size_t i = 0; i < x.size(); i += 4) {
    const auto words = block();
    const auto a = normal_pair(words[0], words[1]), b = normal_pair(words[2], words[3]);
    const double four[] = {a[0], a[1], b[0], b[1]};
    for (std::size_t k = 0; k < std::min<std::size_t>(4, x.size() - i); ++k)
      x[i + k] = static_cast<float>(mean + stddev * four[k]);
  }
  return out;
}

Array Generator::truncated_normal(const Shape& shape, double mean, double stddev) {
  require_deviation("truncated_normal", mean, stddev);
  Array out(shape);
  const auto x = out.span<float>();
  for (std::size_t i = 0; i < x.size();) {
    const auto words = block();
    for (const auto& pair : {normal_pair(words[0], words[1]), normal_pair(words[2], words[3])})
      for (double z : pair)
        if (std::fabs(z) <= 2 && i < x.size()) x[i++] = static_cast<float>(mean + stddev * z);
  }
  return out;
}

Array Generator::integers(const Shape& shape, std::int64_t low, std::int64_t high) {
  require<ValueError>(low < high, "integers: expected low < high, got low ", low, ", high ", high);
  Array out(shape, DType::int64);
  const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  for (std::int64_t& x : out.span<std::int64_t>())
    x = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(range));
  return out;
}

std::vector<std::int64_t> Generator::permutation(std::int64_t n) {
  require<ValueError>(n >= 0, "permutation: expected n >= 0, got ", n);
  std::vector<std::int64_t> out(static_cast<std::size_t>(n));
  std::iota(out.begin(), out.end(), std::int64_t{0});
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[below(i)]);
  return out;
}

}  // namespace cornu::graph::random

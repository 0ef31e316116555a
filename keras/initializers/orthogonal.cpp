#include "cornu/keras/initializers/orthogonal.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/keras/initializers/internal/seeded.h"

namespace cornu::keras::initializers {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4)
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  for (; i < a.size(); ++i) sums[0] += a[i] * b[i];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

Vector normal_vector(std::size_t length, Generator& rng) {
  const Array drawn = rng.normal({static_cast<std::int64_t>(length)});
  const auto values = drawn.span<float>();
  return Vector(values.begin(), values.end());
}

// Gram-Schmidt in double precision, each vector made orthogonal twice (once leaves rounding noise where vectors are
// nearly parallel). The norm it divides by is R's diagonal: positive.
std::vector<Vector> orthonormal_vectors(std::size_t count, std::size_t length, Generator& rng) {
  std::vector<Vector> q;
  while (q.size() < count) {
    Vector v = normal_vector(length, rng);
    const double before = std::sqrt(dot(v, v));
    for (int pass = 0; pass < 2; ++pass) {
      for (const Vector& u : q) {
        const double projection = dot(u, v);
        for (std::size_t i = 0; i < length; ++i) v[i] -= projection * u[i];
      }
    }
    const double norm = std::sqrt(dot(v, v));
    if (!(norm > 1e-10 * before)) continue;  // in the span of the others: draw it again
    for (double& x : v) x /= norm;
    q.push_back(std::move(v));
  }
  return q;
}

}  // namespace

Array OrthogonalConfig::operator()(const Shape& shape, Generator& rng) const {
  graph::require<ValueError>(shape.rank() >= 2, "initializer Orthogonal: expected a shape of at least two axes, got ",
                             shape);
  const auto rows = static_cast<std::size_t>(shape.drop_back().elements()),
             columns = static_cast<std::size_t>(shape.back());
  return internal::draw(seed, rng, [&](Generator& g) {
    Array result(shape);
    float* out = result.data<float>();
    const bool tall = rows >= columns;
    const std::vector<Vector> q = orthonormal_vectors(std::min(rows, columns), std::max(rows, columns), g);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c)
        out[r * columns + c] = static_cast<float>(gain * (tall ? q[c][r] : q[r][c]));
    return result;
  });
}

void OrthogonalConfig::fields(ConfigVisitor& v) {
  v("gain", gain);
  v("seed", seed);
}

namespace {

const bool orthogonal_registered = registry().add<Orthogonal>("Orthogonal", {"orthogonal", "OrthogonalInitializer"});

}  // namespace
}  // namespace cornu::keras::initializers

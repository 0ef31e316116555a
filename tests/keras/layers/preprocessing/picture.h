#pragma once

#include <gtest/gtest.h>

#include <initializer_list>

#include "cornu/graph/array/array.h"
#include "tests/keras/layers/run_layer.h"

namespace cornu::tests {

/// A picture of four by four pixels and three channels from 0 to 255, (1, 4, 4, 3), none like another.
inline Array picture() {
  Array x = graph::empty({1, 4, 4, 3});
  for (std::int64_t i = 0; i < 48; ++i) x.data<float>()[i] = static_cast<float>(i * 37 % 256);
  return x;
}
/// One channel of it.
inline Array grey_picture() {
  Array x = graph::empty({1, 4, 4, 1});
  for (std::int64_t i = 0; i < 16; ++i) x.data<float>()[i] = static_cast<float>(i * 111 % 256);
  return x;
}

inline void expect_numbers(const Array& y, std::initializer_list<double> want, double tolerance = 1e-5) {
  ASSERT_EQ(y.size(), static_cast<std::int64_t>(want.size()));
  Array wanted = graph::empty(y.shape());
  std::copy(want.begin(), want.end(), wanted.data<float>());
  EXPECT_TRUE(allclose(y.astype(float32), wanted, tolerance, 255 * tolerance)) << y;
}

/// The same picture with channels first, and back.
inline Array first(const Array& x) { return x.transpose({0, 3, 1, 2}); }
inline Array last(const Array& x) { return x.transpose({0, 2, 3, 1}); }

}  // namespace cornu::tests

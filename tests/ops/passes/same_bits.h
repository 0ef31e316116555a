#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/print.h"
#include "tests/support/op_samples.h"

namespace cornu::tests {

/// What comes of a computation of parameters of these specs by the simplifications alone, as text.
inline std::string simplified(const std::function<Built(const Tensors&)>& build, const graph::Specs& specs) {
  Tensors in;
  for (std::size_t i = 0; i < specs.size(); ++i)
    in.push_back(input(static_cast<int>(i), specs[i].shape, specs[i].dtype));
  const graph::passes::Disabled without("fusion");
  return graph::to_string(graph::optimise(graph::Outputs(Tensors(build(in)))));
}

/// Runs a computation as it was traced and as it was simplified, and compares the bytes.
inline void expect_same_bits(const std::function<Built(const Tensors&)>& build, const std::vector<Array>& arguments,
                             const char* what) {
  const auto f = [&](std::span<const Tensor> in) {
    return graph::Outputs(Tensors(build(Tensors(in.begin(), in.end()))));
  };
  const auto want = graph::Function(f, -1, {.disable_passes = "all"}).call(arguments);
  const auto got = graph::Function(f, -1, {.disable_passes = "fusion"}).call(arguments);
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(got[i].spec(), want[i].spec()) << what;
    EXPECT_EQ(std::memcmp(got[i].bytes(), want[i].bytes(), want[i].nbytes()), 0) << what << '\n'
                                                                                 << got[i] << '\n'
                                                                                 << want[i];
  }
}

/// Numbers at which arithmetic is special, and ordinary ones.
inline Array special_numbers() {
  using Limits = std::numeric_limits<float>;
  return Array{0.f,
               -0.f,
               1.f,
               -1.f,
               0.1f,
               -3.25f,
               1e30f,
               -1e30f,
               Limits::min(),
               -Limits::min(),
               Limits::denorm_min(),
               -Limits::denorm_min(),
               Limits::max(),
               Limits::lowest(),
               Limits::infinity(),
               -Limits::infinity(),
               Limits::quiet_NaN(),
               3e-45f,
               -1e-44f,
               255.f,
               2147483648.f};
}

}  // namespace cornu::tests

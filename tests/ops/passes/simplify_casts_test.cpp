#include <gtest/gtest.h>

#include "cornu/ops/native/cast.h"
#include "tests/ops/passes/same_bits.h"

namespace cornu::tests {
namespace {

constexpr graph::DType kTypes[] = {bool_, uint8, int32, int64, bfloat16, float32, float64};

TEST(SimplifyCasts, ThroughAWiderTypeAndBack) {
  const auto f = [](const Tensors& x) { return ops::cast(ops::cast(x[0], float32), bfloat16); };
  EXPECT_EQ(simplified(f, {{bfloat16, {2}}}), "parameters\n  %0 : bfloat16(2,)\noutputs\n  %0\n");
  const auto on = [](const Tensors& x) { return ops::cast(ops::cast(x[0], int32), float32); };
  EXPECT_EQ(simplified(on, {{uint8, {2}}}),
            "parameters\n  %0 : uint8(2,)\nnodes\n  %1 = cast(%0, dtype=float32) : float32(2,)\noutputs\n  %1\n");
  const auto narrow = [](const Tensors& x) { return ops::cast(ops::cast(x[0], bfloat16), float32); };
  EXPECT_NE(simplified(narrow, {{float32, {2}}}).find("%2 = cast"), std::string::npos);
}

TEST(SimplifyCasts, NoNumberChangesForAnyThreeTypes) {
  const Array numbers = special_numbers(), integers{0, 1, -1, 255, 256, 16777217, 2147483647, -2147483647};
  for (auto from : kTypes)
    for (auto through : kTypes)
      for (auto to : kTypes) {
        const std::string what = std::string(graph::name_of(from)) + ' ' + std::string(graph::name_of(through)) + ' ' +
                                 std::string(graph::name_of(to));
        const auto f = [&](const Tensors& x) { return ops::cast(ops::cast(x[0], through), to); };
        expect_same_bits(f, {numbers.astype(from)}, what.c_str());
        expect_same_bits(f, {integers.astype(from)}, what.c_str());
      }
}

}  // namespace
}  // namespace cornu::tests

#include "cornu/keras/operations/selection.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/select.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  return std::vector<cornu::tests::OperationSample>{
      operation("Where", {some({3, 4}) > 0, some({3, 4}), some({3, 4}, 2)},
                [](const auto& x) { return ops::where(x[0], x[1], x[2]); }),
      operation("Tile", {some({3, 4, 2})},
                [](const auto& x) {
                  return ops::tile(x[0], {1, 2, 3});
                }),
  };
});

TEST(SelectionTest, TakesNumbers) {
  const auto x = layers::Input({.shape = {3}});
  const models::Model model(x, ops::where(ops::greater(x, 0), x, ops::where(ops::less(x, -2), -1, 0.5)));
  EXPECT_TRUE(array_equal(model.predict(Array{{4.f, -1.f, -3.f}}), Array{{4.f, 0.5f, -1.f}}));
}

}  // namespace
}  // namespace cornu::keras

#include "cornu/keras/operations/shape.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/operations/get_item.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/operation_samples.h"

namespace cornu::keras {
namespace {

using tests::operation;
using tests::some;

const bool samples = cornu::tests::register_operation_samples([] {
  const std::vector<Array> x{some({3, 4, 2})};
  return std::vector<cornu::tests::OperationSample>{
      operation("Reshape", x,
                [](const auto& x) {
                  return ops::reshape(x[0], {-1, 2, 4});
                }),
      operation("Transpose", x,
                [](const auto& x) {
                  return ops::transpose(x[0], {0, 2, 1});
                }),
      operation("ExpandDims", x, [](const auto& x) { return ops::expand_dims(x[0], 1); }),
      operation("GetItem", x,
                [](const auto& x) {
                  using ops::IndexItem;
                  return ops::get_item(x[0], {IndexItem::slice(), IndexItem::slice(std::nullopt, -1, 2),
                                              IndexItem::new_axis(), IndexItem::ellipsis(), 0});
                }),
      operation("Squeeze", {some({3, 1, 2})}, [](const auto& x) { return ops::squeeze(x[0], 1); }),
  };
});

TEST(ShapeOperationsTest, LengthsThatAreUnknownStaySo) {
  const layers::Input x({.shape = {kUnknown, 4}});
  EXPECT_EQ(ops::transpose(x, {0, 2, 1}).shape(), (Shape{kUnknown, 4, kUnknown}));
  EXPECT_EQ(ops::transpose(x).shape(), (Shape{4, kUnknown, kUnknown}));
  EXPECT_EQ(ops::expand_dims(x, -1).shape(), (Shape{kUnknown, kUnknown, 4, 1}));
  EXPECT_EQ(ops::reshape(layers::Input({.shape = {2, 4}}), {-1, 8}).shape(), (Shape{kUnknown, 8}));
}

}  // namespace
}  // namespace cornu::keras

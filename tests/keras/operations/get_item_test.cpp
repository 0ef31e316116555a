#include "cornu/keras/operations/get_item.h"

#include <gmock/gmock.h>

#include "cornu/graph/array/array_make.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using ops::IndexItem;
using Key = std::vector<IndexItem>;

const IndexItem kAll = IndexItem::slice();

// The first sample's part of 0 to 23 in shape (2, 3, 4).
std::vector<float> part(const Key& key, const Shape& shape) {
  const auto x = layers::Input({.shape = {3, 4}});
  const models::Model model(x, ops::get_item(x, key));
  const Array y = model.predict(graph::arange(0, 24, 1, graph::float32).reshape({2, 3, 4}));
  EXPECT_EQ(y.shape(), shape);
  const Array first = y[0].copy();
  return {first.data<float>(), first.data<float>() + first.size()};
}

TEST(GetItemTest, IsNumPys) {
  using testing::ElementsAre;
  EXPECT_THAT(part({kAll, 1}, {2, 4}), ElementsAre(4, 5, 6, 7));
  EXPECT_THAT(part({kAll, -1, IndexItem::slice(1, 3)}, {2, 2}), ElementsAre(9, 10));
  EXPECT_THAT(part({IndexItem::ellipsis(), 0}, {2, 3}), ElementsAre(0, 4, 8));
  EXPECT_THAT(part({kAll, IndexItem::slice(std::nullopt, std::nullopt, -1), 3}, {2, 3}), ElementsAre(11, 7, 3));
  EXPECT_THAT(part({kAll, 0, IndexItem::slice(std::nullopt, std::nullopt, 2), IndexItem::new_axis()}, {2, 2, 1}),
              ElementsAre(0, 2));
  EXPECT_THAT(part({kAll, 2, IndexItem::slice(-100, 100, 3)}, {2, 2}), ElementsAre(8, 11));
}

TEST(GetItemTest, SaysWhatDoesNotFit) {
  const auto x = layers::Input({.shape = {3, 4}});
  EXPECT_THAT(tests::error_text<ShapeError>([&] {
                ops::get_item(x, {kAll, 3});
              }),
              testing::HasSubstr("index 3 is out of bounds for axis 1 with length 3"));
  EXPECT_THAT(tests::error_text<ShapeError>([&] {
                ops::get_item(x, {kAll, 0, 0, 0});
              }),
              testing::HasSubstr("4 indices for a tensor of shape"));
  EXPECT_THAT(tests::error_text<ValueError>([&] {
                ops::get_item(x, {kAll, IndexItem::slice(0, 1, 0)});
              }),
              testing::HasSubstr("a step other than 0"));
  EXPECT_THAT(tests::error_text<ValueError>([&] {
                ops::get_item(x, {IndexItem::ellipsis(), IndexItem::ellipsis()});
              }),
              testing::HasSubstr("one ellipsis"));
}

}  // namespace
}  // namespace cornu::keras

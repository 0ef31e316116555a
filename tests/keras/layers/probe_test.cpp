// Output shapes for lengths that are unknown: found by describing a layer with lengths that stand for them.
#include <gmock/gmock.h>

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;

/// x[:, ::stride].
struct EveryNth : Layer {
  explicit EveryNth(std::int64_t stride) : stride(stride) {}
  Tensor call(const Tensor& x, Context&) override {
    std::vector<std::int32_t> steps;
    for (std::int64_t i = 0; i < x.shape()[1]; i += stride) steps.push_back(static_cast<std::int32_t>(i));
    return ops::take(x, Tensor(Array(steps)), 1);
  }
  std::int64_t stride;
};

TEST(ProbeTest, AStrideOfAnySizeLeavesAnUnknownLengthUnknown) {
  for (const std::int64_t stride : {2, 7, 8, 12, 13, 16, 24, 100, 127, 360, 1000}) {
    const auto layer = share(EveryNth(stride));
    EXPECT_EQ(layer->compute_output_shape({kUnknown, kUnknown, 3}), (Shape{kUnknown, kUnknown, 3})) << stride;
    EXPECT_EQ(layer->compute_output_shape({kUnknown, 50, 3}), (Shape{kUnknown, (50 + stride - 1) / stride, 3}));
  }
}

/// As a kernel of that length does: the last `kernel - 1` steps are lost.
struct Kernel : Layer {
  explicit Kernel(std::int64_t length) : length(length) {}
  Tensor call(const Tensor& x, Context&) override {
    return ops::slice(x, 1, 0, x.shape()[1] - length + 1) + ops::slice(x, 1, length - 1, x.shape()[1]);
  }
  std::int64_t length;
};

TEST(ProbeTest, AKernelFitsIntoAnUnknownLength) {
  for (const std::int64_t length : {3, 8, 9, 13, 100, 2000}) {
    const auto layer = share(Kernel(length));
    EXPECT_EQ(layer(Input({.shape = {kUnknown, 2}})).shape(), (Shape{kUnknown, kUnknown, 2})) << length;
  }
}

struct TakesIds : Layer {
  std::vector<DType> seen;
  Tensor call(const Tensor& x, Context&) override {
    seen.push_back(x.dtype());
    graph::require<TypeError>(x.dtype() == int32, "expected int32, got ", x.dtype());
    return ops::take(Tensor(graph::ones({9, 4})), x, 0);
  }
};

TEST(ProbeTest, WholeNumbersAreProbedAsSuch) {
  const auto layer = share(TakesIds());
  const KerasTensor y = layer(Input({.shape = {kUnknown}, .dtype = "int32"}));
  EXPECT_EQ(y.shape(), (Shape{kUnknown, kUnknown, 4}));
  EXPECT_EQ(y.dtype(), float32);
  EXPECT_THAT(layer->seen, testing::Each(int32));
  EXPECT_GE(layer->seen.size(), 2u);
}

/// Whose formula would be another one for squares, as matrices of one length are multiplied with themselves.
struct Swapped : Layer {
  Tensor call(const Tensor& x, Context&) override {
    return x.shape()[1] == x.shape()[2] ? x : ops::transpose(x, {0, 2, 1});
  }
};
struct Last : Layer {
  Tensor call(const Tensor& x, Context&) override { return ops::sum(x, 1); }
};

TEST(ProbeTest, UnknownAxesAreToldApart) {
  const auto swapped = share(Swapped());
  EXPECT_EQ(swapped->compute_output_shape({kUnknown, kUnknown, 5}), (Shape{kUnknown, 5, kUnknown}));
  std::vector<Shape> described;
  struct Watch : Layer {
    explicit Watch(std::vector<Shape>& shapes) : shapes(shapes) {}
    Tensor call(const Tensor& x, Context&) override { return shapes.push_back(x.shape()), x; }
    std::vector<Shape>& shapes;
  };
  share(Watch(described))->compute_output_shape({kUnknown, kUnknown, kUnknown, kUnknown});
  ASSERT_EQ(described.size() % 2, 0u);
  for (const Shape& shape : described)
    for (int a = 0; a < 4; ++a)
      for (int b = 0; b < a; ++b) EXPECT_NE(shape[a], shape[b]) << shape;
  EXPECT_EQ(share(Last())->compute_output_shape({kUnknown, 7, kUnknown}), (Shape{kUnknown, kUnknown}));
}

/// Makes its part when it is called first, for what comes along the last axis there.
struct Late : Layer {
  Shared<Layer> dense = add_layer(Dense(3), "dense");
  bool turned = false;
  Tensor call(const Tensor& x, Context& ctx) override { return dense(turned ? ops::transpose(x, {0, 2, 1}) : x, ctx); }
};

TEST(ProbeTest, NoWeightGetsALengthThatStandsForAnother) {
  const auto late = share(Late());
  EXPECT_EQ(late(Input({.shape = {kUnknown, 5}})).shape(), (Shape{kUnknown, kUnknown, 3}));
  EXPECT_EQ(late->weights()[0].shape(), (Shape{5, 3}));
  const auto turned = share(Late());
  turned->turned = true;
  EXPECT_THAT(error_text<ShapeError>([&] {
                turned(Input({.shape = {kUnknown, 5}}));
              }),
              testing::HasSubstr("the last axis of the input must be known, got shape (None, 5, None)"));
  EXPECT_FALSE(turned->built());
  EXPECT_TRUE(turned->weights().empty());
  EXPECT_EQ(turned(Input({.shape = {4, 5}})).shape(), (Shape{kUnknown, 5, 3})) << "it can be tried again";
}

/// Of two inputs, whose unknown axes of one number have one length.
struct Sum : Layer {
  void build_all(const Shapes&) override {}
  Tensors call_all(const Inputs& x, Context&) override { return {x[0] + x[1], ops::sum(x[0], 2)}; }
};

TEST(ProbeTest, SeveralInputsAndOutputs) {
  const Input a({.shape = {kUnknown, 3}}), b({.shape = {kUnknown, 1}});
  const auto [y, z] = share(Sum())({a, b}).get<2>();
  EXPECT_EQ(y.shape(), (Shape{kUnknown, kUnknown, 3}));
  EXPECT_EQ(z.shape(), (Shape{kUnknown, kUnknown}));
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/autodiff/gradients.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <cmath>
#include <unordered_set>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"
#include "tests/autodiff/text_of.h"

namespace cornu::autodiff {
namespace {

using graph::constant;
using graph::parameter;
using tests::text_of;

std::vector<const graph::Node*> nodes_above(const Tensors& outputs) {
  std::vector<const graph::Node*> nodes;
  std::unordered_set<const graph::Node*> seen;
  const auto see = [&](const Tensor& t) {
    if (seen.insert(&t.node()).second) nodes.push_back(&t.node());
  };
  for (const Tensor& t : outputs) see(t);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const Tensor& input : nodes[i]->inputs()) see(input);
  return nodes;
}

Tensor input(const Shape& shape, DType dtype = float32) { return parameter(0, {dtype, shape}); }

TEST(Gradients, OfASumOfSquares) {
  Function f([](const Tensor& x) { return gradients(ops::sum(x * x), {x})[0]; });
  EXPECT_TRUE(array_equal(f(Array{1.f, -2.f, 3.f}), Array{2.f, -4.f, 6.f}));
}

TEST(Gradients, AreDifferentiatedAgain) {
  Function f([](const Tensor& x) {
    const Tensor first = gradients(ops::sum(x * x * x), {x})[0];
    const Tensor second = gradients(ops::sum(first), {x})[0];
    const Tensor third = gradients(ops::sum(second), {x})[0];
    const Tensor fourth = gradients(ops::sum(third), {x})[0];
    return Outputs{first, second, third, fourth};
  });
  const auto r = f(Array{1.f, 2.f, -3.f});
  EXPECT_TRUE(allclose(r[0], Array{3.f, 12.f, 27.f}));
  EXPECT_TRUE(allclose(r[1], Array{6.f, 12.f, -18.f}));
  EXPECT_TRUE(allclose(r[2], Array{6.f, 6.f, 6.f}));
  EXPECT_TRUE(allclose(r[3], Array{0.f, 0.f, 0.f}));
}

// Where a branch that was not taken has an infinite slope, and where a length is 0, nothing is spoilt.
TEST(Gradients, AreFiniteWhereAnInfiniteSlopeMeetsZero) {
  const Variable w(Array{1.f, 2.f, 0.5f}, "w");
  const Function step([&](const Tensor& x) {
    const Tensor e = ops::abs(w * x - 1),
                 loss = ops::where(ops::less(e, ops::ones_like(e)), ops::square(e), ops::sqrt(e));
    return Outputs{ops::sum(loss)}.update(w, w - 0.25 * gradients(loss, {w})[0]);
  });
  step(Array{1.f, 0.5f, 4.f});  // e is 0, 0 and 1
  EXPECT_TRUE(array_equal(w.value(), Array{1.f, 2.f, 0.f}));

  const Function of_length(
      [](const Tensor& x) { return gradients(ops::square(ops::sqrt(ops::sum(ops::square(x)))), {x})[0]; });
  EXPECT_TRUE(array_equal(of_length(Array{0.f, 0.f}), Array{0.f, 0.f}));
  EXPECT_TRUE(allclose(of_length(Array{3.f, 4.f}), Array{6.f, 8.f}));

  const Function of_inverse([](const Tensor& x) {
    return gradients(ops::where(ops::equal(x, ops::zeros_like(x)), x, ops::reciprocal(x)), {x})[0];
  });
  EXPECT_TRUE(array_equal(of_inverse(Array{0.f, 2.f}), Array{1.f, -0.25f}));
}

TEST(Gradients, SumTheElementsOfALoss) {
  Function f([](const Tensor& x) { return gradients(x * x, {x})[0]; });
  EXPECT_TRUE(array_equal(f(Array{1.f, -2.f}), Array{2.f, -4.f}));
}

TEST(Gradients, OfAVariableAddAllItsReads) {
  const Variable w(Array{2.f, 3.f}, "w");
  Function f([&](const Tensor& x) {
    const Tensor loss = ops::sum(Tensor(w) * x + Tensor(w) * Tensor(w));  // three reads
    return Outputs(gradients(loss, {w, w}));
  });
  const auto r = f(Array{10.f, 20.f});
  EXPECT_TRUE(array_equal(r[0], Array{14.f, 26.f}));
  EXPECT_TRUE(array_equal(r[1], r[0]));
}

TEST(Gradients, OfOneReadLeaveTheOtherReadsOut) {
  const Variable w(Array{2.f, 3.f}, "w");
  Function f([&](const Tensor& x) {
    const Tensor read = w;
    return gradients(ops::sum(read * x + Tensor(w) * Tensor(w)), {read})[0];
  });
  EXPECT_TRUE(array_equal(f(Array{10.f, 20.f}), Array{10.f, 20.f}));
}

TEST(Gradients, AreZerosWhereNothingIsConnected) {
  const Variable w(zeros({4, 2}), "w");
  Function f([&](const Tensor& x, const Tensor& other) {
    const Tensor unused = x + 1;
    return Outputs(gradients(ops::sum(x), {w, other, unused, x}));
  });
  const auto r = f(Array{1.f}, ones({2, 3}));
  EXPECT_TRUE(array_equal(r[0], zeros({4, 2})));
  EXPECT_TRUE(array_equal(r[1], zeros({2, 3})));
  EXPECT_TRUE(array_equal(r[2], zeros({1})));
  EXPECT_TRUE(array_equal(r[3], ones({1})));
}

TEST(Gradients, StopAtStopGradient) {
  Function f([](const Tensor& x) { return gradients(ops::sum(x * ops::stop_gradient(x)), {x})[0]; });
  EXPECT_TRUE(array_equal(f(Array{3.f, 4.f}), Array{3.f, 4.f}));
}

TEST(Gradients, ByWhatLiesBetweenAndByTheLossItself) {
  Function f([](const Tensor& x) {
    const Tensor between = x * x;
    const Tensor loss = between * 3;
    return Outputs(gradients(loss, {x, between, loss}));
  });
  const auto r = f(Array{2.f});
  EXPECT_EQ(r[0].item<float>(), 12);
  EXPECT_EQ(r[1].item<float>(), 3);
  EXPECT_EQ(r[2].item<float>(), 1);
}

TEST(Gradients, OfSeveralOutputsWithCotangents) {
  Function f([](const Tensor& x, const Tensor& u) {
    const Tensor square = x * x;
    return gradients(Tensors{square, x, square}, Tensors{u, u, u}, {x})[0];
  });
  EXPECT_TRUE(array_equal(f(Array{1.f, 2.f}, Array{1.f, 10.f}), Array{5.f, 90.f}));
}

TEST(Gradients, OfNothingAreNothing) { EXPECT_TRUE(gradients(input({2}), {}).empty()); }

TEST(Gradients, DoNotFlowThroughIntegers) {
  Function f([](const Tensor& table, const Tensor& where) {
    const Tensor rows = ops::take(table, ops::cast(where, int32));
    return Outputs(gradients(ops::sum(rows * rows), {table, where}));
  });
  const auto r = f(Array{{1.f, 2.f}, {3.f, 4.f}}, Array{1.f, 1.f, 0.f});
  EXPECT_TRUE(array_equal(r[0], Array{{2.f, 4.f}, {12.f, 16.f}}));
  EXPECT_TRUE(array_equal(r[1], zeros({3})));
}

TEST(Gradients, OfAPerceptron) {
  const Variable w(Array{{1.f, -2.f}, {3.f, 0.5f}}, "w"), b(Array{0.5f, -1.f}, "b");
  Function f([&](const Tensor& x) {
    return Outputs(gradients(ops::sum(ops::relu(ops::matmul(x, w) + b)), {w, b, x}));
  });
  const auto r = f(Array{{1.f, 2.f}, {-1.f, 1.f}});  // x w + b: {{7.5, -2}, {2.5, 1.5}}
  EXPECT_TRUE(allclose(r[0], Array{{0.f, -1.f}, {3.f, 1.f}}));
  EXPECT_TRUE(allclose(r[1], Array{2.f, 1.f}));
  EXPECT_TRUE(allclose(r[2], Array{{1.f, 3.f}, {-1.f, 3.5f}}));
}

// 60 diamonds above each other hold 2^60 paths: a gradient that followed each would never end.
TEST(Gradients, OfStackedDiamondsTakeLinearTime) {
  const auto build = [](const Tensor& x, int diamonds) {
    Tensor y = x;
    for (int i = 0; i < diamonds; ++i) y = (y + y * 2) * 0.5f;
    return y;
  };
  Function f([&](const Tensor& x) { return gradients(build(x, 60), {x})[0]; });
  EXPECT_NEAR(f(Array{1.f}).one().item<double>() / std::pow(1.5, 60), 1, 1e-4);

  const auto nodes = [&](int diamonds) {
    const Tensor x = input({1});
    return nodes_above(gradients(build(x, diamonds), {x})).size();
  };
  EXPECT_EQ(nodes(60) - nodes(50), nodes(20) - nodes(10));
}

// On a stack of 256 KB, which a recursion over so many nodes would overflow.
TEST(Gradients, OfADeepChainNeedNoStack) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  std::size_t nodes = 0;
  const auto body = [](void* result) -> void* {
    const Tensor x = input({1});
    Tensor y = x;
    for (int i = 0; i < 50'000; ++i) y = ops::tanh(y);
    *static_cast<std::size_t*>(result) = nodes_above(gradients(y, {x})).size();
    return nullptr;
  };
  pthread_t thread;
  ASSERT_EQ(pthread_create(&thread, &attributes, body, &nodes), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  EXPECT_GT(nodes, 100'000u);
}

// a -> (a, 2 a), with a second input that is only looked at; remembers what its gradient was asked for.
struct Probe final : graph::Op {
  mutable std::vector<bool> wanted, arrived;
  std::function<Tensors(const Backward&)> backward = [](const Backward& b) {
    Tensor g = b.dy(0);
    if (b.dy(1).defined()) g = g.defined() ? g + b.dy(1) * 2 : b.dy(1) * 2;
    return Tensors{g, {}};
  };
  std::string_view name() const override { return "probe"; }
  Specs infer(const Specs& in) const override { return {in[0], in[0]}; }
  Tensors gradient(const Backward& b) const override {
    wanted = {b.wants(0), b.wants(1)};
    arrived = {b.dy(0).defined(), b.dy(1).defined()};
    return backward(b);
  }
  Kernel plan(const PlanRequest&) const override {
    return Kernel::native(
        [](const graph::Call& c) { c.out<float>(0)[0] = c.in<float>()[0], c.out<float>(1)[0] = 2 * c.in<float>()[0]; });
  }
};

struct ProbeTest : testing::Test {
  std::shared_ptr<Probe> op = std::make_shared<Probe>();
  Tensor x = input({1}), other = input({1});
  Tensors y = apply(op, {x, other});
};

TEST_F(ProbeTest, WantedIsWhatLeadsToWrt) {
  gradients(y[0], {x});
  EXPECT_EQ(op->wanted, (std::vector{true, false}));
  gradients(y[0], {other});
  EXPECT_EQ(op->wanted, (std::vector{false, true}));
  gradients(y[0], {x, other});
  EXPECT_EQ(op->wanted, (std::vector{true, true}));
  op->wanted.clear();
  gradients(y[0] * x, {y[0], y[1]});  // neither is above the probe
  EXPECT_TRUE(op->wanted.empty());
}

TEST_F(ProbeTest, AnOutputThatNothingUsesHasNoGradient) {
  gradients(y[0], {x});
  EXPECT_EQ(op->arrived, (std::vector{true, false}));
  gradients(y[1], {x});
  EXPECT_EQ(op->arrived, (std::vector{false, true}));
  gradients(y[1] * y[0], {x});
  EXPECT_EQ(op->arrived, (std::vector{true, true}));
}

TEST_F(ProbeTest, OutputsOfOneNodeAreToldApart) {
  Function f([](const Tensor& x) {
    const Tensors y = apply(std::make_shared<Probe>(), {x, x});
    return Outputs(gradients(y[0] + y[1] * 3, {y[0], y[1], x}));
  });
  const auto r = f(Array{1.f});
  EXPECT_EQ(r[0].item<float>(), 1);
  EXPECT_EQ(r[1].item<float>(), 3);
  EXPECT_EQ(r[2].item<float>(), 7);
}

TEST_F(ProbeTest, WrongGradientsOfAnOpAreRefused) {
  op->backward = [](const Backward& b) { return Tensors{b.dy()}; };
  EXPECT_EQ(text_of<ValueError>([&] { gradients(y[0], {x}); }),
            "probe: the gradient must have one tensor per input, 2, got 1");
  op->backward = [](const Backward&) { return Tensors{constant(zeros({3})), {}}; };
  EXPECT_EQ(text_of<ShapeError>([&] { gradients(y[0], {x}); }),
            "probe: the gradient by input 0 must have its shape (1,), got (3,)");
  op->backward = [](const Backward&) { return Tensors{constant(zeros({1}, int32)), {}}; };
  EXPECT_EQ(text_of<TypeError>([&] { gradients(y[0], {x}); }),
            "probe: the gradient by input 0 must have its dtype float32, got int32");
}

TEST(Gradients, LieInTheScopeOfWhatTheyDifferentiate) {
  const Tensor x = input({2});
  Tensor y;
  {
    const graph::NameScope scope("dense_1");
    y = ops::tanh(x);
  }
  const Tensor g = gradients(y, {x})[0];
  int named = 0;
  for (const graph::Node* node : nodes_above({g})) {
    named += node->scope() == "gradients/dense_1";
    EXPECT_TRUE(node->id() <= y.node().id() || node->scope().starts_with("gradients"))
        << node->op().name() << " " << node->scope();
  }
  EXPECT_GT(named, 0);
  EXPECT_EQ(graph::NameScope::current(), "");
}

TEST(Gradients, RefuseWhatHasNone) {
  const Tensor x = input({2}), n = input({2}, int32);
  EXPECT_EQ(text_of<TypeError>([&] { gradients(n, {x}); }),
            "gradients: only a floating loss has gradients, got int32(2,)");
  EXPECT_EQ(text_of<TypeError>([&] {
              gradients(x, {x, n});
            }),
            "gradients: only floating tensors and variables can be differentiated by, number 1 is int32(2,)");
  EXPECT_EQ(text_of<TypeError>([&] { gradients(Tensors{n}, {x}, {x}); }),
            "gradients: only floating tensors have gradients, output 0 is int32(2,)");
  EXPECT_EQ(text_of<ValueError>([&] { gradients(Tensor(), {x}); }), "gradients: the loss is an undefined tensor");
  EXPECT_EQ(text_of<ValueError>([&] { gradients(x, {Tensor()}); }),
            "gradients: number 0 of what is differentiated by is an undefined tensor or variable");
  EXPECT_EQ(text_of<ValueError>([&] {
              gradients(x, {x, Variable()});
            }),
            "gradients: number 1 of what is differentiated by is an undefined tensor or variable");
}

TEST(Gradients, RefuseCotangentsThatDoNotFit) {
  const Tensor x = input({2});
  EXPECT_EQ(text_of<ValueError>([&] {
              gradients(Tensors{x, x}, {x}, {x});
            }),
            "gradients: 2 outputs need as many cotangents, got 1");
  EXPECT_EQ(text_of<ShapeError>([&] { gradients(Tensors{x}, {input({3})}, {x}); }),
            "gradients: the cotangent of output 0 must have its shape (2,), got (3,)");
  EXPECT_EQ(text_of<TypeError>([&] { gradients(Tensors{x}, {input({2}, int32)}, {x}); }),
            "gradients: the cotangent of output 0 must have its dtype float32, got int32");
  EXPECT_EQ(text_of<ValueError>([&] { gradients(Tensors{x}, {Tensor()}, {x}); }),
            "gradients: output 0 or its cotangent is an undefined tensor");
}

}  // namespace
}  // namespace cornu::autodiff

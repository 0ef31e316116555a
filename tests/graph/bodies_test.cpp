#include "cornu/graph/bodies.h"

#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "cornu/graph/internal/rebuild.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/body_plan.h"
#include "cornu/graph/print.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using internal::BodyPlan;
using internal::BodyRun;
using testing::HasSubstr;
using toy::axpy;
using toy::reverse;

/// Runs a body of one parameter `times` times on its own result.
struct Again final : Op, HasBodies {
  Outputs body;
  int times = 1;
  std::string_view name() const override { return "toy_again"; }
  void fields(FieldVisitor& f) const override { f("times", times); }
  Specs infer(const Specs& in) const override { return {in[0], in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Tensors gradient_of_bodies(const Backward& b, const Differentiate&) const override { return no_gradient(b); }
  Traits traits() const override { return body_traits(); }
  std::vector<const Outputs*> bodies() const override { return {&body}; }
  std::shared_ptr<const Op> with_bodies(std::vector<Outputs> bodies) const override {
    auto op = std::make_shared<Again>(*this);
    op->body = std::move(bodies[0]);
    op->look_at_bodies();
    return op;
  }
  // The first output: the last result; the second: twice as often, from which the op falls back to the first one.
  Tensors reduced(const Node& node, const std::vector<bool>& used) const override {
    if (used[1] || times == 1) return {};
    auto op = std::make_shared<Again>(*this);
    op->times = 1;
    Tensor value = node.inputs()[0];
    for (int i = 0; i < times; ++i) value = apply(op, {value})[0];
    return {value, Tensor()};
  }
  Kernel plan(const PlanRequest& r) const override {
    auto steps = std::make_shared<const BodyPlan>(body, Specs{r.in[0]}, r.threads);
    Kernel kernel;
    kernel.parts = steps->lanes();
    kernel.phases = steps->stages() * times;
    kernel.scratch = steps->scratch();
    kernel.make = [steps]() -> Launch {
      return [run = std::make_shared<BodyRun>(steps)](const Call& c) {
        const int stages = run->plan().stages(), time = c.phase / stages;
        const void* from = time == 0 ? c.src[0] : c.dst[(time + 1) % 2];
        void* to = c.dst[time % 2];
        if (c.phase % stages == 0) run->point(c.part, &from, &to, c.scratch);
        run->run(c.part, c.phase % stages);
      };
    };
    return kernel;
  }
};

Tensors again(const Tensor& x, int times, const std::function<Tensor(const Tensor&)>& f) {
  auto op = std::make_shared<Again>();
  op->body = Outputs{f(parameter(0, x.spec()))};
  op->look_at_bodies();
  op->times = times;
  return apply(std::move(op), {x});
}

/// x + the element before, in three parts and three phases: the sum is made of what other parts wrote.
struct Neighbours final : Op {
  std::string_view name() const override { return "toy_neighbours"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    const std::int64_t n = r.out[0].shape.elements();
    Kernel kernel = Kernel::native(3, [n](const Call& c) {
      auto* middle = static_cast<float*>(c.scratch);
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          if (c.phase == 0) middle[i] = c.in<float>()[i];
          if (c.phase == 1) c.out<float>()[i] = middle[i] + middle[(i + n - 1) % n];
          if (c.phase == 2) middle[i] = 0;
        }
      });
    });
    kernel.phases = 3;
    kernel.scratch = static_cast<std::size_t>(n) * sizeof(float);
    return kernel;
  }
};

Tensor twice_neighbours(const Tensor& x) {
  const Tensor y = apply1(std::make_shared<Neighbours>(), {axpy(1, x, x)});
  return reverse(apply1(std::make_shared<Neighbours>(), {y}));
}

TEST(Bodies, RunInLanesAndStages) {
  const Array x = arange(0, 7).astype(float32);
  for (const int times : {1, 2, 5}) {
    const auto f = [&](const Tensor& t) {
      const Tensors made = again(t, times, twice_neighbours);
      return Outputs{made[0], made[1]};  // both buffers are read, so nothing is reduced
    };
    const auto want = [&](const Tensor& t) {
      Tensor value = t;
      for (int i = 0; i < times; ++i) value = twice_neighbours(value);
      return value;
    };
    for (const int threads : {1, 2, 3}) {
      const Array expected = Function(want, {.threads = threads})(x);
      const Function g(f, {.threads = threads});
      for (int round = 0; round < 20; ++round)
        ASSERT_TRUE(array_equal(g.call({{x}})[static_cast<std::size_t>((times + 1) % 2)], expected)) << times;
    }
  }
}

TEST(Bodies, ABodyOfStepsThatAreNotSharedIsOneTask) {
  const Tensor p = parameter(0, {float32, {4}});
  const BodyPlan small(Outputs{reverse(axpy(2, p, p))}, {{float32, {4}}}, 4);
  EXPECT_EQ(small.lanes(), 1);
  EXPECT_EQ(small.stages(), 1);
  EXPECT_EQ(small.steps(), 2u);
  const BodyPlan shared(Outputs{twice_neighbours(p)}, {{float32, {4}}}, 4);
  EXPECT_EQ(shared.lanes(), 4);
  EXPECT_GE(shared.stages(), 6);
}

TEST(Bodies, EqualOnesAreOneNode) {
  const auto f = [](const Tensor& x, double a, double b) {
    return Outputs{again(x, 2, [=](const Tensor& t) { return axpy(a, t, t); })[1],
                   again(x, 2, [=](const Tensor& t) { return axpy(b, t, t); })[1]};
  };
  const Specs x{{float32, {3}}};
  const auto count = [&](double a, double b) {
    const Function g([&](const Tensor& t) { return f(t, a, b); });
    return reachable(g.optimised(x)).size();
  };
  EXPECT_EQ(count(1, 1), 2u);
  EXPECT_EQ(count(1, 3), 3u);
}

TEST(Bodies, ArePrinted) {
  const Outputs outputs{again(parameter(0, {float32, {2}}), 3, [](const Tensor& t) { return axpy(1, t, t); })[1]};
  EXPECT_EQ(to_string(outputs),
            "parameters\n"
            "  %0 : float32(2,)\n"
            "nodes\n"
            "  %1, %2 = toy_again(%0, times=3) : float32(2,), float32(2,)\n"
            "    | parameters\n"
            "    |   %0 : float32(2,)\n"
            "    | nodes\n"
            "    |   %1 = toy_axpy(%0, %0, scale=1) : float32(2,)\n"
            "    | outputs\n"
            "    |   %1\n"
            "outputs\n"
            "  %2\n");
  const std::string dot = to_dot(outputs, "f");
  EXPECT_THAT(dot, HasSubstr("label=\"body of toy_again n1\""));
  EXPECT_THAT(dot, HasSubstr("n3 -> n1 [style=dashed, constraint=false, label=\"float32(2,)\"]"));
}

TEST(Bodies, WhatNobodyReadsIsLeftOut) {
  const Function f([](const Tensor& x) { return again(x, 3, [](const Tensor& t) { return axpy(1, t, t); })[0]; });
  EXPECT_EQ(reachable(f.optimised({{float32, {2}}})).size(), 4u);  // the parameter and three nodes of one time
  EXPECT_TRUE(array_equal(f(Array{1.f, 2.f}).one(), Array{8.f, 16.f}));
}

TEST(Rebuild, PutsOtherTensorsInPlaceAndKeepsTheRest) {
  const Tensor a = parameter(0, {float32, {2}}), b = parameter(1, {float32, {2}});
  const Tensor same = reverse(b), y = axpy(2, a, same);
  internal::Rebuild rebuild;
  rebuild.put(a, b);
  const Tensor now = rebuild(axpy(3, y, y));
  EXPECT_TRUE(now.node().inputs()[0].same(now.node().inputs()[1]));
  const Node& inner = now.node().inputs()[0].node();
  EXPECT_TRUE(inner.inputs()[0].same(b));
  EXPECT_TRUE(inner.inputs()[1].same(same));
  EXPECT_TRUE(rebuild(same).same(same));
  EXPECT_TRUE(rebuild(y).same(now.node().inputs()[0]));
}

}  // namespace
}  // namespace cornu::graph

#include "cornu/graph/passes/internal/layout.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/variable.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

// The input, counting how often it is computed.
std::atomic<int> computed{0};
struct Counted final : Op {
  std::string_view name() const override { return "toy_counted"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([bytes = r.in[0].bytes()](const Call& c) {
      ++computed;
      std::memcpy(c.dst[0], c.src[0], bytes);
    });
  }
};
Tensor counted(const Tensor& x) { return apply1(std::make_shared<Counted>(), {x}); }

TEST(Layout, KeepsWhatVariablesAloneDecide) {
  const Variable w(Array{1.f, 2.f}, "w"), v(Array{3.f, 4.f}, "v");
  const Tensor x = parameter(0, {float32, {2}});
  const Tensor form = counted(toy::reverse(w)), changed = counted(v), mixed = toy::axpy(1, form, x);
  EXPECT_EQ(passes::lasting_forms(mixed), (std::unordered_set<const Node*>{&form.node()}))
      << "not what it is made of, not what an argument is in";
  EXPECT_TRUE(passes::lasting_forms(Outputs(x).update(v, toy::axpy(1, changed, x))).empty())
      << "the computation changes v";
  EXPECT_EQ(passes::lasting_forms(toy::view(form, {2, 1})), (std::unordered_set<const Node*>{&form.node()}))
      << "of a view what it looks at";
}

TEST(Layout, FormsAreComputedWhenAVariableHasChanged) {
  Variable w(Array{1.f, 2.f}, "w");
  const Function f([&](const Tensor& x) { return toy::axpy(1, counted(w), x); });
  const Array x{10.f, 20.f};
  computed = 0;
  EXPECT_TRUE(array_equal(f(x).one(), Array{11.f, 22.f}));
  EXPECT_TRUE(array_equal(f(x).one(), Array{11.f, 22.f}));
  EXPECT_EQ(computed, 1);
  w.assign(Array{3.f, 4.f});
  EXPECT_TRUE(array_equal(f(x).one(), Array{13.f, 24.f}));
  EXPECT_EQ(computed, 2);
  const Function update([&](const Tensor& y) { return Outputs().update(w, toy::axpy(2, Tensor(w), y)); });
  update.call_into(std::vector<Array>{Array{1.f, 1.f}}, {});
  const Array want = w.value();
  EXPECT_TRUE(array_equal(f(zeros({2})).one(), want)) << "another plan has changed it";
  EXPECT_EQ(computed, 3);
}

TEST(Layout, SwitchedOffEveryCallComputesThem) {
  const Variable w(Array{1.f, 2.f}, "w");
  const Function f([&](const Tensor& x) { return toy::axpy(1, counted(w), x); }, {.disable_passes = "layout"});
  computed = 0;
  f(Array{1.f, 1.f});
  f(Array{1.f, 1.f});
  EXPECT_EQ(computed, 2);
}

TEST(Layout, AFormMayBeAResultOrAnUpdate) {
  const Variable w(Array{1.f, 2.f}, "w"), copy(zeros({2}), "copy");
  const Function f([&](const Tensor& x) { return Outputs{toy::reverse(w), x}.update(copy, counted(w)); });
  for (int i = 0; i < 2; ++i) {
    const auto r = f(Array{5.f});
    EXPECT_TRUE(array_equal(r[0], Array{2.f, 1.f}));
    EXPECT_TRUE(array_equal(copy.value(), Array{1.f, 2.f}));
  }
}

TEST(Layout, ManyThreadsFindTheFormsReady) {
  Variable w(Array{1.f, 2.f}, "w");
  const Function f([&](const Tensor& x) { return toy::axpy(1, counted(w), x); });
  computed = 0;
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i)
        if (!array_equal(f(Array{10.f, 20.f}).one(), Array{11.f, 22.f})) ++wrong;
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(computed, 1);
}

}  // namespace
}  // namespace cornu::graph

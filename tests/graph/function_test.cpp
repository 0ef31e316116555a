#include "cornu/graph/function.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "tests/graph/toy_ops.h"
#include "tests/support/allocations.h"

namespace cornu::graph {
namespace {

using testing::HasSubstr;
using toy::axpy;
using toy::reverse;
using toy::view;

TEST(Function, RunsWhatItTraced) {
  Function f([](const Tensor& a, const Tensor& b) { return axpy(2, a, b); });
  const Array y = f(Array{1.f, 2.f}, Array{10.f, 20.f});
  EXPECT_TRUE(array_equal(y, Array{12.f, 24.f})) << y;
}

TEST(Function, TracesOncePerSignature) {
  int traces = 0;
  Function f([&](const Tensor& a) { return ++traces, axpy(1, a, a); });
  f(Array{1.f}), f(Array{2.f}), f(Array{1.f, 2.f}), f(Array{3.f});
  EXPECT_EQ(traces, 2);
  EXPECT_EQ(f.cached_plans(), 2u);
}

TEST(Function, KeepsABoundedNumberOfPlans) {
  int traces = 0;
  Function f([&](const Tensor& a) { return ++traces, axpy(1, a, a); }, {.cached_plans = 3});
  for (int n = 1; n <= 10; ++n) f(zeros({n}));
  EXPECT_EQ(f.cached_plans(), 3u);
  f(zeros({10}));
  EXPECT_EQ(traces, 10);
  f(zeros({1}));
  EXPECT_EQ(traces, 11);
}

TEST(Function, KeepsAsManyPlansAsTakeLittleMemory) {
  Function f([](const Tensor& a) { return axpy(1, a, a); });
  for (int n = 1; n <= 100; ++n) f(zeros({n}));
  EXPECT_EQ(f.cached_plans(), 100u) << "a plan of one loop is small";

  Variable w(zeros({1 << 20}), "w");  // its kept form takes 4 MB in each plan
  Function g([&](const Tensor& a) { return Outputs{axpy(1, a, a), axpy(2, reverse(w), w)}; });
  for (int n = 1; n <= 20; ++n) g(zeros({n}));
  EXPECT_EQ(g.cached_plans(), 16u);
}

TEST(Function, SeveralOutputsByIndexAndBinding) {
  Function f([](const Tensor& a) { return Outputs{axpy(1, a, a), a, reverse(a)}; });
  const Results r = f(Array{1.f, 2.f});
  const auto [twice, same, back] = r.get<3>();
  EXPECT_TRUE(array_equal(twice, Array{2.f, 4.f}));
  EXPECT_TRUE(array_equal(same, Array{1.f, 2.f}));
  EXPECT_TRUE(array_equal(back, Array{2.f, 1.f}));
  EXPECT_THROW(Array(static_cast<Array>(r)), ValueError);
  EXPECT_THROW(r.get<2>(), ValueError);
}

TEST(Function, OneTensorAsTwoOutputsAndThroughAView) {
  Function f([](const Tensor& a) {
    const Tensor y = axpy(1, a, a);
    return Outputs{y, y, view(y, {1, 2}), view(a, {2, 1})};
  });
  const Results r = f(Array{1.f, 2.f});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(array_equal(r[i].flatten(), Array{2.f, 4.f})) << i;
  EXPECT_TRUE(array_equal(r[3], Array{{1.f}, {2.f}}));
}

TEST(Function, WrongNumberOfArgumentsIsAnError) {
  Function f([](const Tensor& a) { return a; }, {.name = "identity"});
  try {
    f(Array{1.f}, Array{1.f});
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_THAT(e.what(), HasSubstr("identity: takes 1 arguments, got 2"));
  }
}

TEST(Function, AnErrorWhileTracingLeavesItUsable) {
  Function f([](const Tensor& a, const Tensor& b) { return axpy(1, a, b); });
  EXPECT_THROW(f(Array{1.f}, Array{1.f, 2.f}), ShapeError);
  EXPECT_TRUE(array_equal(f(Array{1.f}, Array{2.f}).one(), Array{3.f}));
}

TEST(Function, UpdatesHappenTogetherAfterTheReads) {
  Variable a(Array{1.f, 2.f}, "a"), b(Array{10.f, 20.f}, "b");
  Function swap([&] { return Outputs{}.update(a, b).update(b, a); });
  swap();
  EXPECT_TRUE(array_equal(a.value(), Array{10.f, 20.f}));
  EXPECT_TRUE(array_equal(b.value(), Array{1.f, 2.f}));

  Function step([&] {  // the output and b's update read the old a, though a's new value is computed first
    const Tensor grown = axpy(1, a, a);
    return Outputs{Tensor(a)}.update(a, grown).update(b, axpy(1, a, b));
  });
  const Array old = step();
  EXPECT_TRUE(array_equal(old, Array{10.f, 20.f})) << old;
  EXPECT_TRUE(array_equal(a.value(), Array{20.f, 40.f}));
  EXPECT_TRUE(array_equal(b.value(), Array{11.f, 22.f}));
}

TEST(Function, AnUpdateThatReadsItselfOutOfOrderIsNotDoneInPlace) {
  Variable a(Array{1.f, 2.f, 3.f}, "a");
  Function f([&] { return Outputs{}.update(a, reverse(a)); });
  f();
  EXPECT_TRUE(array_equal(a.value(), Array{3.f, 2.f, 1.f})) << a.value();
}

TEST(Function, AVariableUpdatedTwiceOrWithAnotherShapeIsAnError) {
  Variable a(Array{1.f}, "gain");
  EXPECT_THROW(Outputs{}.update(a, a).update(a, a), ValueError);
  try {
    Outputs{}.update(a, constant(Array{1.f, 2.f}));
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_THAT(e.what(), HasSubstr("variable 'gain' needs shape (1,), got (2,)"));
  }
}

TEST(Function, CallIntoWritesTheCallersArrays) {
  Function f([](const Tensor& a) { return axpy(1, a, a); });
  const Array rows = zeros({4, 2});
  const std::vector<Array> in{Array{1.f, 2.f}}, out{rows[2]};
  f.call_into(in, out);
  EXPECT_TRUE(array_equal(rows, Array{{0.f, 0.f}, {0.f, 0.f}, {2.f, 4.f}, {0.f, 0.f}}));
  const std::vector<Array> wrong{zeros({3})};
  EXPECT_THROW(f.call_into(in, wrong), ShapeError);
}

TEST(Function, AllocatesNothingAfterTheFirstCall) {
  Variable w(Array{1.f, 1.f}, "w");
  Function f([&](const Tensor& a) {
    const Tensor y = axpy(3, reverse(axpy(1, a, w)), a);
    return Outputs{y}.update(w, axpy(0.5, w, y));
  });
  const std::vector<Array> in{Array{1.f, 2.f}}, out{zeros({2})};
  f.call_into(in, out);
  {
    const support::CountAllocations count;
    for (int i = 0; i < 10; ++i) f.call_into(in, out);
    EXPECT_EQ(count.own(), 0);
  }
  const support::CountAllocations count;
  f.call(in);
  EXPECT_GE(count.own(), 2);  // the list of results and its array: it does count
}

TEST(Function, CallOneAllocatesItsArrayAlone) {
  Function f([](const Tensor& a) { return axpy(1, a, a); });
  const Array x{1.f, 2.f};
  EXPECT_TRUE(array_equal(f.call_one({&x, 1}), Array{2.f, 4.f}));
  {
    const support::CountAllocations count;
    f.call_one({&x, 1});
    EXPECT_EQ(count.own(), 1);
  }
  Function two([](const Tensor& a) { return Outputs{a, a}; }, {.name = "twins"});
  try {
    two.call_one({&x, 1});
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(), "twins: has 2 outputs, not one");
  }
}

TEST(Function, DropsPlansWhileOtherThreadsUseThem) {
  Function f([](const Tensor& a) { return axpy(2, a, a); }, {.cached_plans = 2});
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const Array x = ones({1 + (t + i) % 5});
        if (!array_equal(f.call_one({&x, 1}), x * 3)) ++wrong;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(f.cached_plans(), 2u);
}

/// Copies; its kernel holds a token, so that one sees when the plan dies.
struct Holding final : Op {
  std::shared_ptr<int> token;
  std::string_view name() const override { return "holding"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override {
    return Kernel::native(
        [token = token](const Call& c) { *c.out<float>() = *c.in<float>() + static_cast<float>(*token); });
  }
};

// What a plan holds is freed with it, as soon as another one takes its place.
TEST(Function, FreesThePlanThatIsUsedLeast) {
  std::weak_ptr<int> held[3];
  Function f(
      [&](const Tensor& a) {
        auto op = std::make_shared<Holding>();
        held[a.shape()[0] - 1] = op->token = std::make_shared<int>(0);
        return apply1(std::move(op), {a});
      },
      {.cached_plans = 2});
  const Array one = ones({1}), two = ones({2}), three = ones({3});
  f(one), f(two), f(one), f(three);
  EXPECT_FALSE(held[0].expired());
  EXPECT_TRUE(held[1].expired());
  EXPECT_FALSE(held[2].expired());
}

TEST(Function, ThreadsShareOnePlan) {
  Function f([](const Tensor& a) { return reverse(axpy(2, reverse(a), a)); });
  const Array x = arange(0, 1000);
  const Array alone = f(x);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        if (!array_equal(f(x).one(), alone)) ++wrong;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(f.cached_plans(), 1u);
}

TEST(Function, InlinedIsPartOfAnotherTrace) {
  Function twice([](const Tensor& a) { return axpy(1, a, a); });
  Function f([&](const Tensor& a) {
    return twice.inlined(std::vector<Tensor>{twice.inlined(std::vector<Tensor>{a}).tensors()[0]});
  });
  EXPECT_TRUE(array_equal(f(Array{1.f}).one(), Array{4.f}));
}

template <class F>
std::string error_of(F&& call) {
  try {
    call();
  } catch (const ValueError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Function, ACallInsideItsOwnTraceIsAnError) {
  Function f, g;
  f = Function([&](const Tensor& a) { return axpy(1, a, constant(f(Array{1.f}).one())); }, {.name = "f"});
  const std::string expected =
      "f: called inside its own trace, where it has no plan yet; inlined() makes a function part of what is being "
      "traced";
  EXPECT_EQ(error_of([&] { f(Array{1.f}); }), expected);
  EXPECT_EQ(error_of([&] { f.trace({{float32, {1}}}); }), expected);
  EXPECT_EQ(error_of([&] { f.to_string({{float32, {1}}}); }), expected);

  g = Function([&](const Tensor& a) { return axpy(1, a, constant(f(Array{1.f}).one())); }, {.name = "g"});
  f = Function([&](const Tensor& a) { return axpy(1, a, constant(g(Array{1.f}).one())); }, {.name = "f"});
  EXPECT_EQ(error_of([&] { f(Array{1.f}); }), expected) << "by way of another one";

  Function h([](const Tensor& a) { return axpy(1, a, a); });
  f = Function([&](const Tensor& a) { return axpy(1, a, constant(h(Array{1.f}).one())); });
  EXPECT_TRUE(array_equal(f(Array{1.f}).one(), Array{3.f})) << "another function may be called";
  EXPECT_TRUE(array_equal(f(Array{2.f}).one(), Array{4.f}));
}

TEST(Function, InliningItselfWithoutEndIsAnError) {
  Function f;
  f = Function([&](const Tensor& a) { return f.inlined({&a, 1}); }, {.name = "f"});
  EXPECT_EQ(error_of([&] { f(Array{1.f}); }), "f: inlined 256 functions deep; does one inline itself without end?");
  EXPECT_EQ(error_of([&] { f(Array{1.f}); }), "f: inlined 256 functions deep; does one inline itself without end?");
}

TEST(Function, LengthsThatComeRoundFindMostOfTheirPlans) {
  int traces = 0;
  Function f([&](const Tensor& a) { return ++traces, axpy(1, a, a); }, {.cached_plans = 16});
  for (int round = 0; round < 20; ++round)
    for (int n = 1; n <= 20; ++n) ASSERT_TRUE(array_equal(f(ones({n})).one(), ones({n}) * 2));
  EXPECT_EQ(f.cached_plans(), 16u);
  EXPECT_LE(traces, 20 + 19 * 8);
}

/// 1 until the gate is opened, then the same after some time: a kernel that is at work while others call.
struct Gate final : Op {
  std::atomic<int>* calls = nullptr;
  std::atomic<bool>* opened = nullptr;
  std::string_view name() const override { return "gate"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native([n = r.out[0].shape.elements(), calls = calls, opened = opened](const Call& c) {
      if (calls->fetch_add(1) == 0)
        while (!*opened) std::this_thread::yield();
      std::copy_n(c.in<float>(), n, c.out<float>());
    });
  }
};

// A server gets new weights while it predicts: a call goes on with what it began with.
TEST(Function, KeptFormsOfACallThatRunsAreNotWritten) {
  Variable w(Array{1.f, 2.f}, "w");
  std::atomic<int> calls{0};
  std::atomic<bool> opened{false};
  Function f([&](const Tensor& a) {
    auto gate = std::make_shared<Gate>();
    gate->calls = &calls, gate->opened = &opened;
    return axpy(1, apply1(std::move(gate), {a}), reverse(w));
  });
  const Array x = zeros({2});
  EXPECT_THAT(f.describe({x.spec()}), HasSubstr("when a variable has changed"));
  Array first;
  std::thread caller([&] { first = f(x); });
  while (calls == 0) std::this_thread::yield();
  w.assign(Array{10.f, 20.f});
  EXPECT_TRUE(array_equal(f(x).one(), Array{20.f, 10.f}));
  opened = true;
  caller.join();
  EXPECT_TRUE(array_equal(first, Array{2.f, 1.f})) << first;
  EXPECT_TRUE(array_equal(f(x).one(), Array{20.f, 10.f}));
}

// Twelve calls at the same time need twelve workspaces, once.
TEST(Function, ManyCallsAtTheSameTimeMakeTheirWorkspacesOnce) {
  struct Counting final : Op {
    std::atomic<int>* made = nullptr;
    std::atomic<int>* inside = nullptr;
    std::string_view name() const override { return "counting"; }
    Specs infer(const Specs& in) const override { return {in[0]}; }
    Tensors gradient(const Backward& b) const override { return no_gradient(b); }
    Kernel plan(const PlanRequest&) const override {
      Kernel kernel;
      kernel.make = [made = made, inside = inside]() -> Launch {
        ++*made;
        return [inside](const Call& c) {
          ++*inside;
          while (*inside % 12 != 0) std::this_thread::yield();  // until all are here
          *c.out<float>() = *c.in<float>();
        };
      };
      return kernel;
    }
  };
  std::atomic<int> made{0}, inside{0};
  Function f([&](const Tensor& a) {
    auto op = std::make_shared<Counting>();
    op->made = &made, op->inside = &inside;
    return apply1(std::move(op), {a});
  });
  f.describe({{float32, {1}}});
  for (int round = 0; round < 5; ++round) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 12; ++t) threads.emplace_back([&] { f(Array{1.f}); });
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(inside, 60);
  EXPECT_EQ(made, 12);
}

TEST(Node, DeepChainsDieWithoutRecursion) {
  Tensor y = constant(Array{1.f});
  for (int i = 0; i < 200000; ++i) y = reverse(y);
  y = Tensor();
}

TEST(NameScope, NestsAndEnds) {
  {
    const NameScope outer("model");
    const NameScope inner("dense_1");
    EXPECT_EQ(constant(Array{1.f}).node().scope(), "model/dense_1");
  }
  EXPECT_EQ(constant(Array{1.f}).node().scope(), "");
}

TEST(OpRegistry, RefusesDuplicatesAndListsKnownNames) {
  static const bool once = register_op<toy::Axpy>();
  EXPECT_TRUE(once);
  EXPECT_THROW(register_op<toy::Axpy>(), ValueError);
  EXPECT_EQ(op_registry().make("toy_axpy")->name(), "toy_axpy");
  try {
    op_registry().make("toy_nothing");
    FAIL();
  } catch (const ValueError& e) {
    EXPECT_THAT(e.what(), HasSubstr("no op named 'toy_nothing'; known: "));
  }
}

TEST(Variable, IsAHandleAndChecksWhatIsAssigned) {
  Variable a(Array{1.f, 2.f}, "a");
  const Variable b = a;
  b.value().data<float>()[0] = 7;  // a copy
  EXPECT_TRUE(array_equal(a.value(), Array{1.f, 2.f}));
  a.assign(Array{3, 4});
  EXPECT_TRUE(array_equal(b.value(), Array{3.f, 4.f}));
  EXPECT_EQ(a.version(), 1u);
  EXPECT_THROW(a.assign(Array{1.f}), ShapeError);
  EXPECT_THROW(Variable().value(), ValueError);
  EXPECT_TRUE(a == b);
  EXPECT_FALSE(a == Variable(Array{1.f, 2.f}));
}

}  // namespace
}  // namespace cornu::graph

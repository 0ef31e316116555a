#include "cornu/graph/plan/internal/plan.h"

#include <gmock/gmock.h>

#include <random>

#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using testing::HasSubstr;
using toy::axpy;
using toy::reverse;
using toy::view;

/// x * 2 in parts, with an error in one of them if asked.
struct Doubled final : Op {
  bool fails = false;
  std::string_view name() const override { return "doubled"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native(r.threads, [n = r.out[0].shape.elements(), fails = fails](const Call& c) {
      if (fails && c.part == c.parts - 1) throw Error("the last part failed");
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) c.out<float>()[i] = 2 * c.in<float>()[i];
      });
    });
  }
};

TEST(Plan, PartsOfManyThreadsGiveTheSame) {
  Function f(
      [](const Tensor& a) {
        Tensor y = a;
        for (int i = 0; i < 10; ++i) y = reverse(apply1(std::make_shared<Doubled>(), {y}));
        return Outputs{y, axpy(1, y, a)};
      },
      {.threads = 3});
  const Array x = arange(0, 1000);
  for (int round = 0; round < 200; ++round) {
    const Results r = f(x);
    ASSERT_TRUE(array_equal(r[0], x * 1024));
    ASSERT_TRUE(array_equal(r[1], x * 1025));
  }
}

TEST(Plan, AnErrorInOnePartReachesTheCaller) {
  Function f(
      [](const Tensor& a) {
        auto op = std::make_shared<Doubled>();
        op->fails = true;
        return reverse(apply1(std::move(op), {a}));
      },
      {.threads = 3});
  for (int round = 0; round < 20; ++round) {
    try {
      f(arange(0, 10));
      FAIL();
    } catch (const Error& e) {
      EXPECT_STREQ(e.what(), "the last part failed");
    }
  }
}

// Any chain of steps, in place or not, through views, gives what plain loops give: the arena never lets two living
// values overlap.
TEST(Plan, RandomGraphsMatchAnInterpreter) {
  std::mt19937 rng(1);
  for (int round = 0; round < 200; ++round) {
    const int n = 1 + static_cast<int>(rng() % 40), inputs = 2;
    struct Instruction {
      int kind, a, b;
      double scale;
    };
    std::vector<Instruction> program;
    for (int i = 0; i < 30; ++i) {
      const int values = inputs + i;
      // mostly recent values, so that memory is reused
      const auto pick = [&] {
        return rng() % 3 ? values - 1 - static_cast<int>(rng() % std::min(3, values))
                         : static_cast<int>(rng() % values);
      };
      program.push_back({static_cast<int>(rng() % 3), pick(), pick(), static_cast<int>(rng() % 5) * 0.25});
    }
    std::vector<int> wanted{inputs + 29, inputs + static_cast<int>(rng() % 30), static_cast<int>(rng() % 2)};
    Function f([&](const Tensor& x, const Tensor& y) {
      Tensors values{x, y};
      for (const Instruction& s : program)
        values.push_back(s.kind == 0   ? reverse(values[s.a])
                         : s.kind == 1 ? axpy(s.scale, values[s.a], values[s.b])
                                       : view(values[s.a], {n}));
      return Outputs{values[wanted[0]], values[wanted[1]], values[wanted[2]]};
    });
    const Array x = arange(0, n), y = arange(n, 2 * n);
    std::vector<Array> values{x, y};
    for (const Instruction& s : program) {
      Array v = values[s.a].copy();
      for (int i = 0; i < n; ++i) {
        const float a = values[s.a].data<float>()[i];
        v.data<float>()[i] = s.kind == 0   ? values[s.a].data<float>()[n - 1 - i]
                             : s.kind == 1 ? static_cast<float>(s.scale) * a + values[s.b].data<float>()[i]
                                           : a;
      }
      values.push_back(v);
    }
    const Results got = f(x, y);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      ASSERT_TRUE(allclose(got[i], values[wanted[i]], 1e-5, 0)) << "round " << round << " output " << i;
  }
}

TEST(Plan, MemoryOfAChainIsTwoBuffers) {
  Function f([](const Tensor& a) {
    Tensor y = a;
    for (int i = 0; i < 50; ++i) y = reverse(y);
    return y;
  });
  const Specs specs{{float32, {1000}}};
  const Plan plan(optimise(f.trace(specs)), specs, 1);
  EXPECT_LE(plan.workspace_bytes(), 2u * 4032u);
  EXPECT_THAT(plan.describe(), HasSubstr("toy_reverse() -> float32(1000,) [native]"));
}

}  // namespace
}  // namespace cornu::graph

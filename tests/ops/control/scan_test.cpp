#include "cornu/ops/control/scan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/plan/internal/plan.h"
#include "cornu/graph/print.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/scan_op.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/random.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/expect_error.h"
#include "tests/support/allocations.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/special_values.h"

namespace cornu::tests {
namespace {

using ops::scan;
using ops::ScanConfig;
using ops::StepResult;

// A plain recurrent network: h = tanh(x w + h u + b), of x (steps, batch, in), h (batch, units).
Tensors network(const Tensors& t, const ScanConfig& config) {
  const auto step = [&](const Tensors& carry, const Tensors& x) -> StepResult {
    const Tensor h = ops::tanh(ops::matmul(x[0], t[2]) + ops::matmul(carry[0], t[3]) + t[4]);
    return {{h}, {h}};
  };
  auto [carry, ys] = scan(step, {t[1]}, {t[0]}, config);
  return {carry[0], ys[0]};
}

F64s network_reference(const std::vector<F64>& t, bool reverse) {
  const F64 &x = t[0], &w = t[2], &u = t[3], &b = t[4];
  const std::int64_t steps = x.shape[0], batch = x.shape[1], in = x.shape[2], units = u.shape[0];
  F64 h = t[1], all(Shape{steps, batch, units});
  for (std::int64_t step = 0; step < steps; ++step) {
    const std::int64_t at = reverse ? steps - 1 - step : step;
    F64 next(h.shape);
    for (std::int64_t i = 0; i < batch; ++i)
      for (std::int64_t j = 0; j < units; ++j) {
        double z = b[j];
        for (std::int64_t k = 0; k < in; ++k) z += x[(at * batch + i) * in + k] * w[k * units + j];
        for (std::int64_t k = 0; k < units; ++k) z += h[i * units + k] * u[k * units + j];
        next[i * units + j] = all[(at * batch + i) * units + j] = std::tanh(z);
      }
    h = next;
  }
  return {h, all};
}

OpSample network_sample(std::int64_t steps, std::int64_t batch, std::int64_t in, std::int64_t units,
                        const ScanConfig& config) {
  const double scale = 1 / std::sqrt(static_cast<double>(units));
  return {.op = "scan",
          .what = graph::message("recurrent network, ", steps, " steps of ", batch, " rows, ", units, " units",
                                 config.reverse ? ", reverse" : "", config.unroll.steps() == 1 ? "" : ", unrolled"),
          .build = [=](const Tensors& t) { return network(t, config); },
          .inputs = {uniform({steps, batch, in}, -1, 1), uniform({batch, units}, -1, 1, 2),
                     uniform({in, units}, -scale, scale, 3), uniform({units, units}, -scale, scale, 4),
                     uniform({units}, -1, 1, 5)},
          .reference = [=](const std::vector<F64>& t) { return network_reference(t, config.reverse); },
          .differentiable = {0, 1, 2, 3, 4}};
}

// Two carries, of which one is used by the other; a bool for each step; a factor from outside; an integer that counts.
Tensors masked(const Tensors& t) {
  const auto step = [&](const Tensors& carry, const Tensors& x) -> StepResult {
    const Tensor p = carry[0] * t[3] + x[0], q = carry[1] * ops::sin(p);
    const Tensor kept = ops::where(x[1], q, carry[1]);
    return {{p, kept, carry[2] + graph::constant(Array::scalar(std::int64_t{1}))},
            {ops::sum(kept, -1), ops::cast(carry[2], p.dtype())}};
  };
  auto [carry, ys] = scan(step, {t[1], t[1], graph::constant(Array::scalar(std::int64_t{0}))}, {t[0], t[2]}, {});
  return {carry[0], carry[1], ys[0], ys[1]};
}

F64s masked_reference(const std::vector<F64>& t) {
  const std::int64_t steps = t[0].shape[0], n = t[0].shape[1];
  F64 p = t[1], q = t[1], sums(Shape{steps}), counts(Shape{steps});
  for (std::int64_t s = 0; s < steps; ++s) {
    for (std::int64_t i = 0; i < n; ++i) {
      p[i] = p[i] * t[3][0] + t[0][s * n + i];
      if (t[2][s] != 0) q[i] *= std::sin(p[i]);
      sums[s] += q[i];
    }
    counts[s] = static_cast<double>(s);
  }
  return {p, q, sums, counts};
}

// Powers of a number: a loop without sequences.
Tensors iterated(const Tensors& t, std::int64_t length) {
  auto [carry, ys] = scan(
      [&](const Tensors& carry, const Tensors&) -> StepResult {
        return {{ops::sin(carry[0]) * t[1]}, {carry[0]}};
      },
      {t[0]}, {}, {.length = length});
  return {carry[0], ys[0]};
}

F64s iterated_reference(const std::vector<F64>& t, std::int64_t length) {
  F64 x = t[0], all(x.shape.insert(0, length));
  for (std::int64_t s = 0; s < length; ++s)
    for (std::int64_t i = 0; i < x.size(); ++i) {
      all[s * x.size() + i] = x[i];
      x[i] = std::sin(x[i]) * t[1][i];
    }
  return {x, all};
}

// A loop within a loop: rows of running products, each begun with what the row before ended with.
Tensors nested(const Tensors& t) {
  const auto inner = [&](const Tensors& carry, const Tensors& x) -> StepResult {
    const Tensor next = carry[0] * x[0] + t[1];
    return {{next}, {next * next}};
  };
  const auto outer = [&](const Tensors& carry, const Tensors& x) -> StepResult {
    auto [last, ys] = scan(inner, carry, x);
    return {last, {ops::sum(ys[0], 0)}};
  };
  auto [carry, ys] = scan(outer, {t[2]}, {t[0]}, {.reverse = true});
  return {carry[0], ys[0]};
}

F64s nested_reference(const std::vector<F64>& t) {
  const std::int64_t rows = t[0].shape[0], columns = t[0].shape[1];
  F64 c = t[2], sums(Shape{rows, 2});
  for (std::int64_t r = rows; r-- > 0;)
    for (std::int64_t k = 0; k < columns; ++k)
      for (std::int64_t i = 0; i < 2; ++i) {
        c[i] = c[i] * t[0][(r * columns + k) * 2 + i] + t[1][i];
        sums[r * 2 + i] += c[i] * c[i];
      }
  return {c, sums};
}

const bool special = register_without_special_values("scan", "runs other ops");

const bool samples = register_samples([] {
  std::vector<OpSample> all;
  for (const bool reverse : {false, true}) {
    all.push_back(network_sample(3, 2, 2, 3, {.reverse = reverse}));
    all.push_back(network_sample(5, 2, 1, 2, {.reverse = reverse, .unroll = 2}));
    all.push_back(network_sample(1, 2, 2, 2, {.reverse = reverse}));
  }
  all.push_back(network_sample(0, 2, 2, 2, {}));
  all.push_back(network_sample(4, 130, 40, 48, {}));  // parts of several lanes
  all.push_back({.op = "scan",
                 .what = "two carries, masks, a count",
                 .build = masked,
                 .inputs = {uniform({4, 3}, -1, 1), uniform({3}, 1, 2, 2), numbers({4}, {1, 0, 1, 1}, graph::bool_),
                            numbers({}, {0.7})},
                 .reference = masked_reference,
                 .differentiable = {0, 1, 3}});
  for (const std::int64_t length : {0, 1, 4})
    all.push_back({.op = "scan",
                   .what = graph::message("without sequences, ", length, " steps"),
                   .build = [=](const Tensors& t) { return iterated(t, length); },
                   .inputs = {uniform({2, 2}, 0.2, 1), uniform({2, 2}, 0.5, 2, 2)},
                   .reference = [=](const std::vector<F64>& t) { return iterated_reference(t, length); },
                   .differentiable = {0, 1}});
  all.push_back({.op = "scan",
                 .what = "a loop in a loop",
                 .build = nested,
                 .inputs = {uniform({2, 3, 2}, -1, 1), uniform({2}, -1, 1, 2), uniform({2}, -1, 1, 3)},
                 .reference = nested_reference,
                 .differentiable = {0, 1, 2}});
  return all;
});

StepResult same(const Tensors& carry, const Tensors&) { return {carry, {}}; }

const bool errors = register_errors([] {
  return std::vector<OpError>{
      {"scan", "expected sequences or a length", [] { scan(same, {input(0, {2})}, {}); }},
      {"scan", "sequence 1 has 4 steps, expected 3 (shape (4,))",
       [] {
         scan(same, {}, {input(0, {3, 2}), input(1, {4})});
       }},
      {"scan", "sequence 0 has 3 steps, expected 2", [] { scan(same, {}, {input(0, {3})}, {.length = 2}); }},
      {"scan", "sequence 0 needs an axis of steps, got shape ()", [] { scan(same, {}, {input(0, {})}); }},
      {"scan", "sequence 0 is an undefined tensor", [] { scan(same, {}, {Tensor()}); }},
      {"scan", "carry 0 is an undefined tensor", [] { scan(same, {Tensor()}, {}, {.length = 2}); }},
      {"scan", "f must give 1 carries, got 0",
       [] { scan([](const Tensors&, const Tensors&) { return StepResult{}; }, {input(0, {2})}, {}, {.length = 2}); }},
      {"scan", "f must give carry 0 as it got it, float32(2,), got float32(2, 1)",
       [] {
         scan(
             [](const Tensors& carry, const Tensors&) -> StepResult {
               return {{ops::expand_dims(carry[0], 1)}, {}};
             },
             {input(0, {2})}, {}, {.length = 2});
       }},
      {"scan", "f gives an undefined tensor as output 0",
       [] {
         scan([](const Tensors&, const Tensors&) -> StepResult { return {{}, {Tensor()}}; }, {}, {}, {.length = 2});
       }},
      {"scan", "unroll must be true, false or at least 1, got -1",
       [] { scan(same, {input(0, {2})}, {}, {.length = 2, .unroll = -1}); }},
      {"scan", "a step makes random_normal from a state that is the same in each step",
       [] {
         const Tensor state = input(1, {2}, graph::int64);
         scan(
             [&](const Tensors& carry, const Tensors&) -> StepResult {
               return {{carry[0] + ops::random_normal(state, {2})}, {}};
             },
             {input(0, {2})}, {}, {.length = 2});
       }},
  };
});

// The gradients of a network by its weights, in one computation.
graph::Outputs training(std::int64_t steps, std::int64_t batch, std::int64_t units) {
  const Tensors t{input(0, {steps, batch, units}), input(1, {batch, units}), input(2, {units, units}),
                  input(3, {units, units}), input(4, {units})};
  const Tensor loss = ops::sum(ops::square(network(t, {})[1]));
  return graph::Outputs(autodiff::gradients(loss, {t[2], t[3], t[4]}));
}

graph::Specs training_specs(std::int64_t steps, std::int64_t batch, std::int64_t units) {
  using graph::float32;
  return {{float32, {steps, batch, units}},
          {float32, {batch, units}},
          {float32, {units, units}},
          {float32, {units, units}},
          {float32, {units}}};
}

std::size_t count(const graph::Outputs& outputs, std::string_view op) {
  std::size_t n = 0;
  for (const auto& node : graph::reachable(outputs)) n += node->op().name() == op;
  return n;
}

TEST(Scan, PlansOfAnyLengthAreEquallyLarge) {
  const auto sizes = [](std::int64_t steps) {
    const graph::Outputs outputs = graph::optimise(training(steps, 2, 3));
    const graph::Plan plan(outputs, training_specs(steps, 2, 3), 2);
    std::size_t nodes = 0;  // without literals, which a step of little work keeps apart
    for (const auto& node : graph::reachable(outputs)) nodes += !node->inputs().empty();
    return std::tuple(nodes, plan.steps().size(), plan.kept_bytes());
  };
  EXPECT_EQ(sizes(10), sizes(1000));
}

TEST(Scan, MemoryOfCarriesDoesNotGrowWithTheSteps) {
  const auto bytes = [](std::int64_t steps) {
    const Tensor x = input(0, {64});
    const auto step = [](const Tensors& c, const Tensors&) -> StepResult { return {{ops::sin(c[0]) * 2}, {}}; };
    const graph::Outputs outputs = graph::optimise(graph::Outputs{scan(step, {x}, {}, {.length = steps}).carry[0]});
    return graph::Plan(outputs, {{graph::float32, {64}}}, 2).workspace_bytes();
  };
  EXPECT_EQ(bytes(10), bytes(1000));
}

TEST(Scan, SumsOfWeightsAreTakenAfterTheLoop) {
  const graph::Outputs outputs = graph::optimise(training(6, 2, 3));
  EXPECT_EQ(count(outputs, "scan"), 2u);    // forward and backward
  EXPECT_EQ(count(outputs, "matmul"), 2u);  // the gradients of both matrices, each of all steps
  for (const auto& node : graph::reachable(outputs))
    for (const graph::Spec& spec : node->outputs())
      EXPECT_TRUE(node->op().name() != "scan" || spec.shape != (Shape{3, 3})) << "a gradient is carried";
}

// What a step makes of a carry, an element and weights; whether the gradient by the weights is carried from step to
// step.
struct WeightedStep {
  const char* what;
  Shape carry, weights;
  std::function<Tensor(const Tensor& c, const Tensor& w)> f;
  bool carried = false;
};

std::vector<WeightedStep> weighted_steps() {
  const auto product = [](bool a, bool b) {
    return [=](const Tensor& c, const Tensor& w) { return ops::matmul(c, w, {.transpose_a = a, .transpose_b = b}); };
  };
  return {
      {"a product", {3, 3}, {3, 3}, product(false, false)},
      {"a product with a transposed", {3, 3}, {3, 3}, product(true, false)},
      {"a product with b transposed", {3, 3}, {3, 3}, product(false, true)},
      {"a product of both transposed", {3, 3}, {3, 3}, product(true, true)},
      {"weights before the carry", {3, 3}, {3, 3}, [](const Tensor& c, const Tensor& w) { return ops::matmul(w, c); }},
      {"weights used twice",
       {3, 3},
       {3, 3},
       [](const Tensor& c, const Tensor& w) { return ops::matmul(ops::matmul(c, w), w) - ops::matmul(c, w); }},
      {"weights squared", {3, 3}, {3, 3}, [](const Tensor& c, const Tensor& w) { return ops::matmul(c, w * w); }},
      {"a bias", {2, 3}, {3}, [](const Tensor& c, const Tensor& w) { return c + w; }},
      {"a scale", {2, 3}, {3}, [](const Tensor& c, const Tensor& w) { return c * w; }},
      {"parts of weights",
       {2, 3},
       {3, 6},
       [](const Tensor& c, const Tensor& w) {
         const Tensors parts = ops::split(w, 2, 1);
         return ops::matmul(c, parts[0]) * ops::sigmoid(ops::matmul(c, parts[1]));
       }},
      {"weights in another shape",
       {2, 3},
       {9},
       [](const Tensor& c, const Tensor& w) {
         return ops::matmul(c, ops::transpose(ops::reshape(w, {3, 3}))) * 0.5;
       }},
      {"a convolution",
       {2, 5, 2},
       {3, 2, 2},
       [](const Tensor& c, const Tensor& w) { return ops::conv(c, w, {.padding = "same"}); }},
      {"a batched product", {2, 3, 3}, {2, 3, 3}, product(false, false), true},
      {"elements of weights", {2, 3}, {2, 3}, [](const Tensor& c, const Tensor& w) { return c * w; }, true},
  };
}

TEST(Scan, GradientsOfWeightsAreThoseOfTheStepsWrittenOut) {
  for (const WeightedStep& each : weighted_steps()) {
    const auto f = [&](ops::Unroll unroll) {
      return [&each, unroll](const Tensor& xs, const Tensor& c, const Tensor& w) {
        const auto step = [&](const Tensors& carry, const Tensors& x) -> StepResult {
          const Tensor next = ops::tanh(each.f(carry[0], w) + x[0]);
          return {{next}, {next}};
        };
        const Tensor ys = scan(step, {c}, {xs}, {.unroll = unroll}).ys[0];
        return graph::Outputs(autodiff::gradients(ops::sum(ys * ys), {xs, c, w}));
      };
    };
    const std::vector<Array> x{uniform(each.carry.insert(0, 4), -1, 1), uniform(each.carry, -1, 1, 2),
                               uniform(each.weights, -0.6, 0.6, 3)};
    const graph::Function loop(f(false)), written_out(f(true));
    const auto got = loop.call(x), want = written_out.call(x);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(allclose(got[i], want[i], 1e-4, 1e-5)) << each.what << i;
    const graph::Outputs outputs = loop.optimised({x[0].spec(), x[1].spec(), x[2].spec()});
    for (const auto& node : graph::reachable(outputs))
      if (const auto* op = graph::as<ops::internal::Scan>(node->op()); op && op->reverse)
        EXPECT_EQ(op->carries, each.carried ? 2 : 1) << each.what;
    EXPECT_EQ(count(outputs, "scan"), 2u) << each.what;
  }
}

TEST(Scan, GivesTheSameBitsOnOneThreadAsOnSeveral) {
  const std::vector<Array> x{uniform({4, 130, 48}), uniform({130, 48}), uniform({48, 48}, -0.1, 0.1),
                             uniform({48, 48}, -0.1, 0.1), uniform({48})};
  const graph::Outputs outputs = graph::optimise(training(4, 130, 48), 2);
  const graph::Plan plan(outputs, training_specs(4, 130, 48), 2);
  for (const auto& step : plan.steps())
    if (step.op() == "scan") EXPECT_EQ(step.kernel.parts, 2);
  std::vector<Array> first, again;
  for (const graph::Spec& spec : plan.results()) first.emplace_back(spec), again.emplace_back(spec);
  plan.run(x, first);
  for (int i = 0; i < 20; ++i) {
    plan.run(x, again);
    for (std::size_t k = 0; k < first.size(); ++k) ASSERT_TRUE(array_equal(first[k], again[k]));
  }
  // Within a parallel region a call does all parts itself, one after the other.
#pragma omp parallel num_threads(2)
#pragma omp single
  plan.run(x, again);
  for (std::size_t k = 0; k < first.size(); ++k) EXPECT_TRUE(array_equal(first[k], again[k]));
}

TEST(Scan, AllocatesNothingInARun) {
  for (const std::int64_t units : {3, 48}) {
    const std::vector<Array> x{uniform({4, 130, units}), uniform({130, units}), uniform({units, units}, -0.1, 0.1),
                               uniform({units, units}, -0.1, 0.1), uniform({units})};
    const graph::Plan plan(graph::optimise(training(4, 130, units), 2), training_specs(4, 130, units), 2);
    std::vector<Array> results;
    for (const graph::Spec& spec : plan.results()) results.emplace_back(spec);
    for (int i = 0; i < 3; ++i) plan.run(x, results);
    const support::CountAllocations count;
    for (int i = 0; i < 3; ++i) plan.run(x, results);
    EXPECT_EQ(count.own(), 0) << units;
  }
}

TEST(Scan, IsTheSameWithoutPasses) {
  const std::vector<Array> x{uniform({4, 3, 2}), uniform({3, 2}), uniform({2, 2}), uniform({2, 2}), uniform({2})};
  const auto f = [](std::span<const Tensor> t) {
    const Tensors ts(t.begin(), t.end());
    return graph::Outputs(autodiff::gradients(ops::sum(network(ts, {})[1]), {t[0], t[1], t[2], t[3], t[4]}));
  };
  const graph::Function fast(f), plain(f, {.disable_passes = "all"});
  const auto a = fast.call(x), b = plain.call(x);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_TRUE(allclose(a[i], b[i], 1e-5, 1e-6)) << i;
}

TEST(Scan, WhatNobodyReadsIsNotComputed) {
  const graph::Function f([](const Tensor& x) {
    auto [carry, ys] = scan(
        [](const Tensors& c, const Tensors& x) -> StepResult {
          return {{c[0] + x[0], ops::exp(c[1])}, {ops::sin(c[1]), c[0] * x[0]}};
        },
        {ops::full({2}, 0), ops::full({2}, 0)}, {x});
    return ys[1];
  });
  const std::string text = f.to_string({{graph::float32, {3, 2}}});
  EXPECT_EQ(text.find("exp"), std::string::npos) << text;
  EXPECT_EQ(text.find("sin"), std::string::npos) << text;
  EXPECT_TRUE(
      array_equal(f(Array{{1.f, 2.f}, {3.f, 4.f}, {5.f, 6.f}}).one(), Array{{0.f, 0.f}, {3.f, 8.f}, {20.f, 36.f}}));
}

TEST(Scan, WhatDependsOnConstantsAloneIsComputedOnce) {
  const graph::Variable w(uniform({3, 3}), "w");
  const graph::Function f([&](const Tensor& x) {
    return scan(
               [&](const Tensors& c, const Tensors& x) -> StepResult {
                 return {{ops::matmul(c[0], ops::sin(Tensor(w))) + x[0]}, {}};
               },
               {ops::full({2, 3}, 0)}, {x})
        .carry[0];
  });
  const graph::Outputs outputs = f.optimised({{graph::float32, {5, 2, 3}}});
  EXPECT_EQ(count(outputs, "sin"), 1u);
}

// The last output of a layer that gives only that is handed from step to step beside the state that it equals.
TEST(Scan, CarriesThatGoOnAsOneAreOne) {
  const graph::Function f([](const Tensor& x) {
    const ops::ScanResult made = scan(
        [](const Tensors& c, const Tensors& x) -> StepResult {
          const Tensor h = c[0] * 0.5 + x[0];
          return {{h, h}, {}};
        },
        {ops::full({2}, 1), ops::full({2}, 7)}, {x});
    return graph::Outputs{made.carry[0], made.carry[1]};
  });
  const auto results = f(Array{{1.f, 2.f}, {3.f, 4.f}});
  EXPECT_TRUE(array_equal(results[0], Array{3.75f, 5.25f}));
  EXPECT_TRUE(array_equal(results[1], results[0]));
  EXPECT_NE(f.to_string({{graph::float32, {2, 2}}}).find("carries=1"), std::string::npos);
}

TEST(Scan, ALoopOfOneStepIsNone) {
  const graph::Outputs outputs = graph::optimise(training(1, 2, 3));
  EXPECT_EQ(count(outputs, "scan"), 0u);
}

TEST(Scan, DrawsOtherNumbersInEachStepFromAStateThatIsCarried) {
  const graph::Function f([](const Tensor& state) {
    return scan(
               [](const Tensors& c, const Tensors&) -> StepResult {
                 return {{ops::random_state_after(c[0])}, {ops::random_uniform(c[0], {4})}};
               },
               {state}, {}, {.length = 3})
        .ys[0];
  });
  const graph::Function plain([](const Tensor& state) {
    const Tensor next = ops::random_state_after(state);
    return graph::Outputs{ops::random_uniform(state, {4}), ops::random_uniform(next, {4})};
  });
  const Array state{std::int64_t{3}, std::int64_t{5}};
  const Array drawn = f(state);
  const auto want = plain(state);
  EXPECT_TRUE(array_equal(drawn[0], want[0]));
  EXPECT_TRUE(array_equal(drawn[1], want[1]));
}

TEST(Scan, WhatIsMadeInAStepIsNotUsedOutside) {
  Tensor inner;
  const graph::Function f(
      [&](const Tensor& x) {
        const auto step = [&](const Tensors& c, const Tensors& x) -> StepResult {
          inner = c[0] + x[0];
          return {{inner}, {}};
        };
        return scan(step, {ops::full({2}, 0)}, {x}).carry[0] * inner;
      },
      {.name = "mine"});
  EXPECT_EQ(
      error_text<ValueError>([&] {
        f(uniform({3, 2}));
      }),
      "mine: reads float32(2,), a parameter of another computation. A tensor that was made in a step of a loop is "
      "used outside of it? The step has to give it as an output");
}

TEST(Scan, EqualLoopsAreOne) {
  const auto loop = [](const Tensor& x, double factor) {
    return scan(
               [=](const Tensors& c, const Tensors& x) -> StepResult {
                 return {{c[0] * factor + x[0]}, {}};
               },
               {ops::full({2}, 0)}, {x})
        .carry[0];
  };
  const graph::Function f([&](const Tensor& x) { return loop(x, 2) + loop(x, 2) * loop(x, 3); });
  EXPECT_EQ(count(f.optimised({{graph::float32, {5, 2}}}), "scan"), 2u);
}

TEST(Scan, PrintsItsBody) {
  const graph::Function f([](const Tensor& x) {
    return scan(
               [](const Tensors& c, const Tensors& x) -> StepResult {
                 return {{c[0] * x[0]}, {}};
               },
               {ops::full({2}, 1)}, {x})
        .carry[0];
  });
  const std::string text = f.to_string({{graph::float32, {5, 2}}});
  EXPECT_NE(text.find("    | nodes\n    |   %2 = "), std::string::npos) << text;
}

}  // namespace
}  // namespace cornu::tests

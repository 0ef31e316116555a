#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <optional>

#include "cornu/graph/function.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/print.h"
#include "tests/support/interpreter.h"
#include "tests/support/random_graph.h"

// Random computations with all passes, without each and without any: all must give the same. CORNU_RANDOM_GRAPHS sets
// how many are tried of each kind, CORNU_RANDOM_SEED the first seed.
namespace cornu::tests {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// A part of a graph's results: a failure is shown with as few of them as it takes.
struct Part {
  std::optional<std::size_t> output, update;  ///< which one alone; all if neither is set
  bool bfloat16 = false;                      ///< every bfloat16 tensor, and all updates

  graph::Outputs of(const graph::Outputs& all) const {
    if (output) return graph::Outputs(all.tensors()[*output]);
    if (update) return graph::Outputs({}, {all.updates()[*update]});
    if (bfloat16) return graph::Outputs(narrow_tensors(all), all.updates());
    return all;
  }

 private:
  static Tensors narrow_tensors(const graph::Outputs& all) {
    Tensors roots = all.tensors(), narrow;
    for (const auto& [variable, value] : all.updates()) roots.push_back(value);
    for (const graph::Node* node : nodes_of(roots))
      for (int i = 0; i < static_cast<int>(node->outputs().size()); ++i)
        if (node->outputs()[static_cast<std::size_t>(i)].dtype == graph::bfloat16)
          narrow.emplace_back(node->shared_from_this(), i);
    return narrow;
  }
};

/// The outputs of two calls, each followed by the values of all variables, which are changed between the calls.
std::vector<Array> run(const RandomGraph& random, const Part& part, const std::string& disabled,
                       const std::vector<Array>& arguments) {
  random.reset();
  const int threads = random.arguments().size() % 4 == 0 ? 0 : 1;  // mostly one: threads wait long on a busy machine
  const graph::Function f([&](std::span<const Tensor> x) { return part.of(random.build(x)); }, -1,
                          {.threads = threads, .disable_passes = disabled});
  std::vector<Array> all;
  for (int call = 0; call < 2; ++call) {
    const auto results = f.call(arguments);
    for (const Array& a : results.arrays()) all.push_back(a.copy());
    for (graph::Variable v : random.variables()) {
      all.push_back(v.value());
      if (graph::is_floating(v.dtype())) v.assign(v.value() * 0.5f);
    }
  }
  return all;
}

template <class T>
bool same_numbers(const Array& a, const Array& b) {
  const auto x = a.span<T>(), y = b.span<T>();
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::memcmp(&x[i], &y[i], sizeof(T)) != 0 && !(x[i] != x[i] && y[i] != y[i])) return false;
  return true;
}

/// The same bits; any NaN is as good as another.
bool same_bits(const Array& a, const Array& b) {
  return a.spec() == b.spec() && graph::visit(a.dtype(), [&](auto zero) { return same_numbers<decltype(zero)>(a, b); });
}

/// How far results move if the arguments move in their last digits: what rounding otherwise may do.
std::vector<F64> spread(const RandomGraph& random, const Part& part, const std::vector<Array>& want) {
  std::vector<F64> most;
  for (const Array& a : want) most.emplace_back(a.shape());
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::vector<Array> moved;
    for (const Array& a : random.arguments())
      moved.push_back(a.dtype() == graph::float32 ? a * (uniform(a.shape(), -1e-6, 1e-6, seed) + 1.f) : a);
    const std::vector<Array> got = run(random, part, "all", moved);
    for (std::size_t k = 0; k < want.size(); ++k) {
      const F64 x(got[k]), y(want[k]);
      for (std::int64_t i = 0; i < x.size(); ++i) {
        const double distance = std::abs(x[i] - y[i]);
        most[k][i] = std::max(most[k][i], std::isnan(distance) ? INFINITY : distance);
      }
    }
  }
  return most;
}

bool within(const Array& got, const Array& want, const F64* spread) {
  if (got.spec() != want.spec()) return false;
  const F64 x(got), y(want);
  double largest = 0;
  for (const double v : y.v)
    if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
  for (std::int64_t i = 0; i < x.size(); ++i) {
    const double bound = 1e-4 * largest + 1e-6 + (spread ? 64 * (*spread)[i] : 0);
    const bool close = std::abs(x[i] - y[i]) <= bound || std::isinf(bound);
    if (!close && x[i] != y[i] && !(std::isnan(x[i]) && std::isnan(y[i]))) return false;
  }
  return true;
}

/// Whether numbers are rounded to denormal ones of bfloat16, which compiled loops take for 0.
bool denormal_bfloat16(const RandomGraph& random) {
  for (const Array& a : run(random, {.bfloat16 = true}, "all", random.arguments()))
    if (a.dtype() == graph::bfloat16)
      for (const double v : F64(a).v)
        if (v != 0 && std::abs(v) < std::numeric_limits<float>::min()) return true;
  return false;
}

/// Whether a loop takes sums of what it computes: it adds in another order than the op that is a sum alone.
bool takes_sums(const RandomGraph& random, const Part& part, const std::string& disabled) {
  graph::Specs specs;
  for (const Array& a : random.arguments()) specs.push_back(a.spec());
  const graph::Function f([&](std::span<const Tensor> x) { return part.of(random.build(x)); }, -1,
                          {.disable_passes = disabled});
  return f.to_string(specs).find(", factor=") != std::string::npos;
}

/// Nothing, or the pass without which the results are others than without any pass ("" for all passes).
std::optional<std::string> wrong_without(const RandomGraph& random, const Part& part, bool exact) {
  const std::vector<Array> want = run(random, part, "all", random.arguments());
  std::vector<F64> bounds;  // found out where they are needed
  const auto close = [&](const Array& got, std::size_t k) {
    if (within(got, want[k], nullptr)) return true;
    if (bounds.empty()) bounds = spread(random, part, want);
    return within(got, want[k], &bounds[k]);
  };
  std::vector<std::string> disabled{""};
  for (const std::string_view pass : graph::passes::names()) disabled.emplace_back(pass);
  for (const std::string& pass : disabled) {
    const std::vector<Array> got = run(random, part, pass, random.arguments());
    const bool bits = exact || pass == "fusion";
    for (std::size_t k = 0; k < want.size(); ++k)
      if (!same_bits(got[k], want[k]) && ((bits && !takes_sums(random, part, pass)) || !close(got[k], k))) return pass;
  }
  return std::nullopt;
}

std::string shown(const RandomGraph& random, const Part& part, const std::string& pass) {
  graph::Specs specs;
  for (const Array& a : random.arguments()) specs.push_back(a.spec());
  const graph::Function f([&](std::span<const Tensor> x) { return part.of(random.build(x)); }, -1,
                          {.disable_passes = pass});
  const std::vector<Array> want = run(random, part, "all", random.arguments()),
                           got = run(random, part, pass, random.arguments());
  std::string text = graph::message("without '", pass, "' it gives other numbers than without any pass\n",
                                    graph::to_string(f.trace(specs)), "as it is run:\n", f.to_string(specs));
  for (std::size_t k = 0; k < want.size(); ++k)
    if (!same_bits(got[k], want[k])) {
      text += graph::message("result ", k, ":\n");
      const F64 x(got[k]), y(want[k]);
      int count = 0;
      for (std::int64_t i = 0; i < x.size() && count < 4; ++i)
        if (std::memcmp(&x.v[i], &y.v[i], sizeof(double)) != 0 && !(std::isnan(x[i]) && std::isnan(y[i])))
          ++count, text += graph::message("  [", i, "] is ", x[i], ", without passes ", y[i], '\n');
    }
  return text;
}

/// The smallest of its results that still differs, if one alone does.
std::pair<Part, std::string> shrunk(const RandomGraph& random, bool exact, const std::string& pass) {
  std::vector<Tensor> parameters;
  for (const Array& a : random.arguments())
    parameters.push_back(input(static_cast<int>(parameters.size()), a.shape(), a.dtype()));
  const graph::Outputs all = random.build(parameters);
  std::vector<Part> parts;
  for (std::size_t i = 0; i < all.tensors().size(); ++i) parts.push_back({.output = i});
  for (std::size_t i = 0; i < all.updates().size(); ++i) parts.push_back({.update = i});
  std::pair<Part, std::string> best{{}, pass};
  std::size_t length = std::string::npos;
  for (const Part& part : parts)
    if (const auto wrong = wrong_without(random, part, exact))
      if (const std::size_t size = graph::to_string(part.of(all)).size(); size < length)
        best = {part, *wrong}, length = size;
  return best;
}

void check(const RandomGraphConfig& config, std::uint64_t count) {
  const std::uint64_t first = from_environment("CORNU_RANDOM_SEED", 1);
  count = from_environment("CORNU_RANDOM_GRAPHS", count);
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    RandomGraphConfig sized = config;
    sized.steps = 2 + static_cast<int>(seed % 12);
    const RandomGraph random(seed, sized);
    const auto pass = wrong_without(random, {}, !config.products);
    if (!pass || (config.bfloat16 && denormal_bfloat16(random))) continue;
    // Fewer steps of the same seed are the beginning of the same graph.
    for (int steps = 1; steps < sized.steps; ++steps) {
      RandomGraphConfig shorter = config;
      shorter.steps = steps;
      const RandomGraph smaller(seed, shorter);
      if (const auto wrong = wrong_without(smaller, {}, !config.products)) {
        const auto [part, without] = shrunk(smaller, !config.products, *wrong);
        ADD_FAILURE() << "seed " << seed << ", " << steps << " steps: " << shown(smaller, part, without);
        return;
      }
    }
    const auto [part, without] = shrunk(random, !config.products, *pass);
    ADD_FAILURE() << "seed " << seed << ", " << sized.steps << " steps: " << shown(random, part, without);
    return;
  }
}

TEST(RandomGraphs, WithoutProductsHaveTheSameBitsWhateverPassesRun) { check({}, 40); }
TEST(RandomGraphs, WithoutProductsInBFloat16Too) { check({.bfloat16 = true}, 40); }
TEST(RandomGraphs, OfProductsAreClose) { check({.products = true}, 20); }

}  // namespace
}  // namespace cornu::tests

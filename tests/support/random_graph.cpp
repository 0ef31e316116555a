#include "tests/support/random_graph.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/bodies.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::tests {
namespace {

// Elements of a sample's inputs: most are small, some large enough for other kernels and for several threads.
constexpr std::int64_t kSmall = 4096, kLarge = 250000;

std::int64_t largest(const RandomGraphConfig& config) { return config.products ? kLarge / 10 : kLarge; }

std::int64_t elements(const OpSample& s) {
  std::int64_t n = 0;
  for (const Array& a : s.inputs) n += a.size();
  return n;
}

bool moderate(const Array& a) {
  if (!graph::is_floating(a.dtype())) return true;
  const F64 wide(a);
  return std::all_of(wide.v.begin(), wide.v.end(), [](double x) { return std::abs(x) < 100; });
}

/// Whether a small error of what it reads makes a small error of what it gives, mostly.
bool continuous(const OpSample& s) {
  const bool all_floating = std::all_of(s.inputs.begin(), s.inputs.end(),
                                        [](const Array& a) { return graph::is_floating(a.dtype()) && moderate(a); });
  return all_floating && !s.differentiable.empty();
}

/// Whether a product is among these, or in the bodies of their ops.
bool any_product(const graph::Outputs& outputs) {
  const auto nodes = graph::reachable(outputs);
  return std::any_of(nodes.begin(), nodes.end(), [](const auto& node) {
    const auto bodies = graph::bodies_of(node->op());
    return node->op().name() == "matmul" || node->op().name() == "convolution" ||
           std::any_of(bodies.begin(), bodies.end(), [](const auto* body) { return any_product(*body); });
  });
}
bool multiplies(const OpSample& s) {
  Tensors inputs;
  for (const Array& a : s.inputs) inputs.push_back(input(static_cast<int>(inputs.size()), a.shape(), a.dtype()));
  return any_product(graph::Outputs(Tensors(s.build(inputs))));
}

/// The samples that a graph may use, by op, so that an op with many samples is not drawn more often.
std::vector<std::vector<const OpSample*>> eligible(const RandomGraphConfig& config) {
  std::map<std::string, std::vector<const OpSample*>> by_op;
  for (const OpSample& s : op_samples()) {
    if (elements(s) > largest(config)) continue;
    if (config.products ? !continuous(s) : multiplies(s)) continue;
    by_op[s.op].push_back(&s);
  }
  std::vector<std::vector<const OpSample*>> list;
  for (auto& [op, samples] : by_op) list.push_back(std::move(samples));
  return list;
}

bool computed(graph::DType dtype) { return dtype == graph::float32 || dtype == graph::bfloat16; }

}  // namespace

class RandomGraph::Builder {
 public:
  /// With `found`, what is read is kept there; without, it is taken from `parameters` and the graph's variables.
  Builder(const RandomGraph& graph, std::span<const Tensor> parameters, RandomGraph* found)
      : graph_(graph), random_(graph.seed_), parameters_(parameters), found_(found) {}

  graph::Outputs build() {
    const auto samples = eligible(graph_.config_);
    const auto product =
        std::find_if(samples.begin(), samples.end(), [](const auto& s) { return s[0]->op == "matmul"; });
    for (int step = 0; step < graph_.config_.steps; ++step) {
      const auto& of_op = graph_.config_.products && chance(30) ? *product : samples[draw(samples.size())];
      const OpSample* sample = of_op[draw(of_op.size())];
      if (elements(*sample) > kSmall && !chance(10)) continue;
      use(*sample);
      for (std::size_t i = draw(4); i-- > 0;) calculate();
      if (chance(15)) differentiate();
    }
    return results();
  }

 private:
  std::size_t draw(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  bool chance(int percent) { return draw(100) < static_cast<std::size_t>(percent); }

  void keep(const Tensor& t) {
    if (t.shape().elements() <= largest(graph_.config_)) pool_.push_back(t);
  }

  // Ops see the sample's numbers, or what other ops have made of theirs.
  void use(const OpSample& s) {
    const bool narrow = graph_.config_.bfloat16 && chance(50);
    Tensors inputs;
    for (const Array& numbers : s.inputs) {
      const Array a = narrow && numbers.dtype() == graph::float32 ? numbers.astype(graph::bfloat16) : numbers;
      Tensor made = computed(a.dtype()) && chance(70) ? from_pool(a.spec()) : Tensor();
      inputs.push_back(made.defined() ? made : fresh(a));
    }
    for (const Tensor& y : s.build(inputs)) keep(y);
  }

  Tensor fresh(const Array& a) {
    Tensor t;
    switch (draw(4)) {
      case 0:
        t = graph::constant(a);
        break;
      case 1: {
        if (found_) {
          found_->variables_.emplace_back(a, "v" + std::to_string(variables_));
          found_->values_.push_back(a.copy());
        }
        t = graph_.variables_[static_cast<std::size_t>(variables_++)];
        break;
      }
      default:
        if (found_) found_->arguments_.push_back(a);
        t = found_ ? input(arguments_, a.shape(), a.dtype()) : parameters_[static_cast<std::size_t>(arguments_)];
        ++arguments_;
    }
    keep(t);
    return t;
  }

  /// One of the last n: what was just made is what ops fuse with.
  const Tensor& recent(std::size_t n) { return pool_[pool_.size() - 1 - draw(std::min(n, pool_.size()))]; }

  // What fits best of some that were made before, made to fit; undefined if there is none.
  Tensor from_pool(const graph::Spec& want) {
    Tensor best;
    for (int tries = 0; tries < 4 && !pool_.empty(); ++tries) {
      const Tensor& t = recent(tries < 2 ? 4 : pool_.size());
      if (!computed(t.dtype()) || (t.shape().elements() == 0) != (want.shape.elements() == 0)) continue;
      if (t.spec() == want) return t;
      if (!best.defined() || t.dtype() == want.dtype) best = t;
    }
    return best.defined() ? fitted(best, want) : best;
  }

  static Tensor fitted(const Tensor& given, const graph::Spec& want) {
    const std::int64_t n = want.shape.elements(), m = given.shape().elements();
    Tensor t = ops::cast(given, want.dtype);
    if (m > n)
      t = ops::slice(ops::reshape(t, {m}), 0, (m - n) / 2, (m - n) / 2 + n);
    else if (m < n && n % m == 0)
      t = ops::broadcast_to(ops::reshape(t, {1, m}), {n / m, m});
    else if (m < n)
      t = ops::pad(ops::reshape(t, {m}), 0, n - m, 0);
    return t.shape() == want.shape ? t : ops::reshape(t, want.shape);
  }

  // What stands between larger ops in programs, and what passes take away: numbers added and multiplied, axes moved.
  void calculate() {
    if (pool_.empty()) return;
    const Tensor x = recent(4);
    if (!computed(x.dtype()) || x.shape().elements() == 0) return;
    static constexpr double kNumbers[] = {0, -0.0, 1, -1, 0.5, 3};
    const Tensor number = graph::constant(kNumbers[draw(std::size(kNumbers))], x.dtype());
    const Tensor fit = chance(50) ? from_pool(x.spec()) : Tensor();
    const Tensor other = fit.defined() ? fit : number;
    const std::vector<std::function<Tensor()>> ways{
        [&] { return x + other; },
        [&] { return other - x; },
        [&] { return x - other; },
        [&] { return x * other; },
        [&] { return x / number; },
        [&] { return ops::maximum(x, number); },
        [&] { return ops::relu(x); },
        [&] { return ops::square(x); },
        [&] { return ops::transpose(x); },
        [&] { return ops::reshape(x, {-1}); },
        [&] { return x.ndim() == 0 ? x : ops::broadcast_to(ops::sum(x, 0, ops::keepdims), x.shape()); },
        [&] { return x.ndim() == 0 ? x : x - ops::mean(x, -1, ops::keepdims); },
    };
    keep(ways[draw(ways.size())]());
  }

  void differentiate() {
    if (pool_.empty()) return;
    const Tensor y = pool_[draw(pool_.size())];
    if (!computed(y.dtype())) return;
    std::vector<autodiff::Wrt> wrt;
    for (int i = 0; i < 3; ++i) {
      const Tensor& x = pool_[draw(pool_.size())];
      if (computed(x.dtype())) wrt.emplace_back(x);
    }
    for (const Tensor& g : autodiff::gradients(y, wrt)) keep(g);
  }

  graph::Outputs results() {
    graph::Outputs outputs;
    if (pool_.empty()) return outputs;
    outputs.add(pool_.back());
    for (std::size_t i = draw(4); i-- > 0;) outputs.add(pool_[draw(pool_.size())]);
    for (const graph::Variable& variable : graph_.variables_) {
      const bool updated = chance(70);
      if (variable.shape().elements() == 0 || !computed(variable.dtype())) continue;
      const Tensor value = from_pool(variable.spec());
      if (updated && value.defined()) outputs.update(variable, value);
    }
    return outputs;
  }

  const RandomGraph& graph_;
  std::mt19937_64 random_;
  std::span<const Tensor> parameters_;
  RandomGraph* found_;
  Tensors pool_;
  int arguments_ = 0, variables_ = 0;
};

RandomGraph::RandomGraph(std::uint64_t seed, RandomGraphConfig config) : seed_(seed), config_(config) {
  Builder(*this, {}, this).build();
}

void RandomGraph::reset() const {
  for (std::size_t i = 0; i < variables_.size(); ++i) graph::Variable(variables_[i]).assign(values_[i]);
}

graph::Outputs RandomGraph::build(std::span<const Tensor> parameters) const {
  return Builder(*this, parameters, nullptr).build();
}

}  // namespace cornu::tests

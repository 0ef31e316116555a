#include "cornu/ops/internal/elementwise_loop.h"

#include <algorithm>
#include <bit>

#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/check.h"
#include "cornu/ops/internal/shared_cache.h"
#include "cornu/ops/jit/elementwise_jit.h"

namespace cornu::ops::internal {
namespace {

constexpr std::int64_t kFloats = 1 << 14;  // of all steps' tiles: what a processor's first cache about holds

template <class F>
void each(float* y, std::int64_t n, F&& f) {
  for (std::int64_t i = 0; i < n; ++i) y[i] = f(i);
}

/// One step after the other on tiles of numbers.
class Interpreted final : public ElementwiseLoop {
 public:
  Interpreted(const Expression& expression, std::vector<LoopOperand> in, std::vector<LoopResult> out)
      : expression_(expression),
        in_(std::move(in)),
        out_(std::move(out)),
        tile_(std::min<std::int64_t>(256, kFloats / static_cast<std::int64_t>(expression.steps.size()))) {
    graph::require<graph::ValueError>(tile_ > 0, "an elementwise loop has at most ", kFloats, " steps, got ",
                                      expression.steps.size());
  }
  std::string_view implementation() const override { return "tiles"; }

  void run(const void* const* in, void* const* out, std::int64_t n) const override {
    alignas(64) float values[kFloats];
    for (std::int64_t first = 0; first < n; first += tile_) {
      const std::int64_t length = std::min(tile_, n - first);
      for (std::size_t i = 0; i < expression_.steps.size(); ++i) compute(i, values, in, first, length);
      for (std::size_t i = 0; i < out_.size(); ++i)
        store(values + expression_.outputs[i] * tile_, out[i], out_[i], first, length);
    }
  }

 private:
  void compute(std::size_t i, float* values, const void* const* in, std::int64_t first, std::int64_t n) const {
    using Code = Expression::Code;
    const Expression::Step& s = expression_.steps[i];
    const auto tile = [&](int step) { return values + std::max(step, 0) * tile_; };
    float* y = tile(static_cast<int>(i));
    const float *a = tile(s.a), *b = tile(s.b);
    switch (s.code) {
      case Code::input:
        return load(in[s.a], in_[static_cast<std::size_t>(s.a)], y, first, n);
      case Code::constant:
        std::fill_n(y, n, s.value);
        return;
      case Code::add:
        return each(y, n, [=](std::int64_t k) { return a[k] + b[k]; });
      case Code::subtract:
        return each(y, n, [=](std::int64_t k) { return a[k] - b[k]; });
      case Code::multiply:
        return each(y, n, [=](std::int64_t k) { return a[k] * b[k]; });
      case Code::divide:
        return each(y, n, [=](std::int64_t k) { return a[k] / b[k]; });
      default:
        const float *c = tile(s.c), *d = tile(s.d);  // where there is none, any numbers: they are not looked at
        return each(y, n, [&](std::int64_t k) { return evaluate(s, a[k], b[k], c[k], d[k]); });
    }
  }

  static void load(const void* from, const LoopOperand& operand, float* y, std::int64_t first, std::int64_t n) {
    graph::visit(operand.dtype, [&](auto zero) {
      const auto* x = static_cast<const decltype(zero)*>(from);
      if (operand.moves)
        each(y, n, [&](std::int64_t k) { return graph::internal::convert<float>(x[first + k]); });
      else
        std::fill_n(y, n, graph::internal::convert<float>(*x));
    });
  }
  static void store(const float* x, void* to, const LoopResult& result, std::int64_t first, std::int64_t n) {
    if (result.adds) {
      float* y = static_cast<float*>(to) + first;
      return each(y, n, [=](std::int64_t k) { return y[k] + x[k]; });
    }
    graph::visit(result.dtype, [&](auto zero) {
      auto* y = static_cast<decltype(zero)*>(to) + first;
      for (std::int64_t k = 0; k < n; ++k) y[k] = graph::internal::convert<decltype(zero)>(x[k]);
    });
  }

  Expression expression_;
  std::vector<LoopOperand> in_;
  std::vector<LoopResult> out_;
  std::int64_t tile_;
};

/// Equal for equal loops.
std::string key_of(const Expression& e, const std::vector<LoopOperand>& in, const std::vector<LoopResult>& out) {
  KeyBytes key;
  key.put(e.inputs, e.steps.size());
  for (const Expression::Step& s : e.steps)
    key.put(s.code, s.comparison, s.a, s.b, s.c, s.d, std::bit_cast<std::uint32_t>(s.value));
  for (const int output : e.outputs) key.put(output);
  for (const LoopOperand& operand : in) key.put(operand.dtype, operand.moves);
  for (const LoopResult& result : out) key.put(result.dtype, result.adds);
  return key.bytes();
}

}  // namespace

std::shared_ptr<const ElementwiseLoop> interpreted(const Expression& e, const std::vector<LoopOperand>& in,
                                                   const std::vector<LoopResult>& out) {
  return std::make_shared<Interpreted>(e, in, out);
}

std::shared_ptr<const ElementwiseLoop> compile(const Expression& e, const std::vector<LoopOperand>& in,
                                               const std::vector<LoopResult>& out) {
  static SharedCache<ElementwiseLoop> loops;
  return loops.find(key_of(e, in, out), [&] {
    auto loop = jit::compile(e, in, out);
    return loop ? loop : interpreted(e, in, out);
  });
}

}  // namespace cornu::ops::internal

#include "cornu/ops/native/random.h"

#include <algorithm>
#include <array>

#include "cornu/graph/array/random.h"
#include "cornu/graph/op.h"

namespace cornu::ops {
namespace {

using graph::require;

constexpr std::int64_t kWords = 4;  // elements made from one counter

void require_state(std::string_view op, const Spec& state) {
  require<TypeError>(state.dtype == int64, op, ": expected an int64 state, got ", state);
  require<ShapeError>(state.shape == Shape{2}, op, ": expected a state of shape (2,), got ", state.shape);
}

struct Uniform {
  static constexpr std::string_view kName = "random_uniform";
  static void draw(const std::array<std::uint32_t, kWords>& words, float* y) {
    for (std::int64_t i = 0; i < kWords; ++i) y[i] = static_cast<float>(words[i] >> 8) * 0x1p-24f;
  }
};

struct Normal {
  static constexpr std::string_view kName = "random_normal";
  static void draw(const std::array<std::uint32_t, kWords>& words, float* y) {
    for (std::int64_t i = 0; i < kWords; i += 2) {
      const auto pair = graph::random::normal_pair(words[i], words[i + 1]);
      y[i] = static_cast<float>(pair[0]);
      y[i + 1] = static_cast<float>(pair[1]);
    }
  }
};

template <class Distribution>
struct Random final : Op {
  Shape shape;
  std::string_view name() const override { return Distribution::kName; }
  void fields(FieldVisitor& f) const override { f("shape", shape); }
  Specs infer(const Specs& in) const override {
    require_state(name(), in[0]);
    for (std::int64_t dim : shape) require<ShapeError>(dim >= 0, name(), ": expected a known shape, got ", shape);
    return {{float32, shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    return Kernel::native(r.parts(shape.elements() * 4), [n = shape.elements()](const graph::Call& c) {
      const auto key = static_cast<std::uint64_t>(c.in<std::int64_t>()[0]),
                 counter = static_cast<std::uint64_t>(c.in<std::int64_t>()[1]);
      float* y = c.out<float>();
      c.share((n + kWords - 1) / kWords, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const auto words = graph::random::philox(key, counter, static_cast<std::uint64_t>(i));
          if (kWords * (i + 1) <= n) {
            Distribution::draw(words, y + kWords * i);
          } else {
            float last[kWords];
            Distribution::draw(words, last);
            std::copy_n(last, n - kWords * i, y + kWords * i);
          }
        }
      });
    });
  }
  graph::Traits traits() const override { return {.stateful = true}; }
};
const bool uniform_registered = graph::register_op<Random<Uniform>>();
const bool normal_registered = graph::register_op<Random<Normal>>();

struct RandomStateAfter final : Op {
  std::string_view name() const override { return "random_state_after"; }
  Specs infer(const Specs& in) const override {
    require_state(name(), in[0]);
    return {in[0]};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override {
    return Kernel::native([](const graph::Call& c) {
      const std::int64_t key = c.in<std::int64_t>()[0], counter = c.in<std::int64_t>()[1];
      c.out<std::int64_t>()[0] = key;
      c.out<std::int64_t>()[1] = static_cast<std::int64_t>(static_cast<std::uint64_t>(counter) + 1);
    });
  }
};
const bool state_after_registered = graph::register_op<RandomStateAfter>();

template <class Distribution>
Tensor draw(const Tensor& state, const Shape& shape) {
  auto op = std::make_shared<Random<Distribution>>();
  op->shape = shape;
  return graph::apply1(std::move(op), {state});
}

}  // namespace

Tensor random_uniform(const Tensor& state, const Shape& shape) { return draw<Uniform>(state, shape); }
Tensor random_normal(const Tensor& state, const Shape& shape) { return draw<Normal>(state, shape); }
Tensor random_state_after(const Tensor& state) { return graph::apply1(std::make_shared<RandomStateAfter>(), {state}); }

}  // namespace cornu::ops

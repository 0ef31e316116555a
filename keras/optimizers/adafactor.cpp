#include "cornu/keras/optimizers/adafactor.h"

#include <cmath>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/optimizers/internal/scalar.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::optimizers {
namespace {

using internal::scalar;

Tensor root_mean_square(const Tensor& x) { return ops::sqrt(ops::mean(ops::square(x))); }

struct AdafactorOptimizer final : Configured<Optimizer, AdafactorConfig> {
  explicit AdafactorOptimizer(const AdafactorConfig& c) : Configured(c) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    require_between(c.name, "epsilon_1", c.epsilon_1, 0, infinity);
    require_between(c.name, "epsilon_2", c.epsilon_2, 0, infinity);
    graph::require<graph::ValueError>(std::isfinite(c.beta_2_decay), '[', c.name,
                                      "] `beta_2_decay` must be a finite number, got ", c.beta_2_decay);
    graph::require<graph::ValueError>(std::isfinite(c.clip_threshold) && c.clip_threshold > 0, '[', c.name,
                                      "] `clip_threshold` must be a finite number > 0, got ", c.clip_threshold);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) {
      if (is_factored(v)) {
        add_slot(v, "r", "", graph::zeros(v.shape().drop_back(), v.dtype()));
        add_slot(v, "c", "", graph::zeros(v.shape().erase(-2), v.dtype()));
      } else {
        // Keras 3 has integers in their place, which nothing uses.
        for (int i = 0; i < 2; ++i) add_variable(v.name(), Array::scalar(std::int32_t{0}));
      }
      add_slot(v, "velocity", "v");
    }
  }

  /// The largest rate there can be, and the part of the means that stays.
  Tensors shared(const Tensor& rate, const Tensor& number, const Context&) const override {
    return {ops::minimum(rate, 1 / ops::sqrt(number)), 1 - ops::power(number, config_.beta_2_decay)};
  }

  Tensor step(const Step& s) override {
    const Tensor square = ops::square(s.gradient) + config_.epsilon_1, kept = s.shared[1];
    const auto moved = [&](std::string_view slot, const Tensor& x) {
      const Tensor mean = s.slot(slot) * kept + x * (1 - kept);
      s.update(slot, mean);
      return mean;
    };
    Tensor velocity;
    if (is_factored(s.variable)) {
      const Tensor rows = moved("r", ops::mean(square, -1)), columns = moved("c", ops::mean(square, -2));
      const Tensor shares = rows / ops::mean(rows, -1, ops::KeepDims::yes);
      velocity = ops::expand_dims(shares, -1) * ops::expand_dims(columns, -2);
      s.update("velocity", velocity);
    } else {
      velocity = moved("velocity", square);
    }
    const Tensor update = s.gradient / ops::sqrt(velocity);
    const Tensor length = ops::maximum(scalar(1), root_mean_square(update) / config_.clip_threshold);
    const Tensor rate = ops::maximum(scalar(config_.epsilon_2), root_mean_square(s.value)) * s.shared[0];
    return s.value - update * (rate / length);
  }

 private:
  static bool is_factored(const Variable& v) { return v.shape().size() >= 2; }
};

const bool adafactor_registered =
    registry().add<AdafactorOptimizer>("Adafactor", {"adafactor"}, {.keras2_package = "Custom"});

}  // namespace

void AdafactorConfig::fields(ConfigVisitor& v) {
  v("beta_2_decay", beta_2_decay);
  v("epsilon_1", epsilon_1);
  v("epsilon_2", epsilon_2);
  v("clip_threshold", clip_threshold);
  v("relative_step", relative_step);
}
Made<Optimizer, AdafactorConfig> AdafactorConfig::make() const { return std::make_shared<AdafactorOptimizer>(*this); }

}  // namespace cornu::keras::optimizers

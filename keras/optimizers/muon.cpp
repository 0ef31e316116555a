#include "cornu/keras/optimizers/muon.h"

#include <algorithm>
#include <cmath>

#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/keras/optimizers/internal/patterns.h"
#include "cornu/keras/utils/internal/to_lower.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::optimizers {
namespace {

struct MuonOptimizer final : Configured<Optimizer, MuonConfig> {
  explicit MuonOptimizer(const MuonConfig& c) : Configured(c) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    internal::require_beta(c.name, "adam_beta_1", c.adam_beta_1);
    internal::require_beta(c.name, "adam_beta_2", c.adam_beta_2);
    if (c.adam_weight_decay) require_between(c.name, "adam_weight_decay", *c.adam_weight_decay, 0, infinity);
    require_between(c.name, "epsilon", c.epsilon, 0, infinity);
    require_between(c.name, "adam_lr_ratio", c.adam_lr_ratio, 0, infinity);
    require_between(c.name, "momentum", c.momentum, 0, 1);
    require_between(c.name, "ns_steps", c.ns_steps, 0, infinity);
    if (c.rms_rate) require_between(c.name, "rms_rate", *c.rms_rate, 0, infinity);
    for (const auto& [argument, value] :
         {std::pair{"muon_a", c.muon_a}, std::pair{"muon_b", c.muon_b}, std::pair{"muon_c", c.muon_c}})
      graph::require<graph::ValueError>(std::isfinite(value), '[', c.name, "] `", argument,
                                        "` must be a finite number, got ", value);
    excluded_ = internal::patterns(c.name, "exclude_layers", c.exclude_layers);
  }

  void add_slots(const std::vector<Variable>& variables) override {
    for (const Variable& v : variables) {
      add_slot(v, "momentum");
      if (takes_adam(v)) add_slot(v, "velocity");
    }
  }

  std::optional<double> weight_decay(const Variable& v) const override {
    return takes_adam(v) && decays(v) ? config_.adam_weight_decay : Optimizer::weight_decay(v);
  }

  Tensors shared(const Tensor& rate, const Tensor& number, const Context&) const override {
    const Tensor adam_rate = rate * config_.adam_lr_ratio;
    return {internal::adam_rate(adam_rate, number, config_.adam_beta_1, config_.adam_beta_2)};
  }

  Tensor step(const Step& s) override {
    const MuonConfig& c = config_;
    if (takes_adam(s.variable)) return internal::adam_step(s, c.adam_beta_1, c.adam_beta_2, c.epsilon);
    const Tensor momentum = s.slot("momentum") * c.momentum + s.gradient;
    s.update("momentum", momentum);
    const Shape& shape = s.variable.shape();
    const double scale = c.rms_rate ? *c.rms_rate * std::sqrt(static_cast<double>(std::max(shape[0], shape[1]))) : 1;
    const Tensor direction = orthogonal(c.nesterov ? s.gradient + momentum * c.momentum : momentum);
    return s.value - direction * (s.rate * scale);
  }

 private:
  bool takes_adam(const Variable& v) const {
    if (v.shape().size() != 2) return true;
    if (config_.exclude_embeddings && utils::to_lower(v.name()).find("embedding") != std::string::npos) return true;
    return internal::matches(excluded_, v.name());
  }

  /// Near to U V^T of x = U S V^T: each iteration is a polynomial of the singular values, which is steep at 0 and
  /// stays near 1. Products are taken over the longer side, so that those between them are small.
  Tensor orthogonal(Tensor x) const {
    const bool tall = x.shape()[0] > x.shape()[1];
    x = x / (ops::sqrt(ops::sum(ops::square(x))) + 1e-7);
    for (int i = 0; i < config_.ns_steps; ++i) {
      const Tensor a = ops::matmul(x, x, {.transpose_a = tall, .transpose_b = !tall});
      const Tensor b = ops::matmul(a, a) * config_.muon_c + a * config_.muon_b;
      x = (tall ? ops::matmul(x, b) : ops::matmul(b, x)) + x * config_.muon_a;
    }
    return x;
  }

  std::vector<std::regex> excluded_;
};

const bool muon_registered = registry().add<MuonOptimizer>("Muon", {"muon"}, {.since_keras3 = true});

}  // namespace

void MuonConfig::fields(ConfigVisitor& v) {
  v("adam_beta_1", adam_beta_1);
  v("adam_beta_2", adam_beta_2);
  v("adam_weight_decay", adam_weight_decay);
  v("epsilon", epsilon);
}
void MuonConfig::last_fields(ConfigVisitor& v) {
  v("exclude_layers", exclude_layers);
  v("exclude_embeddings", exclude_embeddings);
  v("muon_a", muon_a);
  v("muon_b", muon_b);
  v("muon_c", muon_c);
  v("adam_lr_ratio", adam_lr_ratio);
  v("momentum", momentum);
  v("ns_steps", ns_steps);
  v("nesterov", nesterov);
  v("rms_rate", rms_rate);
}
Made<Optimizer, MuonConfig> MuonConfig::make() const { return std::make_shared<MuonOptimizer>(*this); }

}  // namespace cornu::keras::optimizers

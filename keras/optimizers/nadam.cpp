#include "cornu/keras/optimizers/nadam.h"

#include <cmath>

#include "cornu/graph/leaf.h"
#include "cornu/keras/optimizers/internal/moments.h"
#include "cornu/keras/optimizers/internal/scalar.h"
#include "cornu/keras/optimizers/legacy/nadam.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"

namespace cornu::keras::optimizers {
namespace {

using internal::scalar;

/// The momentum of step t, between half of beta and beta.
Tensor momentum_of(double beta, double decay, const Tensor& step) {
  return (1 - ops::power(scalar(0.96), step * decay) * 0.5) * beta;
}

/// The product of the momenta of the steps 1 to t, for a decay of 1. Behind step 512 each is beta in float32, so that
/// the product needs a table and no state.
Tensor product_of_momenta(double beta, const Tensor& step) {
  constexpr int kLast = 512;
  Array table = graph::zeros({kLast + 1});
  double product = 1;
  for (int t = 0; t <= kLast; ++t) {
    if (t > 0) product *= 1 - 0.5 * std::pow(0.96, t);
    table.data<float>()[t] = static_cast<float>(product);
  }
  const Tensor row = ops::cast(ops::minimum(step, scalar(kLast)), graph::int32);
  return ops::take(graph::constant(table), row) * ops::power(scalar(beta), step);
}

/// The rule, for each of the configs that have its arguments.
template <class Config>
struct NadamOptimizer final : Configured<Optimizer, Config> {
  explicit NadamOptimizer(const Config& config) : Configured<Optimizer, Config>(with_epsilon(config)) {
    internal::check_moments(config);
    if constexpr (is_legacy_config<Config>) {
      require_between(config.name, "decay", config.decay, 0, std::numeric_limits<double>::infinity());
      graph::require<graph::ValueError>(!this->schedule(), '[', config.name,
                                        "] takes no schedule as its learning rate, as in Keras 2");
    }
  }

  void add_slots(const std::vector<Variable>& variables) override {
    if (is_legacy_config<Config>) product_ = this->add_variable("momentum_cache", Array::scalar(1.f));
    this->add_slots_for(variables, {{"momentum", "m"}, {"velocity", "v"}});
    if (!is_legacy_config<Config>) product_ = this->add_variable("u_product", Array::scalar(1.f));
  }

  /// The factors of momentum and gradient, what velocity is divided by, and the new product.
  Tensors shared(const Tensor& rate, const Tensor& number, const Context& ctx) const override {
    const Config& c = this->config_;
    const double decay = is_legacy_config<Config> ? c.decay : 1;
    const Tensor now = momentum_of(c.beta_1, decay, number), next = momentum_of(c.beta_1, decay, number + 1);
    const Tensor product = is_legacy_config<Config> ? ctx.value(product_) * now : product_of_momenta(c.beta_1, number);
    return {rate * next / (1 - product * next), rate * (1 - now) / (1 - product), internal::bias(c.beta_2, number),
            product};
  }

  Tensor step(const Optimizer::Step& s) override {
    const Config& c = this->config_;
    const Tensor momentum = internal::moved(s.slot("momentum"), s.gradient, c.beta_1);
    const Tensor velocity = internal::moved(s.slot("velocity"), ops::square(s.gradient), c.beta_2);
    s.update("momentum", momentum);
    s.update("velocity", velocity);
    s.update(product_, s.shared[3]);
    return s.value -
           (momentum * s.shared[0] + s.gradient * s.shared[1]) / (ops::sqrt(velocity / s.shared[2]) + c.epsilon);
  }

 private:
  Variable product_;
};

const bool nadam_registered =
    registry().add<NadamOptimizer<NadamConfig>>("Nadam", {"nadam"}, {.keras2_package = "Custom"}) &&
    legacy::registry().add<NadamOptimizer<legacy::NadamConfig>>("Nadam");

}  // namespace

void NadamConfig::fields(ConfigVisitor& v) { internal::moment_fields(*this, v); }
Made<Optimizer, NadamConfig> NadamConfig::make() const { return std::make_shared<NadamOptimizer<NadamConfig>>(*this); }

void legacy::NadamConfig::fields(ConfigVisitor& v) { internal::moment_fields(*this, v); }
Made<Optimizer, legacy::NadamConfig> legacy::NadamConfig::make() const {
  return std::make_shared<NadamOptimizer<NadamConfig>>(*this);
}

}  // namespace cornu::keras::optimizers

#include "cornu/keras/optimizers/internal/moments.h"

#include "cornu/ops/eltwise.h"

namespace cornu::keras::optimizers::internal {

void require_beta(std::string_view optimizer, std::string_view argument, double beta) {
  graph::require<graph::ValueError>(beta >= 0 && beta < 1, '[', optimizer, "] `", argument, "` must be in [0, 1), got ",
                                    beta);
}

Tensor bias(double beta, const Tensor& number) { return 1 - ops::power(graph::constant(beta, graph::float32), number); }

Tensor adam_rate(const Tensor& rate, const Tensor& number, double beta_1, double beta_2) {
  return rate * ops::sqrt(bias(beta_2, number)) / bias(beta_1, number);
}

Tensor adam_step(const Optimizer::Step& s, double beta_1, double beta_2, double epsilon, bool amsgrad) {
  const Tensor momentum = moved(s.slot("momentum"), s.gradient, beta_1);
  const Tensor velocity = moved(s.slot("velocity"), ops::square(s.gradient), beta_2);
  s.update("momentum", momentum);
  s.update("velocity", velocity);
  Tensor scale = velocity;
  if (amsgrad) {
    scale = ops::maximum(s.slot("velocity_hat"), velocity);
    s.update("velocity_hat", scale);
  }
  return s.value - momentum * s.shared[0] / (ops::sqrt(scale) + epsilon);
}

}  // namespace cornu::keras::optimizers::internal

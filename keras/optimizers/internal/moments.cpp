#include "cornu/keras/optimizers/internal/moments.h"

namespace cornu::keras::optimizers::internal {

void require_beta(std::string_view optimizer, std::string_view argument, double beta) {
  graph::require<graph::ValueError>(beta >= 0 && beta < 1, '[', optimizer, "] `", argument,
                                    "` must be in [0, 1), got ", beta);
}

Tensor bias(double beta, const Tensor& number) {
  return 1 - ops::power(graph::constant(beta, graph::float32), number);
}

}  // namespace cornu::keras::optimizers::internal

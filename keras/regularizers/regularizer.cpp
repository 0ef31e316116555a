#include "cornu/keras/regularizers/regularizer.h"

#include "cornu/keras/internal/nameless.h"
#include "cornu/keras/regularizers/l1_l2.h"

namespace cornu::keras::regularizers {

Registry<Regularizer>& Regularizer::registry() {
  static Registry<Regularizer> registry("regularizer",
                                        {.module = "keras.regularizers", .registry = "regularizers::registry()"});
  return registry;
}

Shared<Regularizer> Regularizer::from_name(const std::string& name) {
  // The name that Keras 3 no longer knows means what it meant in Keras 2; L1L2() itself would penalize nothing.
  if (name == "l1_l2") return std::make_shared<L1L2>(L1L2Config{.l1 = 0.01, .l2 = 0.01});
  return registry().make(name);
}

Shared<Regularizer> Regularizer::from_callable(std::function<Tensor(const Tensor&)> function) {
  return std::make_shared<Nameless<Regularizer, Tensor, const Tensor&>>(std::move(function));
}

}  // namespace cornu::keras::regularizers

#include "cornu/keras/callbacks/callback.h"

#include "cornu/keras/callbacks/fit_state.h"

namespace cornu::keras {

FitState::~FitState() = default;

namespace callbacks {

Callback::~Callback() = default;

models::Model& Callback::model() const {
  graph::require<graph::ValueError>(model_ != nullptr,
                                    "a callback has a model only while fit, evaluate or predict runs");
  return *model_;
}

const FitData& Callback::data() const {
  static const FitData none;
  return data_ != nullptr ? *data_ : none;
}

}  // namespace callbacks
}  // namespace cornu::keras

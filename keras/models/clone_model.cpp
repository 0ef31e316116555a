#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/internal/json_writer.h"
#include "cornu/keras/saving/internal/model_config.h"

namespace cornu::keras::models {

Model clone_model(const Model& model) {
  const auto json = saving::internal::object_of(*model.network(), saving::internal::Form::own);
  return Model(saving::internal::make_network(json, saving::KerasVersion::keras3));
}

}  // namespace cornu::keras::models

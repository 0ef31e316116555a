#include "cornu/keras/layers/rnn/internal/copied.h"

#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::layers::internal {

Shared<Layer> copied(const Layer& layer) {
  const auto json = saving::internal::object_of(layer, saving::internal::Form::own);
  return std::static_pointer_cast<Layer>(
      saving::internal::make_any_object(registry(), json, saving::KerasVersion::keras3));
}

}  // namespace cornu::keras::layers::internal

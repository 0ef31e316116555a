#include "cornu/keras/layers/wrappers/wrapper.h"

#include "cornu/keras/utils/internal/to_snake_case.h"

namespace cornu::keras::layers {

void name_after_class(Layer& layer) {
  if (layer.name().empty()) layer.set_automatic_name(utils::to_snake_case(layer.class_name()));
}

}  // namespace cornu::keras::layers

#pragma once

#include <vector>

#include "cornu/keras/layers/keras_tensor.h"

namespace cornu::keras::utils {

/// The symbolic inputs that a tensor is computed from, each once, in the order in which they are met; of an input
/// itself that input. Throws ValueError for an undefined tensor. Keras: `utils.get_source_inputs`.
///
///     models::Model part(utils::get_source_inputs(features), features);
CORNU_EXPORT std::vector<KerasTensor> get_source_inputs(const KerasTensor& tensor);

}  // namespace cornu::keras::utils

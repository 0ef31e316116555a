#pragma once

#include <memory>

#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/internal/json_reader.h"

namespace cornu::keras::saving::internal {

/// A model's layers: `{"class_name": "Sequential", "config": {"name": …, "layers": […]}}`, as that Keras' get_config.
/// The input is an InputLayer of its own, even if only the first layer's `input_shape` told of it.
///
/// Throws ValueError for what that Keras could not read or would compute otherwise, naming the layer.
Json model_config(const models::Network& network, KerasVersion version);

/// The model that such a config describes, built if it says the shape of the input. Throws ValueError for a kind of
/// model or layer that is not known and for arguments that a layer refuses, FormatError for a config that is none.
std::shared_ptr<models::Network> make_network(const Json& config, KerasVersion written_by);

}  // namespace cornu::keras::saving::internal

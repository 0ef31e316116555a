#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/internal/json_reader.h"

namespace cornu::keras::saving::internal {

/// A model's layers: `{"class_name": "Sequential", "config": {"name": …, "layers": […]}}`, as that Keras' get_config.
/// The input is an InputLayer of its own, even if only the first layer's `input_shape` told of it.
///
/// Throws ValueError for what that Keras could not read or would compute otherwise, naming the layer.
Json model_config(const models::Network& network, KerasVersion version);

/// The same in Keras 3's form as its to_json and its archives have it, with the shape for which the model is built.
Json model_json(const models::Network& network);

/// The model that such a config describes, built if it says the shape of the input. Throws ValueError for a kind of
/// model or layer that is not known and for arguments that a layer refuses, FormatError for a config that is none.
std::shared_ptr<models::Network> make_network(const Json& config, KerasVersion written_by);

/// The same for a file whose weights have so many elements: throws FormatError for layers that would need more.
std::shared_ptr<models::Network> make_network_within(std::int64_t elements, const Json& config,
                                                     KerasVersion written_by);

/// Of a version's name, "2.15.0", and of a model's config that comes without one.
KerasVersion version_named(std::string_view version);
KerasVersion version_of_config(const Json& config);

/// JSON about a model as files have it. Throws ValueError, naming the model, if a name in it is not valid UTF-8.
std::string text_of_model(const Json& json, const models::Network& network);

}  // namespace cornu::keras::saving::internal

#pragma once

#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/saving/internal/json_text.h"

namespace cornu::keras::saving::internal {

/// A model's config with what is called so no longer, or what models have here in another form, as Keras 2.15 (of files
/// of Keras 3: as Keras 3.15) would have written it: classes and arguments by other names, names of layers with a '/',
/// numbers of NumPy, policies in float16 and float64, which become float32 with a warning.
Json from_older(const Json& config, KerasVersion written_by);

/// A layer's name as `from_older` makes it.
std::string name_without_slash(std::string name);

}  // namespace cornu::keras::saving::internal

#pragma once

#include <string_view>

#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::saving {

/// `compile`'s arguments from JSON: names or serialized objects, as Keras' `get_compile_config` and the
/// `training_config` of its files have them.
///
///     model.compile(saving::compile_config_from_json(R"({"optimizer": "adam", "loss": "mse", "metrics": ["mae"]})"));
///
/// Throws ValueError for unknown names (with the known ones) and for several outputs, FormatError for what is no such
/// JSON.
CompileConfig compile_config_from_json(std::string_view json, KerasVersion written_by = KerasVersion::keras3);

}  // namespace cornu::keras::saving

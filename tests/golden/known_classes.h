#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cornu/keras/registry.h"

namespace cornu::golden {

/// The first class in a serialized object that Cornu does not have, "layer Conv2D"; empty if it has all. `registry` is
/// the object's kind. Also looks into the object: layers of a model, a schedule, an activation's name. Arguments do not
/// matter here: one that a known class lacks is an error, which building the object finds.
std::string unknown_class(const nlohmann::json& object, const keras::AnyRegistry& registry);

/// The same for `compile`'s arguments, as a file or a case holds them.
std::string unknown_class_of_compile(const nlohmann::json& arguments);

}  // namespace cornu::golden

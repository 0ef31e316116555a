#pragma once

#include <string>

#include "cornu/keras/object.h"

namespace cornu::keras::mixed_precision {

/// Visits the name of a dtype policy (empty: "float32"), which files of Keras 3 hold as an object and others as a text.
void policy_field(ConfigVisitor& v, std::string_view name, std::string& policy, const FieldForm& form = {});

}  // namespace cornu::keras::mixed_precision

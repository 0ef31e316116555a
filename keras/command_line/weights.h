#pragma once

#include <cornu/cornu.h>

#include <string>
#include <vector>

namespace cornu::command_line {

/// A weight by a name that tells its layer: "dense_1/kernel".
struct NamedWeight {
  std::string name;
  Variable variable;
};
std::vector<NamedWeight> weights_of(const keras::models::Model& model);

}  // namespace cornu::command_line

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::keras {

/// An argument of a call that is no tensor.
using CallValue = std::variant<bool, std::int64_t, double, std::string>;
using CallValues = std::vector<std::pair<std::string, CallValue>>;

/// What a layer's call takes beside a list of inputs, `training` and masks by name: declared by the layer
/// (`Layer::call_signature`), it is checked, written to files and read from them wherever the layer is used.
struct CallSignature {
  /// Names of the inputs, for a layer whose inputs are arguments of their own rather than a list:
  /// {"query", "value", "key"}. Each may be given by its place or by its name.
  std::vector<std::string> tensors = {};
  /// Values with their defaults, which say their types: {{"use_causal_mask", false}}.
  CallValues values = {};
};

/// All that a call is made with, as far as it is known before numbers come.
struct CallSpecs {
  graph::Specs inputs;
  std::vector<std::pair<std::string, graph::Spec>> named = {};
  CallValues values = {};
};

}  // namespace cornu::keras

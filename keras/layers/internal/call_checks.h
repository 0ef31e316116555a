#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/call_arguments.h"

namespace cornu::keras::layers::internal {

/// Moves what was given by an input's name to the input's place. Throws ValueError for an input that is given twice,
/// and for one behind another that is missing.
template <class T>
void put_in_places(const std::string& who, const CallSignature& signature, std::vector<T>& inputs,
                   std::vector<std::pair<std::string, T>>& named) {
  if (named.empty()) return;
  for (std::size_t place = 0; place < signature.tensors.size(); ++place) {
    const std::string& name = signature.tensors[place];
    const auto found = std::find_if(named.begin(), named.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == named.end()) continue;
    graph::require<graph::ValueError>(place >= inputs.size(), who, "was given '", name, "' twice");
    graph::require<graph::ValueError>(place == inputs.size(), who, "was given '", name, "', but no '",
                                      signature.tensors[inputs.size()], '\'');
    inputs.push_back(std::move(found->second));
    named.erase(found);
  }
}

/// The values of a call in the types that the signature says. Throws ValueError for an unknown name and a wrong type.
CallValues checked_values(const std::string& who, const CallSignature& signature, const CallValues& given);

}  // namespace cornu::keras::layers::internal

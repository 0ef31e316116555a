#include "cornu/keras/utils/source_inputs.h"

#include <set>
#include <utility>

namespace cornu::keras::utils {

std::vector<KerasTensor> get_source_inputs(const KerasTensor& tensor) {
  std::vector<KerasTensor> sources, open{tensor};
  std::set<std::pair<const Use*, int>> seen;
  while (!open.empty()) {
    const KerasTensor next = open.back();
    open.pop_back();
    const Use& use = next.use();
    if (!seen.emplace(&use, next.index()).second) continue;
    if (use.inputs.empty() && use.named.empty()) sources.push_back(next);
    // The first input is to be met first: the last one goes to the bottom.
    for (auto named = use.named.rbegin(); named != use.named.rend(); ++named) open.push_back(named->second);
    for (auto input = use.inputs.rbegin(); input != use.inputs.rend(); ++input) open.push_back(*input);
  }
  return sources;
}

}  // namespace cornu::keras::utils

#include "cornu/graph/internal/node_names.h"

#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::graph {

std::unordered_map<const Node*, std::string> node_names(const Outputs& outputs) {
  std::unordered_map<const Node*, std::string> names;
  std::unordered_set<std::string> taken;
  std::unordered_map<std::string, int> last;  // number that was given
  for (const auto& node : reachable(outputs)) {
    const std::string plain = message(node->scope(), node->scope().empty() ? "" : "/", node->op().name());
    std::string name = plain;
    while (!taken.insert(name).second) name = message(plain, '_', ++last[plain]);
    names.emplace(node.get(), std::move(name));
  }
  return names;
}

}  // namespace cornu::graph

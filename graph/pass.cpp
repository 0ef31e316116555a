#include "cornu/graph/pass.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/passes.h"

namespace cornu::graph {
namespace {

struct OrderedRewrite {
  int order;
  std::string name;
  Rewrite rewrite;
};

// Static initialisation has no order over files: sorting makes it the same in every build.
struct Registered {
  std::mutex mutex;
  std::map<std::string, std::vector<internal::NamedRule>, std::less<>> rules;
  std::map<std::string, std::vector<OrderedRewrite>, std::less<>> rewrites;
};
Registered& registered() {
  static Registered r;
  return r;
}

template <class T>
void add(std::map<std::string, std::vector<T>, std::less<>>& all, std::string_view pass, T entry, bool (*before)(const T&, const T&)) {
  if (pass != internal::kLowering) passes::require_known(pass, "a rewriting rule's pass");
  const std::lock_guard lock(registered().mutex);
  auto& list = all[std::string(pass)];
  for (const T& taken : list) require<ValueError>(taken.name != entry.name, "pass ", pass, " has a rule named '", entry.name, "' already");
  list.insert(std::upper_bound(list.begin(), list.end(), entry, before), std::move(entry));
}

template <class T>
std::vector<T> registered_for(const std::map<std::string, std::vector<T>, std::less<>>& all, std::string_view pass) {
  const std::lock_guard lock(registered().mutex);
  const auto found = all.find(pass);
  return found == all.end() ? std::vector<T>() : found->second;
}

}  // namespace

bool register_rule(std::string_view pass, std::string name, Rule rule) {
  using T = internal::NamedRule;
  add<T>(registered().rules, pass, {std::move(name), std::move(rule)}, [](const T& a, const T& b) { return a.name < b.name; });
  return true;
}

bool register_rewrite(std::string_view pass, int order, std::string name, Rewrite rewrite) {
  using T = OrderedRewrite;
  add<T>(registered().rewrites, pass, {order, std::move(name), std::move(rewrite)},
         [](const T& a, const T& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  return true;
}

Outputs internal::apply_registered_rules(const Outputs& outputs, std::string_view pass) {
  const auto rules = registered_for(registered().rules, pass);
  return rules.empty() ? outputs : apply_rules(outputs, rules);
}

Outputs internal::apply_registered_rewrites(const Outputs& outputs, std::string_view pass) {
  Outputs result = outputs;
  for (const auto& [order, name, rewrite] : registered_for(registered().rewrites, pass)) result = rewrite(result);
  return result;
}

Outputs legalise(const Outputs& outputs) { return internal::apply_registered_rules(outputs, internal::kLowering); }

std::vector<std::shared_ptr<const Node>> reachable(const Outputs& outputs) {
  std::vector<std::shared_ptr<const Node>> nodes;
  std::unordered_set<const Node*> seen;
  const auto add = [&](const Tensor& tensor) {
    if (seen.insert(&tensor.node()).second) nodes.push_back(tensor.node_ptr());
  };
  for (const Tensor& tensor : outputs.tensors()) add(tensor);
  for (const auto& [variable, value] : outputs.updates()) add(value);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto node = nodes[i];  // the vector grows
    for (const Tensor& input : node->inputs()) add(input);
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a->id() < b->id(); });
  return nodes;
}

}  // namespace cornu::graph

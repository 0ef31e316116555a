#include "cornu/graph/passes/pass.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/internal/bodies.h"
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
void add(std::map<std::string, std::vector<T>, std::less<>>& all, std::string_view pass, T entry,
         bool (*before)(const T&, const T&)) {
  if (pass != internal::kLowering) passes::require_known(pass, "a rewriting rule's pass");
  const std::lock_guard lock(registered().mutex);
  auto& list = all[std::string(pass)];
  for (const T& taken : list)
    require<ValueError>(taken.name != entry.name, "pass ", pass, " has a rule named '", entry.name, "' already");
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
  add<T>(registered().rules, pass, {std::move(name), std::move(rule)},
         [](const T& a, const T& b) { return a.name < b.name; });
  return true;
}

bool register_rewrite(std::string_view pass, int order, std::string name, Rewrite rewrite) {
  using T = OrderedRewrite;
  add<T>(registered().rewrites, pass, {order, std::move(name), std::move(rewrite)},
         [](const T& a, const T& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  return true;
}

std::vector<internal::NamedRule> internal::rules_of(std::string_view pass) {
  return registered_for(registered().rules, pass);
}

std::vector<Rewrite> internal::rewrites_of(std::string_view pass) {
  std::vector<Rewrite> list;
  for (auto& [order, name, rewrite] : registered_for(registered().rewrites, pass)) list.push_back(std::move(rewrite));
  return list;
}

Outputs legalise(const Outputs& outputs) {
  return internal::lower(passes::rewrite_bodies(outputs, [](const Outputs& body) { return legalise(body); }));
}

Outputs internal::lower(const Outputs& outputs) { return sweep(outputs, visit_of(rules_of(kLowering))); }

std::vector<std::shared_ptr<const Node>> reachable(const Outputs& outputs) {
  const auto each_result = [&](auto visit) {
    for (const Tensor& tensor : outputs.tensors()) visit(tensor);
    for (const auto& [variable, value] : outputs.updates()) visit(value);
  };
  std::uint64_t highest = 0;
  each_result([&](const Tensor& tensor) { highest = std::max(highest, tensor.node().id()); });
  // A computation's nodes have numbers near one another, but for some leaves that were made long ago.
  constexpr std::uint64_t kNear = std::uint64_t{1} << 20;
  std::vector<std::uint32_t>
      near;  // by the distance from the highest number: 1 + the place in `found`, 0 if not seen yet
  std::unordered_set<std::uint64_t> seen_far;
  std::vector<std::shared_ptr<const Node>> found, nodes;
  const auto add = [&](const Tensor& tensor) {
    const std::uint64_t distance = highest - tensor.node().id();
    if (distance < kNear) {
      if (distance >= near.size()) near.resize(std::max<std::size_t>(distance + 1, 2 * near.size()));
      if (near[distance] != 0) return;
      near[distance] = static_cast<std::uint32_t>(found.size() + 1);
    } else if (seen_far.insert(distance).second) {
      nodes.push_back(tensor.node_ptr());
    } else {
      return;
    }
    found.push_back(tensor.node_ptr());
  };
  each_result(add);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Node& node = *found[i];
    for (const Tensor& input : node.inputs()) add(input);
  }
  nodes.reserve(found.size());
  std::sort(nodes.begin(), nodes.end(), [](const auto& a, const auto& b) { return a->id() < b->id(); });
  for (auto place = near.rbegin(); place != near.rend(); ++place)
    if (*place != 0) nodes.push_back(std::move(found[*place - 1]));
  return nodes;
}

}  // namespace cornu::graph

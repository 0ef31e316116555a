#include "cornu/graph/passes/passes.h"

#include <array>
#include <cstdlib>
#include <string>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/passes/internal/bodies.h"
#include "cornu/graph/passes/internal/common_subexpressions.h"
#include "cornu/graph/passes/internal/constant_folding.h"
#include "cornu/graph/passes/internal/dead_nodes.h"

namespace cornu::graph {
namespace passes {
namespace {

constexpr std::array<std::string_view, 9> kNames{"common_subexpressions",
                                                 "simplification",
                                                 "constant_folding",
                                                 "dead_nodes",
                                                 "fusion",
                                                 "layout",
                                                 "scheduling",
                                                 "in_place",
                                                 "memory"};
constexpr const char* kVariable = "CORNU_DISABLE_PASSES";

thread_local const Disabled* innermost = nullptr;

unsigned bit_of(std::string_view pass, std::string_view who) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == pass) return 1u << i;
  std::string known = "all";
  for (std::string_view name : kNames) known += message(", ", name);
  throw ValueError(message(who, ": there is no pass named '", pass, "'; known: ", known));
}

unsigned mask_of(std::string_view list, std::string_view who) {
  unsigned mask = 0;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (name == "all")
      mask = ~0u;
    else if (!name.empty())
      mask |= bit_of(name, who);
  }
  return mask;
}

unsigned environment() {
  const char* list = std::getenv(kVariable);
  return list ? mask_of(list, kVariable) : 0;
}

}  // namespace

std::span<const std::string_view> names() { return kNames; }
void require_known(std::string_view list, std::string_view who) { mask_of(list, who); }
bool enabled(std::string_view pass) {
  return ((innermost ? innermost->mask_ : environment()) & bit_of(pass, "passes::enabled")) == 0;
}

Disabled::Disabled(std::string_view list)
    : mask_(mask_of(list, "passes::Disabled") | (innermost ? innermost->mask_ : environment())), outer_(innermost) {
  innermost = this;
}
Disabled::~Disabled() { innermost = outer_; }

}  // namespace passes

// All passes over the graph, in order; the planner does the rest.
Outputs optimise(const Outputs& outputs, int threads) {
  const passes::Disabled scope("");  // the environment is read once
  const bool simplify = passes::enabled("simplification"), merge = passes::enabled("common_subexpressions"),
             fold = passes::enabled("constant_folding"), fuse = passes::enabled("fusion");
  const auto rules = [](std::string_view pass) { return internal::visit_of(internal::rules_of(pass)); };
  Outputs result = passes::reduce_bodies(outputs);
  const auto rewrite = [&](std::string_view pass) {
    for (const Rewrite& each : internal::rewrites_of(pass)) result = each(result);
  };

  // In one sweep, as each makes work for the others.
  std::vector<internal::Visit> visits;
  if (fold) visits.push_back(internal::folding(threads));
  if (simplify) visits.push_back(rules("simplification"));
  if (merge) visits.push_back(internal::merging());
  if (!visits.empty()) result = internal::sweep(result, internal::in_turn(std::move(visits)));
  if (simplify) rewrite("simplification");
  if (passes::enabled("dead_nodes")) result = passes::remove_dead_nodes(result);

  result = passes::optimise_bodies(result, threads);  // before fusion: what moves out of a loop is part of the outside

  if (fuse) result = internal::sweep(result, rules("fusion"));  // sees the ops as they were written
  Outputs lowered = internal::lower(result);
  const bool changed = !internal::same_computation(lowered, result);
  result = std::move(lowered);
  if (changed && merge) result = passes::merge_common_subexpressions(result);
  if (fuse) rewrite("fusion");  // sees what will be run
  return result;
}

}  // namespace cornu::graph

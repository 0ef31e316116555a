#include "cornu/graph/passes/passes.h"

#include <array>
#include <cstdlib>
#include <string>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/sweep.h"
#include "cornu/graph/passes/common_subexpressions.h"
#include "cornu/graph/passes/constant_folding.h"
#include "cornu/graph/passes/dead_nodes.h"

namespace cornu::graph {
namespace passes {
namespace {

constexpr std::array<std::string_view, 8> kNames{"common_subexpressions", "simplification", "constant_folding", "dead_nodes", "fusion",
                                                 "layout",                "in_place",       "memory"};
constexpr const char* kVariable = "CORNU_DISABLE_PASSES";

// What optimise() does, in order; the planner does the rest.
struct Step {
  std::string_view pass;
  Outputs (*run)(const Outputs& outputs, int threads);
};
Outputs merge(const Outputs& outputs, int) { return merge_common_subexpressions(outputs); }
Outputs simplify(const Outputs& outputs, int) {
  return internal::apply_registered_rewrites(internal::apply_registered_rules(outputs, "simplification"), "simplification");
}
Outputs remove_dead(const Outputs& outputs, int) { return remove_dead_nodes(outputs); }
Outputs fuse(const Outputs& outputs, int) { return internal::apply_registered_rules(outputs, "fusion"); }
Outputs lower(const Outputs& outputs, int) { return legalise(outputs); }
Outputs fuse_as_a_whole(const Outputs& outputs, int) { return internal::apply_registered_rewrites(outputs, "fusion"); }
constexpr Step kSteps[] = {
    {"common_subexpressions", merge},
    {"simplification", simplify},
    {"constant_folding", fold_constants},
    {"common_subexpressions", merge},  // the two before it make nodes equal
    {"dead_nodes", remove_dead},
    {"fusion", fuse},                  // sees the ops as they were written
    {internal::kLowering, lower},
    {"common_subexpressions", merge},  // of the casts that lowering puts in
    {"fusion", fuse_as_a_whole},       // sees what will be run
};

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
    if (name == "all") mask = ~0u;
    else if (!name.empty()) mask |= bit_of(name, who);
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
bool enabled(std::string_view pass) { return ((innermost ? innermost->mask_ : environment()) & bit_of(pass, "passes::enabled")) == 0; }

Disabled::Disabled(std::string_view list)
    : mask_(mask_of(list, "passes::Disabled") | (innermost ? innermost->mask_ : environment())), outer_(innermost) {
  innermost = this;
}
Disabled::~Disabled() { innermost = outer_; }

}  // namespace passes

Outputs optimise(const Outputs& outputs, int threads) {
  const passes::Disabled scope("");  // the environment is read once
  Outputs result = outputs;
  for (const passes::Step& step : passes::kSteps)
    if (step.pass == internal::kLowering || passes::enabled(step.pass)) result = step.run(result, threads);
  return result;
}

}  // namespace cornu::graph

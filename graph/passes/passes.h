#pragma once

#include <span>
#include <string_view>

#include "cornu/graph/export.h"

/// What is done to a traced computation before it runs, in order. Every pass can be switched off by its name: for a
/// whole process by the environment, `CORNU_DISABLE_PASSES=fusion,in_place` ("all": every pass), which is read whenever
/// a computation is compiled; for one Function by `FunctionConfig::disable_passes`; for the code of a scope by
/// `Disabled`. Results without passes are the reference for what each of them does.
namespace cornu::graph::passes {

/// All names, in the order in which they run: those over the graph first (common_subexpressions, simplification,
/// constant_folding, dead_nodes, fusion), then the planner's (layout, scheduling, in_place, memory).
std::span<const std::string_view> names();

/// Throws ValueError with the known names if a text of comma-separated names has one that is no pass; `who` begins the
/// message.
void require_known(std::string_view list, std::string_view who);

/// False if the pass is switched off for what this thread compiles now. Throws ValueError if there is no such pass, or
/// if the environment names one that does not exist.
bool enabled(std::string_view pass);

/// While this lives, the named passes ("fusion,layout", "all", "") are off for what its thread compiles, besides those
/// that were off already.
///
///     const passes::Disabled reference("all");
///     Array y = f(x);
///
/// The environment is read when the outermost one is made. Throws ValueError for an unknown name.
class Disabled {
 public:
  explicit Disabled(std::string_view list);
  ~Disabled();
  Disabled(const Disabled&) = delete;
  Disabled& operator=(const Disabled&) = delete;

 private:
  friend bool enabled(std::string_view pass);
  unsigned mask_;
  const Disabled* outer_;
};

}  // namespace cornu::graph::passes

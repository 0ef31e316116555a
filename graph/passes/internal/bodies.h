#pragma once

#include <functional>

#include "cornu/graph/outputs.h"

namespace cornu::graph::passes {

/// Ops with bodies (graph/bodies.h) without outputs that nobody reads, and without what only those needed, in this
/// computation and in their bodies. That is part of every computation, not a pass to be switched off: who makes a loop
/// gives it every output that a gradient might ask for.
Outputs reduce_bodies(const Outputs& outputs);

/// The same with all bodies rewritten, once each.
Outputs rewrite_bodies(const Outputs& outputs, const std::function<Outputs(const Outputs& body)>& rewrite);

/// All passes over the bodies. What comes to depend on nothing that changes from step to step moves out of its loop.
Outputs optimise_bodies(const Outputs& outputs, int threads);

}  // namespace cornu::graph::passes

#pragma once

#include "cornu/keras/state.h"

namespace cornu::keras::utils::internal {

/// The state of the process' stream of seeds (utils::set_random_seed), for runs that are resumed.
struct SeedStreamState {
  void state(StateVisitor& v);
};

}  // namespace cornu::keras::utils::internal

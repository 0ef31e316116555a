#include "cornu/graph/plan/kernel.h"

#include <utility>

namespace cornu::graph {

Kernel Kernel::native(Launch launch) { return native(1, std::move(launch)); }

Kernel Kernel::native(int parts, Launch launch) {
  Kernel kernel;
  kernel.make = [launch = std::move(launch)] { return launch; };
  kernel.implementation = "native";
  kernel.parts = parts;
  return kernel;
}

void run_alone(const Kernel& kernel, Call call) {
  const Launch launch = kernel.make();
  call.parts = kernel.parts;
  for (call.phase = 0; call.phase < kernel.phases; ++call.phase)
    for (call.part = 0; call.part < kernel.parts; ++call.part) launch(call);
}

}  // namespace cornu::graph

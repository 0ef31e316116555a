#include "cornu/keras/mixed_precision/policy.h"

#include <mutex>
#include <ostream>

#include "cornu/graph/check.h"

namespace cornu::keras::mixed_precision {
namespace {

struct Global {
  std::mutex mutex;
  Policy policy = "float32";
};
Global& global() {
  static Global g;
  return g;
}

}  // namespace

Policy::Policy(const std::string& name) : name_(name) {
  constexpr auto kKnown = "supported are 'float32', 'mixed_bfloat16' and 'bfloat16'";
  graph::require<graph::ValueError>(
      name != "float16" && name != "mixed_float16", "dtype policy '", name,
      "': there is no arithmetic in float16; 'mixed_bfloat16' saves as much memory and needs no loss scaling (", kKnown,
      ")");
  graph::require<graph::ValueError>(name != "float64",
                                    "dtype policy 'float64': models are computed in float32 at most (", kKnown, ")");
  if (name == "mixed_bfloat16") {
    compute_dtype_ = graph::bfloat16;
  } else if (name == "bfloat16") {
    compute_dtype_ = variable_dtype_ = graph::bfloat16;
  } else {
    graph::require<graph::ValueError>(name == "float32", "unknown dtype policy '", name, "'; ", kKnown);
  }
}

std::ostream& operator<<(std::ostream& out, const Policy& policy) {
  return out << "<DTypePolicy \"" << policy.name() << "\">";
}

void set_global_policy(const Policy& policy) {
  const std::lock_guard lock(global().mutex);
  global().policy = policy;
}

Policy global_policy() {
  const std::lock_guard lock(global().mutex);
  return global().policy;
}

}  // namespace cornu::keras::mixed_precision

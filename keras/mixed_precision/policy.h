#pragma once

#include <iosfwd>
#include <string>

#include "cornu/graph/array/array.h"

namespace cornu::keras::mixed_precision {

/// In which dtype a layer computes, and in which it keeps its weights (keras.DTypePolicy).
///
/// | name | computes in | weights in |
/// |---|---|---|
/// | `float32` | float32 | float32 |
/// | `mixed_bfloat16` | bfloat16 | float32 |
/// | `bfloat16` | bfloat16 | bfloat16 |
///
/// Throws ValueError for Keras' other policies, which have no kernels here, and for names that are none.
class Policy {
 public:
  Policy(const std::string& name);                         // NOLINT: a name is a policy
  Policy(const char* name) : Policy(std::string(name)) {}  // NOLINT: a name is a policy

  const std::string& name() const { return name_; }
  graph::DType compute_dtype() const { return compute_dtype_; }
  graph::DType variable_dtype() const { return variable_dtype_; }

  friend bool operator==(const Policy& a, const Policy& b) { return a.name_ == b.name_; }

 private:
  std::string name_;
  graph::DType compute_dtype_ = graph::float32, variable_dtype_ = graph::float32;
};

/// `<DTypePolicy "mixed_bfloat16">`, as Keras prints it.
std::ostream& operator<<(std::ostream& out, const Policy& policy);

/// The policy of layers that are made from now on without a `dtype` of their own; the process begins with "float32".
/// Any thread may call it.
///
///     mixed_precision::set_global_policy("mixed_bfloat16");
void set_global_policy(const Policy& policy);
Policy global_policy();

// The names that Keras 3 has for the same.
inline void set_dtype_policy(const Policy& policy) { set_global_policy(policy); }
inline Policy dtype_policy() { return global_policy(); }

}  // namespace cornu::keras::mixed_precision

namespace cornu::keras {
using DTypePolicy = mixed_precision::Policy;
}  // namespace cornu::keras

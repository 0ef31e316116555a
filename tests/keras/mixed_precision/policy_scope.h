#pragma once

#include "cornu/keras/mixed_precision/policy.h"

namespace cornu::tests {

/// The global policy while this lives.
class PolicyScope {
 public:
  explicit PolicyScope(const keras::mixed_precision::Policy& policy) {
    keras::mixed_precision::set_global_policy(policy);
  }
  ~PolicyScope() { keras::mixed_precision::set_global_policy(before_); }
  PolicyScope(const PolicyScope&) = delete;

 private:
  keras::mixed_precision::Policy before_ = keras::mixed_precision::global_policy();
};

}  // namespace cornu::tests

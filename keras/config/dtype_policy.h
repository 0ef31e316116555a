#pragma once

#include "cornu/keras/mixed_precision/policy.h"

namespace cornu::keras::config {

/// keras.config.set_dtype_policy: the same as `mixed_precision::set_global_policy`.
inline void set_dtype_policy(const mixed_precision::Policy& policy) { mixed_precision::set_global_policy(policy); }
/// keras.config.dtype_policy: the same as `mixed_precision::global_policy`.
inline mixed_precision::Policy dtype_policy() { return mixed_precision::global_policy(); }

}  // namespace cornu::keras::config

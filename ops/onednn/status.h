#pragma once

#include <dnnl.h>

#include <string_view>

namespace cornu::ops::onednn {

/// Throws Error naming the op, what was tried and oneDNN's status, unless that is success.
void check(dnnl_status_t status, std::string_view op, std::string_view action);

}  // namespace cornu::ops::onednn

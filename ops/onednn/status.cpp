#include "cornu/ops/onednn/status.h"

#include <dnnl_debug.h>

#include "cornu/graph/check.h"

namespace cornu::ops::onednn {

void check(dnnl_status_t status, std::string_view op, std::string_view action) {
  graph::require<graph::Error>(status == dnnl_success, op, ": oneDNN could not ", action, ": status ",
                               dnnl_status2str(status));
}

}  // namespace cornu::ops::onednn

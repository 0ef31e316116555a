#pragma once

#include <dnnl.h>

#include "cornu/ops/onednn/handle.h"

namespace cornu::ops::onednn {

/// The CPU engine of this process, made at first use. oneDNN's cache of primitives is capped then (plans own theirs),
/// unless the environment says DNNL_PRIMITIVE_CACHE_CAPACITY or ONEDNN_PRIMITIVE_CACHE_CAPACITY.
dnnl_engine_t engine();

/// A new in-order stream. On the CPU a primitive has finished when its execute returns.
Stream make_stream();

}  // namespace cornu::ops::onednn

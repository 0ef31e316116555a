#pragma once

#include <string>

#include "cornu/ops/per_axis.h"

// The arguments of a convolution's windows, in two parts, for between them come others'.

/// `kernel_size` is required. `padding` is "valid", "same" or, of a layer that says so, "causal".
#define CORNU_WINDOW_ARGUMENTS            \
  ::cornu::ops::PerAxis kernel_size = {}; \
  ::cornu::ops::PerAxis strides = 1;      \
  std::string padding = "valid"
/// `data_format` may be "channels_first", too: (batch, channels, …).
#define CORNU_DATA_FORMAT_AND_DILATION_ARGUMENTS \
  std::string data_format = "channels_last";     \
  ::cornu::ops::PerAxis dilation_rate = 1

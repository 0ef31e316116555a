#pragma once

#include "cornu/graph/op.h"

namespace cornu::ops {

/// An op that is one of these, too, is asked whether its `plan` takes bfloat16 as it is (by default: always). Around
/// every other op a pass puts casts: it computes in float32, and each output is rounded to bfloat16 once.
///
///     struct Reverse final : Op, ops::TakesBFloat16 { … };  // moves elements of any dtype
class CORNU_EXPORT TakesBFloat16 {
 public:
  virtual ~TakesBFloat16();
  virtual bool takes_bfloat16(const graph::Specs& in, const graph::Specs& out) const;
};

}  // namespace cornu::ops

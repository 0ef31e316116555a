#include "cornu/keras/data/internal/columns_of.h"

#include "cornu/graph/check.h"

namespace cornu::keras::data::internal {

Columns columns_of(const Element& batch) {
  graph::require<graph::ValueError>(batch.size() <= 3, "expected batches of inputs, targets and sample weights, got ",
                                    batch.size(), " parts: ", batch);
  return {batch.x().arrays(), batch.y().arrays(), batch.sample_weight().arrays(),
          batch.x().names(),  batch.y().names(),  batch.sample_weight().names()};
}

}  // namespace cornu::keras::data::internal

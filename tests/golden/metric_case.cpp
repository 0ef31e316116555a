#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

void run(Case& c) {
  const auto metric = make(keras::metrics::registry(), c.config());
  Function f([&](std::span<const Tensor> in) {
    keras::Context ctx;
    const bool pairs = c.has_data("y_true_0");
    const std::size_t n = pairs ? 2 : 1;
    // Mean and Sum take values: no prediction
    metric->update_state(in[0], pairs ? in[1] : Tensor(), in.size() > n ? in[n] : Tensor(), ctx);
    Outputs out;
    for (const auto& [variable, value] : ctx.updates()) out.update(variable, value);
    return out;
  });
  for (std::int64_t k = 0; k < c.integer("n_updates"); ++k) {
    std::vector<Array> in;
    for (const char* name : {"values_", "y_true_", "y_pred_", "sample_weight_"})
      if (auto data = c.optional_data(graph::message(name, k))) in.push_back(*data);
    f.call(in);
    c.compare(graph::message("result_", k), metric->result());
  }
}
const bool added = add_runner("metric", run);

}  // namespace
}  // namespace cornu::golden

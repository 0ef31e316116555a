#include "cornu/keras/metrics/mean_metric_wrapper.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::metrics {
namespace {

Tensor distance(const Tensor& y_true, const Tensor& y_pred) { return ops::abs(y_true - y_pred); }

TEST(MeanMetricWrapperTest, IsMadeOfAFunction) {
  models::Sequential model({layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = {1}})});
  model.compile({.optimizer = "sgd",
                 .loss = "mse",
                 .metrics = {MeanMetricWrapper(distance, "distance"), MeanMetricWrapper(distance)},
                 .weighted_metrics = {MeanMetricWrapper(distance, "distance")}});
  const graph::Array x{{1.f}, {2.f}}, y{{2.f}, {5.f}};
  const Logs scores = model.evaluate(x, y, {.verbose = 0, .sample_weight = graph::Array{3.f, 1.f}});
  EXPECT_EQ(scores["distance"], 2);
  EXPECT_EQ(scores["mean_metric_wrapper"], 2);
  EXPECT_EQ(scores["weighted_distance"], 1.5);
  // What a function computes cannot be written down; the text says what can be done.
  const tests::TemporaryFolder folder;
  EXPECT_THAT(tests::error_text<ValueError>([&] { model.save(folder / "m.h5"); }), testing::HasSubstr("regist"));
  EXPECT_EQ(tests::error_text<ValueError>([] { MeanMetricWrapper(MeanMetricWrapper::Function(), "f"); }),
            "metric 'f' needs a function");
}

}  // namespace
}  // namespace cornu::keras::metrics

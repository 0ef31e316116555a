#include "cornu/keras/layers/preprocessing/discretization.h"

#include <gmock/gmock.h>

#include <cmath>

#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "Discretization",
       .config =
           R"({"bin_boundaries": [0.25, 1.0], "num_bins": 3, "epsilon": 0.125, "output_mode": "one_hot", "sparse": false,
               "name": "n", "trainable": true, "dtype": "float32", "batch_input_shape": [4, 6, null]})",
       .example = {.inputs = {Array{{0.5f, -1.5f, 4.5f}, {2.5f, 2.5f, 0.5f}, {1.5f, 7.5f, 3.5f}}},
                   .config = R"({"bin_boundaries": [0.0, 1.0, 2.0], "output_mode": "count", BASE})",
                   .free_axes = {1},
                   .mask = cornu::tests::LayerExample::Mask::none}}};
});

TEST(DiscretizationTest, GivesBinsInEveryMode) {
  const Array x{{-1.f, 0.f, 0.5f, 1.f, 5.f}, {NAN, INFINITY, -INFINITY, 2.f, 1.99f}};
  const Array y = Discretization({.bin_boundaries = {0, 1, 2}})(x);
  EXPECT_TRUE(array_equal(y, Array{{0, 1, 1, 2, 3}, {3, 3, 0, 3, 2}}));
  EXPECT_EQ(y.dtype(), int32);
  EXPECT_TRUE(array_equal(Discretization({.bin_boundaries = {0, 1}, .output_mode = "one_hot"})(Array{{0.5f}, {3.f}}),
                          Array{{0.f, 1.f, 0.f}, {0.f, 0.f, 1.f}}));
  const Array steps{{{-1.f, 0.5f}, {2.f, 2.f}}};
  EXPECT_TRUE(array_equal(Discretization({.bin_boundaries = {0, 1}, .output_mode = "multi_hot"})(steps),
                          Array{{{1.f, 0.f, 1.f}, {0.f, 1.f, 1.f}}}));
  EXPECT_TRUE(array_equal(Discretization({.bin_boundaries = {0, 1}, .output_mode = "count"})(Array{{-1, -2, 9}}),
                          Array{{2.f, 0.f, 1.f}}));
}

// What Keras 3.15 finds in (7919 i mod 1009) / 100 for i = 0 … n - 1.
TEST(DiscretizationTest, FindsTheBoundariesThatKerasFinds) {
  const auto numbers = [](int n) {
    Array x(Shape{n});
    for (int i = 0; i < n; ++i) x.data<float>()[i] = static_cast<float>(7919 * i % 1009) / 100.f;
    return x;
  };
  const auto found = [](const Discretization& layer) { return *layer->config().bin_boundaries; };
  const auto adapted = [&](int n, int bins, double epsilon) {
    const Discretization layer({.num_bins = bins, .epsilon = epsilon});
    layer->adapt(numbers(n));
    return found(layer);
  };
  EXPECT_TRUE(allclose(adapted(10, 4, 0.01), Array{1.6749999523f, 5.5f, 7.4850001335f}, 1e-6, 0));
  EXPECT_TRUE(allclose(adapted(1000, 4, 0.01), Array{2.5199975967f, 5.0499982834f, 7.5599994659f}, 1e-6, 0));
  EXPECT_TRUE(
      allclose(adapted(1000, 5, 0.1), Array{2.0100002289f, 4.0400004387f, 6.0500011444f, 8.0699996948f}, 1e-6, 0));
  EXPECT_TRUE(allclose(adapted(3, 3, 0.5), Array{3.5149998665f}, 1e-6, 0)) << "of little data";
  EXPECT_TRUE(allclose(adapted(250, 3, 0.01), Array{3.3250007629f, 6.6916670799f}, 1e-6, 0));
  const Discretization batches({.num_bins = 4});
  batches->adapt({numbers(600), numbers(400) + 1});
  EXPECT_TRUE(allclose(found(batches), Array{2.9399976730f, 5.4699988365f, 7.9600005150f}, 1e-6, 0));
  const Discretization nan({.num_bins = 3});
  nan->adapt(Array{1.f, 2.f, NAN, 3.f, 0.5f});
  EXPECT_TRUE(allclose(found(nan), Array{0.8333333135f, 2.3333332539f}, 1e-6, 0)) << "NaN is larger than all";
}

TEST(DiscretizationTest, IsDescribedBeforeAndUsedAfterItIsAdapted) {
  const Discretization layer({.num_bins = 4, .output_mode = "one_hot", .name = "d"});
  const auto x = Input({.shape = {2}});
  const models::Model model(x, layer(x));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 2, 4}));
  EXPECT_EQ(error_text<ValueError>([&] {
              model.predict(Array{{1.f, 2.f}});
            }),
            "[Discretization \"d\"] has no boundaries yet: call adapt, or give bin_boundaries");
  layer->adapt(Array{1.f, 2.f, 3.f, 4.f});
  EXPECT_EQ(model.predict(Array{{1.f, 2.f}}).shape(), (Shape{1, 2, 4}));
}

TEST(DiscretizationTest, FilesHaveTheBoundariesThatWereFound) {
  const Discretization layer({.num_bins = 2, .name = "d"});
  layer->adapt(Array{1.f, 2.f, 3.f, 4.f});
  for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3}) {
    const std::string json = saving::serialize(*layer, version);
    EXPECT_EQ(json.find("trainable"), std::string::npos) << json << ": Keras 3 does not read it";
    const Shared<Layer> read = saving::deserialize(registry(), json, version);
    EXPECT_TRUE(array_equal(read(Array{1.f, 9.f}), layer(Array{1.f, 9.f})));
  }
  const Shared<Layer> sparse = saving::deserialize(
      registry(),
      R"({"class_name": "Discretization", "config": {"bin_boundaries": [0.0], "output_mode": "count", "sparse": true}})");
  EXPECT_TRUE(array_equal(sparse(Array{{1.f, 1.f}}), Array{{0.f, 2.f}})) << "the same numbers in a dense tensor";
}

TEST(DiscretizationTest, ErrorsSayWhatWasExpected) {
  const auto text = [](DiscretizationConfig config) {
    config.name = "d";
    return error_text<ValueError>([&] { Discretization{config}; });
  };
  EXPECT_EQ(text({}), "[Discretization \"d\"] expected either bin_boundaries or num_bins, got neither");
  EXPECT_EQ(text({.bin_boundaries = {1}, .num_bins = 2}),
            "[Discretization \"d\"] expected either bin_boundaries or num_bins, got both");
  EXPECT_EQ(text({.num_bins = 0}), "[Discretization \"d\"] expected num_bins of at least 1, got 0");
  EXPECT_EQ(text({.num_bins = 3, .epsilon = 0}), "[Discretization \"d\"] expected an epsilon in (0, 1], got 0");
  EXPECT_EQ(text({.num_bins = 3, .output_mode = "hot"}),
            "[Discretization \"d\"] expected an output_mode among 'int', 'one_hot', 'multi_hot', 'count', got 'hot'");
  EXPECT_EQ(text({.num_bins = 3, .output_mode = "count", .sparse = true}),
            "[Discretization \"d\"] sparse = true is not supported: there are no sparse tensors");
  EXPECT_EQ(text({.bin_boundaries = 1}),
            "[Discretization \"d\"] expected bin_boundaries to be a list, got an array of shape ()");
  EXPECT_THAT(text({.bin_boundaries = {1, 0}}), testing::HasSubstr("expected ascending bin_boundaries, got "));
  EXPECT_EQ(
      error_text<ValueError>([] { Discretization({.bin_boundaries = {1}, .name = "d"})->adapt(Array{1.f}); }),
      "[Discretization \"d\"] has bin_boundaries by its arguments: there is nothing to adapt; give num_bins instead");
}

}  // namespace
}  // namespace cornu::keras::layers

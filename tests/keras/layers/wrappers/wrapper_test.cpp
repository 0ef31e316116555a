#include "cornu/keras/layers/wrappers/wrapper.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

struct AppliedTwiceConfig {
  Arg<Layer> layer = nullptr;
  CORNU_LAYER_ARGUMENTS;
  void fields(ConfigVisitor& v) { v("layer", layer); }
};
struct AppliedTwice : Wrapper<AppliedTwiceConfig> {
  using Wrapper::Wrapper;
  Tensor call(const Tensor& x, Context& ctx) override { return layer()(layer()(x, ctx), ctx); }
};

const bool registered = registry().add<AppliedTwice>("AppliedTwice") && tests::register_without_sample("AppliedTwice");

TEST(WrapperTest, KeepsALayerAsAPart) {
  const auto twice = share(AppliedTwice({.layer = Dense(2, {.kernel_initializer = "ones", .name = "d"}), .name = "t"}));
  EXPECT_TRUE(array_equal(twice(Array{{1.f, 2.f}}), Array{{6.f, 6.f}}));
  ASSERT_EQ(twice->weights().size(), 2u);
  EXPECT_EQ(twice->weights()[0].name(), "d/kernel");
  EXPECT_EQ(twice->layer()->name(), "d");
  const Shared<Layer> read = saving::deserialize(registry(), saving::serialize(*twice, saving::KerasVersion::keras2),
                                                 saving::KerasVersion::keras2);
  EXPECT_EQ(read.as<AppliedTwice>()->layer()->class_name(), "Dense");
}

TEST(WrapperTest, NeedsALayer) {
  EXPECT_EQ(tests::error_text<ValueError>([] { share(AppliedTwice({.name = "t"}))(Array{{1.f}}); }),
            "[AppliedTwice \"t\"] expected a layer to wrap, got none");
}

}  // namespace
}  // namespace cornu::keras::layers

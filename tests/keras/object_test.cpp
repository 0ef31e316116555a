#include "cornu/keras/object.h"

#include <gmock/gmock.h>

#include "cornu/keras/activations/rectified.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/registry.h"
#include "cornu/ops/binary.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

const bool no_samples = cornu::tests::register_without_sample("ObjectTestPenalty");

struct Plain : Object {};
template <class T>
struct Templated : Object {};
struct Renamed : regularizers::Regularizer {
  graph::Tensor operator()(const graph::Tensor& x) const override { return x; }
};

TEST(ObjectTest, AClassIsNamedByItsCppNameUnlessRegistered) {
  EXPECT_EQ(Plain().class_name(), "Plain");
  EXPECT_EQ(Templated<std::vector<int>>().class_name(), "Templated");
  EXPECT_EQ(Renamed().class_name(), "Renamed");
  regularizers::registry().add<Renamed>("ObjectTestPenalty");
  EXPECT_EQ(Renamed().class_name(), "ObjectTestPenalty");
  EXPECT_EQ(layers::Dense(3)->class_name(), "Dense");
}

TEST(ObjectTest, GetConfigIsJsonWithKerasNames) {
  const std::string config = get_config(*layers::Dense(3, {.activation = "relu", .name = "d"}));
  EXPECT_THAT(config, testing::HasSubstr(R"("units":3)"));
  EXPECT_THAT(config, testing::HasSubstr(R"("activation":"relu")"));
  EXPECT_THAT(config, testing::HasSubstr(R"("name":"d")"));
  EXPECT_THAT(config, testing::HasSubstr(R"("kernel_initializer":{"class_name":"GlorotUniform")"));
}

TEST(ObjectTest, SameConfigComparesClassAndArguments) {
  EXPECT_TRUE(same_config(*layers::Dense(3), *layers::Dense(3)));
  EXPECT_TRUE(same_config(*layers::Dense(3), *layers::Dense(3, {.activation = "linear", .dtype = "float32"})));
  EXPECT_FALSE(same_config(*layers::Dense(3), *layers::Dense(4)));
  EXPECT_FALSE(same_config(*layers::Dense(3), *layers::Dense(3, {.kernel_regularizer = "l2"})));
  EXPECT_FALSE(same_config(*layers::Dense(3), *layers::Dense(3, {.activation = activations::relu})));
  EXPECT_TRUE(
      same_config(*layers::Dense(3, {.activation = "relu"}), *layers::Dense(3, {.activation = activations::relu})));
  EXPECT_FALSE(same_config(*layers::Dense(3, {.activation = "relu"}),
                           *layers::Dense(3, {.activation = activations::relu.with({.max_value = 6})})));
}

TEST(ObjectTest, FunctionsWithoutANameEqualOnlyThemselves) {
  const auto twice = [](const graph::Tensor& x) { return x + x; };
  const Arg<activations::Activation> one = twice, other = twice;
  EXPECT_TRUE(same_config(*layers::Dense(3, {.activation = one}), *layers::Dense(3, {.activation = one})));
  EXPECT_FALSE(same_config(*layers::Dense(3, {.activation = one}), *layers::Dense(3, {.activation = other})));
  EXPECT_THAT(get_config(*layers::Dense(3, {.activation = one})), testing::HasSubstr(R"("activation":"<lambda>")"));
}

}  // namespace
}  // namespace cornu::keras

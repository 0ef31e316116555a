#include "cornu/keras/models/internal/weight_paths.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/ops/binary.h"

namespace cornu::keras::models {
namespace {

using testing::ElementsAre;

std::vector<std::string> paths_of(const Model& model) {
  std::vector<std::string> paths;
  for (const auto& [path, variable] : weight_paths(*model.network())) paths.push_back(path);
  return paths;
}

// A layer of one's own with a layer inside.
struct Wrapped : layers::Layer {
  Shared<layers::Layer> inner = add_layer(layers::Dense(2, {.use_bias = false, .name = "inner"}));
  Variable gain;
  void build(const Shape&) override { gain = add_weight({.name = "gain", .shape = {1}, .initializer = "ones"}); }
  Tensor call(const Tensor& x, Context& ctx) override { return (*inner)(x, ctx) * Tensor(gain); }
};

TEST(WeightPaths, AreModelLayerAndWeight) {
  Sequential inner({layers::Dense(2, {.name = "a"})}, "block");
  const layers::Dense shared(4, {.use_bias = false, .name = "twice"});
  Sequential outer({layers::Dense(4, {.name = "first", .input_shape = {4}}), shared, shared}, "net");
  outer.add(inner);
  outer.add(share(Wrapped()));
  EXPECT_THAT(paths_of(outer),
              ElementsAre("net/first/kernel", "net/first/bias", "net/twice/kernel", "net/block/a/kernel",
                          "net/block/a/bias", "net/wrapped/gain", "net/wrapped/inner/kernel"));
}

}  // namespace
}  // namespace cornu::keras::models

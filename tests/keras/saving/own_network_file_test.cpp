#include <gtest/gtest.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "tests/io/temporary_folder.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

struct OwnOfFileTest : models::Network {
  Shared<layers::Layer> dense = add_layer(layers::Dense(3, {.activation = "tanh"}), "dense");
  Tensor call(const Tensor& x, Context& ctx) override { return dense(x, ctx); }
};
const bool known =
    tests::register_without_sample("OwnOfFileTest") && layers::registry().add<OwnOfFileTest>("OwnOfFileTest");

// A registered class of one's own is saved with what it was built for, so that it comes back with its weights.
TEST(OwnNetworkFile, IsLoadedAgain) {
  ASSERT_TRUE(known);
  const tests::TemporaryFolder folder;
  models::Model model(share(OwnOfFileTest()));
  model.compile({.optimizer = "adam", .loss = "mse"});
  const Array x = graph::ones({4, 2}), y = graph::zeros({4, 3});
  model.fit(x, y, {.epochs = 2, .verbose = 0});
  const auto path = folder.path() / "own.h5";
  model.save(path);
  auto loaded = models::load_model(path);
  EXPECT_TRUE(array_equal(loaded.predict(x), model.predict(x)));
  EXPECT_EQ(loaded.optimizer()->iterations(), 2);
  auto twin = models::clone_model(model);
  twin.build({kUnknown, 2});
  twin.load_weights(path);
  EXPECT_TRUE(array_equal(twin.predict(x), model.predict(x)));
}

}  // namespace
}  // namespace cornu::keras

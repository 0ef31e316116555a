// Classes of a user's program, saved by the names under which they were registered.
#include <gmock/gmock.h>

#include "cornu/keras/models/network.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/reduction.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const bool no_samples = cornu::tests::register_without_sample("ScaleOfSavingTest") &&
                        cornu::tests::register_without_sample("CubedOfSavingTest") &&
                        cornu::tests::register_without_sample("MomentumOfSavingTest");

struct ScaleOfSavingTest : layers::Layer {
  double start = 1;
  Variable gain, calls;
  void build(const Shape& input) override {
    calls = add_weight({.name = "calls", .shape = {}, .initializer = "zeros", .trainable = false});
    gain = add_weight({.name = "gain", .shape = {input.back()}, .initializer = "ones"});
  }
  Tensor call(const Tensor& x, Context&) override { return x * gain * start; }
  void fields(ConfigVisitor& v) override {
    v("start", start);
    Layer::fields(v);
  }
};
struct CubedOfSavingTest : losses::Loss {
  Tensor call(const Tensor& t, const Tensor& p) const override {
    return ops::mean(ops::abs(t - p) * ops::square(t - p), -1);
  }
};
struct MomentumOfSavingTest : optimizers::Optimizer {
  MomentumOfSavingTest() : Optimizer(0.05, {.name = "momentum"}) {}
  void add_slots(const std::vector<Variable>& variables) override {
    for (const auto& v : variables) add_slot(v, "velocity");
  }
  Tensor step(const Step& s) override {
    const Tensor velocity = 0.9 * s.slot("velocity") - s.rate * s.gradient;
    s.update("velocity", velocity);
    return s.value + velocity;
  }
};

const bool registered = layers::registry().add<ScaleOfSavingTest>("ScaleOfSavingTest") &&
                        losses::registry().add<CubedOfSavingTest>("CubedOfSavingTest") &&
                        optimizers::registry().add<MomentumOfSavingTest>("MomentumOfSavingTest");

TEST(OwnClassesTest, ComeBackWithArgumentsWeightsAndState) {
  ASSERT_TRUE(registered);
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  auto scale = share(ScaleOfSavingTest());
  scale->start = 2.5;
  model.add(scale);
  model.compile({.optimizer = MomentumOfSavingTest(), .loss = CubedOfSavingTest()});
  for (int i = 0; i < 2; ++i) model.train_on_batch(tests::some_inputs(), tests::some_classes());
  model.save(folder / "model.h5");

  auto loaded = models::load_model(folder / "model.h5");
  const auto layer = loaded.layers().back().as<ScaleOfSavingTest>();
  ASSERT_TRUE(layer);
  EXPECT_EQ(layer->start, 2.5);
  EXPECT_EQ(loaded.optimizer()->class_name(), "MomentumOfSavingTest");
  EXPECT_EQ(loaded.optimizer()->iterations(), 2);
  for (int i = 0; i < 2; ++i) {
    model.reset_metrics(), loaded.reset_metrics();
    EXPECT_EQ(loaded.train_on_batch(tests::some_inputs(), tests::some_classes())["loss"],
              model.train_on_batch(tests::some_inputs(), tests::some_classes())["loss"]);
  }
  EXPECT_TRUE(tests::equal_bits(loaded.get_weights(), model.get_weights()));
}

TEST(OwnClassesTest, AnUnknownClassIsAnErrorThatNamesIt) {
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.add(ScaleOfSavingTest());
  model.save(folder / "model.h5");
  // As another program would see it, which did not register the class.
  std::string bytes = tests::read_text(folder / "model.h5");
  const std::size_t at = bytes.find("\"ScaleOfSavingTest\"");
  ASSERT_NE(at, std::string::npos);
  tests::write_text(folder / "other.h5", bytes.replace(at, 19, "\"OtherOfSavingTest\""));
  EXPECT_THAT(tests::error_text<ValueError>([&] { models::load_model(folder / "other.h5"); }),
              AllOf(HasSubstr((folder / "other.h5").string()), HasSubstr("unknown layer 'OtherOfSavingTest'; known: "),
                    HasSubstr("Dense"), HasSubstr("Its config is {"),
                    HasSubstr("layers::registry().add<OtherOfSavingTest>(\"OtherOfSavingTest\")")));
}

}  // namespace
}  // namespace cornu::keras

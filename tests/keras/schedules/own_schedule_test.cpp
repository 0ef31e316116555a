// A schedule of a program's own, saved by the name under which it was registered.
#include <gmock/gmock.h>

#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/schedules/learning_rate_schedule.h"
#include "cornu/ops/binary.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::schedules {
namespace {

struct HarmonicOfOwnScheduleTestConfig {
  double initial_learning_rate = 1;
  using positional = Positions<&HarmonicOfOwnScheduleTestConfig::initial_learning_rate>;
  void fields(ConfigVisitor& v) { v("initial_learning_rate", initial_learning_rate); }
  Tensor operator()(const Tensor& step) const { return initial_learning_rate / (step + 1); }
};
using Harmonic = LearningRateSchedule::Of<HarmonicOfOwnScheduleTestConfig>;

/// Nobody registers this one.
struct Constant : LearningRateSchedule {
  Tensor operator()(const Tensor& step) const override { return step * 0 + 0.5; }
};

const bool registered = registry().add<Harmonic>("HarmonicOfOwnScheduleTest") &&
                        cornu::tests::register_without_sample("HarmonicOfOwnScheduleTest");

TEST(OwnSchedule, GoesOnFromAFile) {
  ASSERT_TRUE(registered);
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile({.optimizer = optimizers::SGD({.learning_rate = Harmonic(0.5), .momentum = 0.5}), .loss = "mse"});
  const auto train = [](models::Model& m) { m.train_on_batch(tests::some_inputs(), tests::some_classes()); };
  train(model);
  EXPECT_EQ(model.optimizer()->learning_rate, 0.25) << "of the second step";
  model.save(folder / "model.h5");
  models::Model loaded = models::load_model(folder / "model.h5");
  EXPECT_EQ(loaded.optimizer()->schedule()->class_name(), "HarmonicOfOwnScheduleTest");
  EXPECT_EQ(loaded.optimizer()->learning_rate, 0.25);
  for (int i = 0; i < 2; ++i) train(model), train(loaded);
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), loaded.get_weights()));
}

TEST(OwnSchedule, IsReadFromBothForms) {
  for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3}) {
    const std::string json = saving::serialize(*optimizers::SGD(Harmonic(0.25)), version);
    const auto read = saving::deserialize(optimizers::registry(), json, version);
    EXPECT_TRUE(same_config(*read->schedule(), Harmonic(0.25))) << json;
  }
}

TEST(OwnSchedule, MustBeRegisteredToBeSaved) {
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile({.optimizer = optimizers::SGD(Constant()), .loss = "mse"});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_THAT([&] { model.save(folder / "model.h5"); },
              testing::ThrowsMessage<ValueError>(
                  testing::AllOf(testing::HasSubstr("Constant"), testing::HasSubstr("schedules::registry()"))));
}

}  // namespace
}  // namespace cornu::keras::schedules

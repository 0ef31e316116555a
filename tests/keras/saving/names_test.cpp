// Every name that compile takes, saved and loaded.
#include <gmock/gmock.h>

#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/legacy/registry.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

enum class Targets { one_hot, labels, binary };

template <class T>
std::vector<std::string> all_names(const Registry<T>& registry) {
  std::vector<std::string> names;
  for (const std::string& name : registry.class_names()) {
    if (name.find("Test") != std::string::npos) continue;  // what other tests registered
    names.push_back(name);
    for (const std::string& alias : registry.find(name).aliases) names.push_back(alias);
  }
  return names;
}

Targets targets_of(const std::string& name) {
  if (name.find("parse") != std::string::npos || name == "Circle" || name == "circle" ||
      name == "CategoricalGeneralizedCrossEntropy" || name == "categorical_generalized_cross_entropy")
    return Targets::labels;
  return name.find("inary") != std::string::npos || name == "bce" || name == "BCE" ? Targets::binary : Targets::one_hot;
}

models::Model network_for(Targets targets) {
  const bool binary = targets == Targets::binary;
  return models::Sequential(
      {layers::Dense(binary ? 1 : 3, {.activation = binary ? "sigmoid" : "softmax", .input_shape = {5}})});
}

Array data_for(Targets targets) {
  if (targets == Targets::labels) return tests::some_labels();
  return targets == Targets::one_hot ? tests::some_classes() : tests::some_classes().slice(0, 4).reshape({12, 1});
}

// One step before and one after the file give the same figures as two steps.
void expect_same(models::Model model, const Array& y) {
  const tests::TemporaryFolder folder;
  const Array x = tests::some_inputs();
  model.train_on_batch(x, y);
  try {
    model.save(folder / "model.h5");
  } catch (const ValueError& e) {
    EXPECT_THAT(e.what(), testing::EndsWith("cannot be saved for Keras 2, which does not have it"));
    return;
  }
  auto loaded = models::load_model(folder / "model.h5");
  model.reset_metrics();
  const Logs expected = model.train_on_batch(x, y), got = loaded.train_on_batch(x, y);
  ASSERT_EQ(got.size(), expected.size());
  for (const auto& [name, value] : expected) EXPECT_EQ(got[name], value) << name;
}

TEST(NamesTest, OfLosses) {
  for (const std::string& name : all_names(losses::registry())) {
    if (name == "CTC" || name == "ctc") continue;  // of sequences
    SCOPED_TRACE(name);
    auto model = network_for(targets_of(name));
    model.compile({.optimizer = "sgd", .loss = name});
    expect_same(model, data_for(targets_of(name)));
    EXPECT_TRUE(model.network()->training()->outputs().at(0).loss);
  }
}

TEST(NamesTest, OfMetrics) {
  for (const std::string& name : all_names(metrics::registry())) {
    if (name == "Mean" || name == "mean" || name == "Sum" || name == "sum")
      continue;  // of values, not of targets and outputs
    SCOPED_TRACE(name);
    try {
      metrics::Metric::from_name(name);
    } catch (const ValueError& e) {
      // One that is searched at a place needs the place.
      EXPECT_NE(std::string(e.what()).find("must be"), std::string::npos) << e.what();
      continue;
    }
    auto model = network_for(targets_of(name));
    model.compile({.optimizer = "sgd", .loss = "crossentropy", .metrics = {name}});
    expect_same(model, data_for(targets_of(name)));
  }
}

TEST(NamesTest, OfOptimizers) {
  for (const std::string& name : all_names(optimizers::registry())) {
    if (name.starts_with("LossScale") || name.starts_with("loss")) continue;  // needs one that it wraps
    SCOPED_TRACE(name);
    auto model = network_for(Targets::one_hot);
    model.compile({.optimizer = name, .loss = "mse"});
    expect_same(model, data_for(Targets::one_hot));
  }
  for (const std::string& name : all_names(optimizers::legacy::registry())) {
    SCOPED_TRACE(name);
    auto model = network_for(Targets::one_hot);
    model.compile(
        {.optimizer = Shared<optimizers::Optimizer>(optimizers::legacy::registry().make(name)), .loss = "mse"});
    expect_same(model, data_for(Targets::one_hot));
  }
}

}  // namespace
}  // namespace cornu::keras

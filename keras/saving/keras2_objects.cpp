#include "cornu/keras/saving/internal/keras2_objects.h"

#include <algorithm>
#include <array>

#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/saving/internal/json_writer.h"
#include "cornu/keras/saving/internal/kind.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;

// The optimizers of Keras 2.15, whose names and classes must not be mixed up with a user's.
constexpr std::array<std::string_view, 11> kOptimizersOfKeras2 = {
    "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lion", "Nadam", "RMSprop", "SGD"};

bool is_of_keras2(const std::string& optimizer) {
  return std::find(kOptimizersOfKeras2.begin(), kOptimizersOfKeras2.end(), optimizer) != kOptimizersOfKeras2.end();
}

// Class and config alone. `object_of` refuses what is not registered.
Json class_and_config(const Object& object) {
  Json json = object_of(object, Form::keras2);
  return Json{{"class_name", json["class_name"]}, {"config", std::move(json["config"])}};
}

}  // namespace

Json keras2_loss(const losses::Loss& loss) {
  Json json = class_and_config(loss);
  const std::string name = json["class_name"];
  require<ValueError>(name != "crossentropy",
                      "loss 'crossentropy' cannot be saved before the first step of training: until then it is not "
                      "known which one it is. Name it: "
                      "'categorical_crossentropy', 'sparse_categorical_crossentropy' or 'binary_crossentropy'");
  require<ValueError>(loss.reduction() != "mean_with_sample_weight", "loss '", name,
                      "' cannot be saved for Keras 2, which has no reduction 'mean_with_sample_weight'");
  Json& config = json["config"];
  if (name == "SparseCategoricalCrossentropy") config.erase("axis");  // always the last one
  if (loss.reduction() == "mean" && config.contains("reduction")) config["reduction"] = "sum_over_batch_size";

  const auto& entry = losses::registry().find(name);
  const bool plain = same_config(loss, *entry.make(nullptr));
  return plain && !entry.aliases.empty() ? Json(entry.aliases.front()) : json;
}

Json keras2_metric(const metrics::Metric& metric) {
  // What "accuracy" means is known by the shapes of the first batch. Both Keras know these names as well.
  if (metric.class_name() == "accuracy" || metric.class_name() == "crossentropy") {
    const bool accuracy = metric.class_name() == "accuracy", is_short = metric.name().size() <= 3;
    return accuracy ? (is_short ? "acc" : "accuracy") : (is_short ? "ce" : "crossentropy");
  }
  return class_and_config(metric);
}

std::string keras2_optimizer_name(const optimizers::Optimizer& optimizer) {
  const std::string name = optimizer.class_name();
  return is_of_keras2(name) ? name : optimizer.name();
}

Json keras2_optimizer(const optimizers::Optimizer& optimizer) {
  const std::string name = optimizer.class_name();
  const bool legacy = optimizer.base().legacy_decay.has_value();
  if (!legacy) object_of(optimizer, Form::keras2);  // refuses what is not registered
  Json config = config_of(optimizer, Form::keras2);
  if (!is_of_keras2(name)) return Json{{"class_name", name}, {"config", std::move(config)}};
  config["name"] = keras2_optimizer_name(optimizer);
  Json ordered = Json::object();
  if (legacy) {
    for (auto& [key, value] : config.items())
      if (!value.is_null()) ordered[key] = std::move(value);  // Keras 2 lists the clipping that there is
    return Json{{"class_name", name}, {"config", std::move(ordered)}};
  }
  for (const char* key : {"name", "weight_decay", "clipnorm", "global_clipnorm", "clipvalue", "use_ema", "ema_momentum",
                          "ema_overwrite_frequency"})
    ordered[key] = config[key];
  ordered["jit_compile"] = false;
  ordered["is_legacy_optimizer"] = false;
  for (auto& [key, value] : config.items())
    if (!ordered.contains(key)) ordered[key] = std::move(value);
  return Json{{"class_name", "Custom>" + name}, {"config", std::move(ordered)}};
}

}  // namespace cornu::keras::saving::internal

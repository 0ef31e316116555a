// Every registered class: its config has Keras' arguments, its own ones in Keras' order, each argument survives being
// written and read in every form, and no class is without a sample.

#include <gmock/gmock.h>

#include <map>

#include "cornu/keras/activations/activation.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/metric.h"
#include "cornu/keras/models/internal/layer_graph.h"
#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/regularizers/regularizer.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

using saving::KerasVersion;

/// Notes the names of the fields, but for those that Keras 3 does not have.
class Names final : public ConfigVisitor {
 public:
  std::vector<std::string> names;
  void visit(const Field& field, FieldValue value) override {
    if (!field.form.only_read && !field.form.only_keras2) names.emplace_back(field.name);
    // A graph's ends stand beside its layers.
    if (std::holds_alternative<LayerGraph*>(value)) names.insert(names.end(), {"input_layers", "output_layers"});
  }
};

// What the configs of a kind end with.
const std::map<std::string, std::string> kBases = {
    {"layer", R"("name": "n", "trainable": false, "dtype": "float32", "batch_input_shape": [4, 6, null])"},
    {"optimizer", R"("clipnorm": 2.0, "clipvalue": null, "global_clipnorm": null, "use_ema": true, "ema_momentum": 0.5,
      "ema_overwrite_frequency": 3, "loss_scale_factor": null, "gradient_accumulation_steps": null, "name": "n")"},
    {"legacy optimizer", R"("clipnorm": 2.0, "clipvalue": null, "global_clipnorm": null, "name": "n", "decay": 0.25)"}};

std::string config_of(const tests::KerasSample& sample) {
  std::string config = sample.config;
  for (const std::string mark : {"BASE", "LEGACY"})
    if (const auto at = config.find(mark); at != std::string::npos)
      config.replace(at, mark.size(), kBases.at(sample.kind));
  return config;
}

std::vector<std::string> field_names(Object& object) {
  Names names;
  object.fields(names);
  return names.names;
}

/// The keys of a JSON object's first level, in order.
std::vector<std::string> keys(const std::string& json) {
  std::vector<std::string> found;
  int depth = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '{' || json[i] == '[') ++depth;
    if (json[i] == '}' || json[i] == ']') --depth;
    if (json[i] != '"') continue;
    const std::size_t stop = json.find('"', i + 1);
    if (depth == 1 && json[stop + 1] == ':') found.push_back(json.substr(i + 1, stop - i - 1));
    i = stop;
  }
  return found;
}

std::string described(const std::string& class_name, const std::string& config) {
  return R"({"class_name": ")" + class_name + R"(", "config": )" + config + "}";
}

std::string without(std::string text, const std::string& part) {
  const auto at = text.find(part);
  return at == std::string::npos ? text : text.erase(at, part.size());
}

// What comes back from a file of that Keras, as its own form writes it.
std::string expected(const Object& object, const tests::KerasSample& sample, KerasVersion version) {
  std::string config = get_config(object);
  // Files of Keras 3 have the input's shape in an InputLayer; an Embedding has the length by its input_length, too.
  if (const auto at = config.find("[4,6,null]"); version == KerasVersion::keras3 && sample.class_name == "Embedding")
    return config.replace(at, 10, "[null,6]");
  if (version == KerasVersion::keras3)
    return without(without(config, R"("batch_input_shape":[4,6,null],)"), R"(,"batch_input_shape":[4,6,null])");
  // Files of Keras 2 name an optimizer by its class and know the classes' axis of this loss alone.
  const std::string name = R"("name":"n")";
  if (const auto at = config.find(name); sample.kind.ends_with("optimizer") && at != std::string::npos)
    config.replace(at, name.size(), R"("name":")" + sample.class_name + "\"");
  if (sample.class_name == "SparseCategoricalCrossentropy" && sample.kind == "loss")
    config.replace(config.find(R"("axis":1)"), 8, R"("axis":-1)");
  return config;
}

void check(const AnyRegistry& registry, const tests::KerasSample& sample) {
  const std::string config = config_of(sample);
  const auto read = [&](const std::string& json, KerasVersion version = KerasVersion::keras3) {
    return saving::deserialize_any(registry, json, version);
  };
  const auto object = read(described(sample.class_name, config));
  EXPECT_EQ(object->class_name(), sample.class_name);
  EXPECT_THAT(field_names(*object), testing::ElementsAreArray(keys(config)));
  // Its own form holds everything.
  EXPECT_TRUE(same_config(*object, *read(described(sample.class_name, get_config(*object)))));
  if (registry.form().by_name || registry.find(sample.class_name).form.by_name) return;
  for (const auto version : {KerasVersion::keras3, KerasVersion::keras2}) {
    if (version == KerasVersion::keras2 && !sample.in_keras2)
      EXPECT_THROW(saving::serialize(*object, version), ValueError);
    else
      EXPECT_EQ(get_config(*read(saving::serialize(*object, version), version)), expected(*object, sample, version));
  }
}

std::vector<const AnyRegistry*> kinds() {
  return {&layers::registry(),       &activations::registry(), &initializers::registry(),
          &regularizers::registry(), &constraints::registry(), &losses::registry(),
          &metrics::registry(),      &optimizers::registry(),  &optimizers::legacy::registry(),
          &schedules::registry()};
}

TEST(KerasConfigSweep, EveryArgumentSurvivesEveryForm) {
  for (const AnyRegistry* registry : kinds())
    for (const auto& sample : tests::keras_samples(registry->kind())) {
      SCOPED_TRACE(registry->kind() + " " + sample.class_name);
      EXPECT_NO_THROW(check(*registry, sample));
    }
}

TEST(KerasConfigSweep, EveryClassHasASample) {
  for (const AnyRegistry* registry : kinds()) {
    const auto samples = tests::keras_samples(registry->kind());
    for (const std::string& name : registry->class_names())
      EXPECT_TRUE(
          tests::needs_no_sample(name) ||
          std::any_of(samples.begin(), samples.end(), [&](const auto& sample) { return sample.class_name == name; }))
          << registry->kind() << " '" << name << "' has no sample: see tests/support/keras_samples.h";
  }
}

}  // namespace
}  // namespace cornu::keras

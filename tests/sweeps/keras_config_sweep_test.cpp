// Every registered class of layers, initializers, regularizers, constraints and activations: its config has Keras'
// arguments, each argument survives being written and read, and no class is forgotten here.

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "cornu/keras/activations/activation.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/initializers/initializer.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/optimizers/learning_rate.h"
#include "cornu/keras/regularizers/regularizer.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras {
namespace {

/// Notes the names of the fields, but for those that Keras 3 does not have.
class Names final : public ConfigVisitor {
 public:
  std::vector<std::string> names;
  void visit(const Field& field, FieldValue) override {
    if (!field.form.only_read && !field.form.only_keras2) names.emplace_back(field.name);
  }
};

/// A config that gives every argument another value than its default, in the order of Keras 3.15's signature.
struct Sample {
  const char* config;
  bool in_keras2 = true;  // Keras 2 takes these arguments, too
};
using Samples = std::map<std::string, Sample>;

// What every layer's config ends with.
const std::string kBase = R"("name": "n", "trainable": false, "dtype": "float32", "batch_input_shape": [4, 6, null])";

const Samples kLayers = {
    {"Dense",
     {R"({"units": 3, "activation": "relu", "use_bias": false, "kernel_initializer": "he_normal", "bias_initializer": "ones", "kernel_regularizer": "l1",
                   "bias_regularizer": "l2", "activity_regularizer": "L1", "kernel_constraint": "max_norm", "bias_constraint": "non_neg", BASE})"}},
    {"Activation", {R"({"activation": "tanh", BASE})"}},
    {"Embedding",
     {R"({"input_dim": 7, "output_dim": 3, "embeddings_initializer": "he_normal", "embeddings_regularizer": "l2", "activity_regularizer": "l1",
                       "embeddings_constraint": "non_neg", "mask_zero": true, "lora_rank": null, "lora_alpha": null, "input_length": 6, BASE})"}},
    {"Flatten", {R"({"data_format": "channels_first", BASE})"}},
    {"Reshape", {R"({"target_shape": [2, -1], BASE})"}},
    {"Dropout", {R"({"rate": 0.25, "noise_shape": [null, 1], "seed": 3, BASE})"}},
    {"ActivityRegularization", {R"({"l1": 0.5, "l2": 0.25, BASE})"}},
    {"InputLayer",
     {R"({"batch_shape": [null, 3], "dtype": "uint8", "sparse": false, "ragged": false, "name": "i", "optional": true})",
      false}},
};
const Samples kInitializers = {
    {"Zeros", {"{}"}},
    {"Ones", {"{}"}},
    {"Constant", {R"({"value": 0.5})"}},
    {"Identity", {R"({"gain": 2.0})"}},
    {"RandomNormal", {R"({"mean": 1.0, "stddev": 2.0, "seed": 3})"}},
    {"TruncatedNormal", {R"({"mean": 1.0, "stddev": 2.0, "seed": 3})"}},
    {"RandomUniform", {R"({"minval": 1.0, "maxval": 2.0, "seed": 3})"}},
    {"VarianceScaling",
     {R"({"scale": 2.0, "mode": "fan_out", "distribution": "uniform", "seed": 3, "input_axes": [0], "output_axes": [-1]})",
      false}},
    {"GlorotUniform", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"GlorotNormal", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"HeUniform", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"HeNormal", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"LecunUniform", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"LecunNormal", {R"({"seed": 3, "input_axes": [0], "output_axes": [1, 2]})", false}},
    {"Orthogonal", {R"({"gain": 2.0, "seed": 3})"}},
    {"STFT", {R"({"side": "imag", "window": "hamming", "scaling": "spectrum", "periodic": true})", false}},
};
const Samples kRegularizers = {
    {"L1", {R"({"l1": 0.5})"}},
    {"L2", {R"({"l2": 0.5})"}},
    {"L1L2", {R"({"l1": 0.5, "l2": 0.25})"}},
    {"OrthogonalRegularizer", {R"({"factor": 0.5, "mode": "columns"})"}},
};
const Samples kConstraints = {
    {"MaxNorm", {R"({"max_value": 3.0, "axis": [0, 1]})"}},
    {"MinMaxNorm", {R"({"min_value": 0.5, "max_value": 3.0, "rate": 0.5, "axis": 1})"}},
    {"UnitNorm", {R"({"axis": 1})"}},
    {"NonNeg", {"{}"}},
};
const Samples kActivations = {
    {"relu", {R"({"negative_slope": 0.5, "max_value": 6.0, "threshold": 1.0})"}},
    {"leaky_relu", {R"({"negative_slope": 0.5})"}},
    {"relu6", {"{}"}},
    {"hard_tanh", {"{}"}},
    {"hard_sigmoid", {"{}"}},
    {"hard_sigmoid_keras2", {"{}"}},
    {"hard_silu", {"{}"}},
    {"hard_shrink", {R"({"threshold": 0.25})"}},
    {"soft_shrink", {R"({"threshold": 0.25})"}},
    {"threshold", {R"({"threshold": 0.25, "default_value": 1.0})"}},
    {"sparse_plus", {"{}"}},
    {"sparse_sigmoid", {"{}"}},
    {"linear", {"{}"}},
    {"sigmoid", {"{}"}},
    {"log_sigmoid", {"{}"}},
    {"tanh", {"{}"}},
    {"tanh_shrink", {"{}"}},
    {"exponential", {"{}"}},
    {"softplus", {"{}"}},
    {"softsign", {"{}"}},
    {"squareplus", {R"({"b": 2.0})"}},
    {"elu", {R"({"alpha": 2.0})"}},
    {"celu", {R"({"alpha": 2.0})"}},
    {"selu", {"{}"}},
    {"silu", {"{}"}},
    {"gelu", {R"({"approximate": true})"}},
    {"mish", {"{}"}},
    {"softmax", {R"({"axis": 1})"}},
    {"log_softmax", {R"({"axis": 1})"}},
    {"sparsemax", {R"({"axis": 1})"}},
    {"glu", {R"({"axis": 1})"}},
};

std::string config_of(const Sample& sample) {
  std::string config = sample.config;
  if (const auto at = config.find("BASE"); at != std::string::npos) config.replace(at, 4, kBase);
  return config;
}

template <class T>
std::vector<std::string> field_names(const Shared<T>& object) {
  Names names;
  object->fields(names);
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

template <class T>
void sweep(const Registry<T>& registry, const Samples& samples) {
  for (const auto& [name, sample] : samples) {
    SCOPED_TRACE(name);
    const std::string config = config_of(sample);
    const std::string json = R"({"class_name": ")" + name + R"(", "config": )" + config + "}";
    const Shared<T> object = saving::deserialize(registry, json);
    EXPECT_EQ(object->class_name(), name);
    EXPECT_THAT(field_names(object), testing::ElementsAreArray(keys(config)));
    // Its own form holds everything.
    EXPECT_TRUE(same_config(*object, *saving::deserialize(registry, R"({"class_name": ")" + name + R"(", "config": )" +
                                                                        get_config(*object) + "}")));
    if constexpr (!std::is_same_v<T, activations::Activation>) {
      for (const auto version : {saving::KerasVersion::keras3, saving::KerasVersion::keras2}) {
        if (version == saving::KerasVersion::keras2 && !sample.in_keras2) {
          EXPECT_THROW(saving::serialize(*object, version), ValueError);
          continue;
        }
        const Shared<T> copy = saving::deserialize(registry, saving::serialize(*object, version), version);
        // Files of Keras 3 have the input's shape in an InputLayer.
        std::string expected = get_config(*object);
        const std::string shape = R"("batch_input_shape":[4,6,null],)";
        if (const auto at = expected.find(shape); version == saving::KerasVersion::keras3 && at != std::string::npos)
          expected.erase(at, shape.size());
        EXPECT_EQ(get_config(*copy), expected);
      }
    }
  }
}

template <class T>
void expect_all_sampled(const Registry<T>& registry, const Samples& samples,
                        const std::set<std::string>& of_other_tests = {}) {
  for (const std::string& name : registry.class_names())
    EXPECT_TRUE(samples.contains(name) || of_other_tests.contains(name))
        << registry.kind() << " '" << name << "' has no sample in " << __FILE__;
}

TEST(KerasConfigSweep, Layers) {
  sweep(layers::registry(), kLayers);
  expect_all_sampled(layers::registry(), kLayers, {"Amplifier", "PlainOfMixedSavingTest", "ScaleOfSavingTest"});
}
TEST(KerasConfigSweep, Initializers) {
  sweep(initializers::registry(), kInitializers);
  expect_all_sampled(initializers::registry(), kInitializers);
}
TEST(KerasConfigSweep, Regularizers) {
  sweep(regularizers::registry(), kRegularizers);
  expect_all_sampled(regularizers::registry(), kRegularizers, {"ObjectTestPenalty"});
}
TEST(KerasConfigSweep, Constraints) {
  sweep(constraints::registry(), kConstraints);
  expect_all_sampled(constraints::registry(), kConstraints);
}
TEST(KerasConfigSweep, Activations) {
  sweep(activations::registry(), kActivations);
  expect_all_sampled(activations::registry(), kActivations);
}

}  // namespace
}  // namespace cornu::keras

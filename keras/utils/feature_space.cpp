#include "cornu/keras/utils/feature_space.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/keras/data/dataset.h"
#include "cornu/keras/layers/core/identity.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/concatenate.h"
#include "cornu/keras/layers/preprocessing/category_encoding.h"
#include "cornu/keras/layers/preprocessing/discretization.h"
#include "cornu/keras/layers/preprocessing/hashed_crossing.h"
#include "cornu/keras/layers/preprocessing/hashing.h"
#include "cornu/keras/layers/preprocessing/integer_lookup.h"
#include "cornu/keras/layers/preprocessing/normalization.h"
#include "cornu/keras/layers/preprocessing/rescaling.h"
#include "cornu/keras/layers/preprocessing/string_lookup.h"
#include "cornu/keras/models/model.h"

namespace cornu::keras::utils {

using graph::message;
using graph::require;
using layers::Layer;
using layers::PreprocessingLayer;

namespace {

constexpr const char* kSpace = "FeatureSpace: ";

void require_mode(const std::string& mode, std::initializer_list<const char*> known) {
  std::string names;
  for (const char* name : known) {
    if (mode == name) return;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  throw ValueError(message(kSpace, "unknown output_mode '", mode, "'; known are ", names));
}

/// What a kind's name stands for.
Feature feature_of(const std::string& kind, const FeatureSpaceConfig& config) {
  if (kind == "float") return FeatureSpace::float_();
  if (kind == "float_normalized") return FeatureSpace::float_normalized();
  if (kind == "float_rescaled") return FeatureSpace::float_rescaled();
  if (kind == "float_discretized") return FeatureSpace::float_discretized({.num_bins = config.num_discretization_bins});
  if (kind == "integer_categorical") return FeatureSpace::integer_categorical();
  if (kind == "string_categorical") return FeatureSpace::string_categorical();
  if (kind == "integer_hashed") return FeatureSpace::integer_hashed({.num_bins = config.hashing_dim});
  if (kind == "string_hashed") return FeatureSpace::string_hashed({.num_bins = config.hashing_dim});
  throw ValueError(message(kSpace, "unknown kind of feature '", kind,
                           "'; known are float, float_normalized, float_rescaled, float_discretized, "
                           "integer_categorical, string_categorical, integer_hashed, string_hashed"));
}

/// A column as (batch, 1), with texts' bytes behind; `scalar` says whether it was one value.
Array as_column(const Array& given, bool text, bool& scalar) {
  const int rank = given.ndim() - (text ? 1 : 0);
  require<ShapeError>(rank >= 0 && rank <= 2, kSpace, "expected a column of shape (batch,) or (batch, 1), got ",
                      given.shape());
  scalar = rank == 0;
  if (rank == 2) return given;
  Shape shape = text ? Shape{given.shape().back()} : Shape();
  shape = shape.prepend(1).prepend(rank == 0 ? 1 : given.rows());
  return given.reshape(shape);
}

}  // namespace

std::string FeatureCross::name() const {
  std::string name;
  for (const std::string& feature : feature_names) name += (name.empty() ? "" : "_X_") + feature;
  return name;
}

// --- kinds

Feature FeatureSpace::float_() { return {"float32", layers::Identity(), "float"}; }
Feature FeatureSpace::float_rescaled(const FloatRescaledConfig& c) {
  return {"float32", layers::Rescaling({.scale = c.scale, .offset = c.offset}), "float"};
}
Feature FeatureSpace::float_normalized() { return {"float32", layers::Normalization({.axis = -1}), "float"}; }
Feature FeatureSpace::float_discretized(const FloatDiscretizedConfig& c) {
  layers::DiscretizationConfig config{.num_bins = c.num_bins};
  if (!c.bin_boundaries.empty()) config.bin_boundaries = Array(c.bin_boundaries);
  const auto bins = c.num_bins ? *c.num_bins : static_cast<std::int64_t>(c.bin_boundaries.size()) + 1;
  return {"float32", layers::Discretization(config), c.output_mode, bins};
}
Feature FeatureSpace::integer_categorical(const CategoricalConfig& c) {
  return {"int32", layers::IntegerLookup({.max_tokens = c.max_tokens, .num_oov_indices = c.num_oov_indices}),
          c.output_mode};
}
Feature FeatureSpace::string_categorical(const CategoricalConfig& c) {
  return {"string", layers::StringLookup({.max_tokens = c.max_tokens, .num_oov_indices = c.num_oov_indices}),
          c.output_mode};
}
Feature FeatureSpace::integer_hashed(const HashedConfig& c) {
  return {"int32", layers::Hashing({.num_bins = c.num_bins}), c.output_mode, c.num_bins};
}
Feature FeatureSpace::string_hashed(const HashedConfig& c) {
  return {"string", layers::Hashing({.num_bins = c.num_bins}), c.output_mode, c.num_bins};
}
Feature FeatureSpace::feature(const std::string& dtype, const Shared<Layer>& preprocessor,
                              const std::string& output_mode) {
  return {dtype, preprocessor, output_mode};
}
FeatureCross FeatureSpace::cross(const std::vector<std::string>& feature_names, int crossing_dim,
                                 const std::string& output_mode) {
  return {feature_names, crossing_dim, output_mode};
}

// --- the space

struct FeatureSpace::State {
  FeatureSpaceConfig config;
  std::map<std::string, Feature> features;
  std::map<std::string, Shared<Layer>> preprocessors, crossers;
  bool adapted = false;
  std::vector<KerasTensor> inputs;
  std::map<std::string, KerasTensor> encoded;
  std::optional<models::Model> model;

  explicit State(FeatureSpaceConfig config);
  bool must_learn(const std::string& name) const;
  void learn(const std::map<std::string, std::vector<Array>>& columns);
  void describe();
  KerasTensor one_hot(const std::string& name, const KerasTensor& numbers, std::int64_t categories) const;
  std::int64_t categories_of(const std::string& name) const;
  KerasTensor joined() const;
};

FeatureSpace::State::State(FeatureSpaceConfig given) : config(std::move(given)) {
  require<ValueError>(!config.features.empty(), kSpace, "expected at least one feature, got none");
  require_mode(config.output_mode, {"concat", "dict"});
  for (const auto& [name, feature] : config.features) {
    Feature made = feature.kind.empty() ? feature : feature_of(feature.kind, config);
    require_mode(made.output_mode, {"int", "one_hot", "float"});
    require<ValueError>(static_cast<bool>(made.preprocessor), kSpace, "feature '", name, "' has no preprocessor");
    preprocessors.emplace(name, made.preprocessor);
    features.emplace(name, std::move(made));
  }
  for (const FeatureCross& cross : config.crosses) {
    require_mode(cross.output_mode, {"int", "one_hot"});
    for (const std::string& name : cross.feature_names)
      require<ValueError>(features.contains(name), kSpace, "the cross ", cross.name(), " has no feature '", name, "'");
    const int bins = cross.crossing_dim.value_or(config.crossing_dim);
    crossers.emplace(cross.name(), layers::HashedCrossing({.num_bins = bins, .name = cross.name()}));
  }
}

/// Whether a layer finds what it needs in data: not one whose arguments say it.
bool FeatureSpace::State::must_learn(const std::string& name) const {
  const Shared<Layer>& layer = preprocessors.at(name);
  if (!layer.as<PreprocessingLayer>()) return false;
  if (const auto texts = layer.as<layers::VocabularyLayer<std::string>>()) return texts->get_vocabulary(false).empty();
  if (const auto whole = layer.as<layers::VocabularyLayer<std::int64_t>>()) return whole->get_vocabulary(false).empty();
  if (const auto bins = layer.as<Configured<PreprocessingLayer, layers::DiscretizationConfig>>())
    return !bins->config().bin_boundaries;
  if (const auto norm = layer.as<Configured<PreprocessingLayer, layers::NormalizationConfig>>())
    return !norm->config().mean;
  return true;
}

void FeatureSpace::State::learn(const std::map<std::string, std::vector<Array>>& columns) {
  for (const auto& [name, layer] : preprocessors)
    if (must_learn(name)) layer.as<PreprocessingLayer>()->adapt(columns.at(name));
  adapted = true;
  inputs.clear(), encoded.clear(), model.reset();
  describe();
}

void FeatureSpace::State::describe() {
  if (model) return;
  for (const auto& [name, layer] : preprocessors)
    require<ValueError>(adapted || !must_learn(name), kSpace, "call adapt first: '", name, "' has to learn from data");
  std::map<std::string, KerasTensor> numbers;
  for (const auto& [name, feature] : features) {
    const KerasTensor input = layers::Input({.shape = {1}, .dtype = feature.dtype, .name = name});
    inputs.push_back(input);
    numbers.emplace(name, feature.preprocessor(input));
  }
  for (const auto& [name, feature] : features)
    encoded.emplace(name, feature.output_mode == "one_hot" ? one_hot(name, numbers.at(name), categories_of(name))
                                                           : numbers.at(name));
  for (const FeatureCross& cross : config.crosses) {
    std::vector<KerasTensor> crossed;
    for (const std::string& name : cross.feature_names) crossed.push_back(numbers.at(name));
    const KerasTensor bins = crossers.at(cross.name())(crossed);
    const int categories = cross.crossing_dim.value_or(config.crossing_dim);
    encoded.emplace(cross.name(), cross.output_mode == "one_hot" ? one_hot(cross.name(), bins, categories) : bins);
  }
  if (config.output_mode == "concat") {
    model.emplace(inputs, joined(), config.name);
    return;
  }
  std::vector<KerasTensor> outputs;
  for (const auto& [name, tensor] : encoded) outputs.push_back(tensor);
  model.emplace(inputs, outputs, config.name);
}

KerasTensor FeatureSpace::State::one_hot(const std::string& name, const KerasTensor& numbers,
                                         std::int64_t categories) const {
  require<ValueError>(graph::is_integer(numbers.dtype()), kSpace, "feature '", name,
                      "' has output_mode 'one_hot': its preprocessor should give integers, it gives ", numbers.dtype());
  return layers::CategoryEncoding(
      {.num_tokens = static_cast<int>(categories), .output_mode = "multi_hot", .name = name + "_one_hot"})(numbers);
}

std::int64_t FeatureSpace::State::categories_of(const std::string& name) const {
  const Feature& feature = features.at(name);
  if (feature.categories > 0) return feature.categories;
  if (const auto texts = feature.preprocessor.as<layers::VocabularyLayer<std::string>>())
    return texts->vocabulary_size();
  if (const auto whole = feature.preprocessor.as<layers::VocabularyLayer<std::int64_t>>())
    return whole->vocabulary_size();
  throw ValueError(message(kSpace, "feature '", name,
                           "' has output_mode 'one_hot', but it is not known how many numbers its preprocessor gives; "
                           "use output_mode 'int'"));
}

/// The features by their names, then the crosses by theirs.
KerasTensor FeatureSpace::State::joined() const {
  std::vector<KerasTensor> all;
  const auto add = [&](const std::string& name) {
    const KerasTensor& tensor = encoded.at(name);
    require<ValueError>(graph::is_floating(tensor.dtype()), kSpace, "'", name,
                        "' cannot be concatenated: it is not "
                        "encoded, but of dtype ",
                        tensor.dtype(), "; consider output_mode 'dict'");
    all.push_back(tensor);
  };
  for (const auto& [name, feature] : features) add(name);
  for (const auto& [name, layer] : crossers) add(name);
  return all.size() == 1 ? all.front() : layers::Concatenate({.axis = -1})(all);
}

FeatureSpace::FeatureSpace(FeatureSpaceConfig config) : state_(std::make_shared<State>(std::move(config))) {}

void FeatureSpace::adapt(const Arrays& columns) {
  std::map<std::string, std::vector<Array>> by_name;
  bool scalar = false;
  for (const auto& [name, feature] : state_->features)
    by_name[name] = {as_column(columns[name], feature.dtype == "string", scalar)};
  state_->learn(by_name);
}

void FeatureSpace::adapt(const data::Dataset& dataset) {
  std::map<std::string, std::vector<Array>> by_name;
  bool scalar = false;
  for (const data::Element& element : dataset)
    for (const auto& [name, feature] : state_->features)
      by_name[name].push_back(as_column(element.x()[name], feature.dtype == "string", scalar));
  require<ValueError>(!by_name.empty(), kSpace, "expected data to adapt to, the data set has no elements");
  state_->learn(by_name);
}

Arrays FeatureSpace::operator()(const Arrays& columns) const {
  state_->describe();
  std::vector<std::string> names;
  std::vector<Array> arrays;
  bool scalar = false, any_scalar = false;
  for (const auto& [name, feature] : state_->features) {
    names.push_back(name);
    Array column = as_column(columns[name], feature.dtype == "string", scalar);
    any_scalar = any_scalar || scalar;
    if (feature.dtype != "string") column = column.astype(graph::dtype_from_name(feature.dtype));
    arrays.push_back(std::move(column));
  }
  Arrays out = state_->model->predict_on_batch(Arrays(names, std::move(arrays)));
  std::vector<Array> results = std::move(out).arrays();
  if (any_scalar)
    for (Array& result : results) result = result[0];
  if (state_->config.output_mode == "concat") return results.front();
  std::vector<std::string> keys;
  for (const auto& [name, tensor] : state_->encoded) keys.push_back(name);
  return {std::move(keys), std::move(results)};
}

std::vector<KerasTensor> FeatureSpace::get_inputs() const {
  state_->describe();
  return state_->inputs;
}

KerasTensor FeatureSpace::get_encoded_features() const {
  require<ValueError>(state_->config.output_mode == "concat", kSpace,
                      "with output_mode 'dict' there is no one tensor: use get_encoded_feature_dict");
  return model().outputs()[0];
}

std::map<std::string, KerasTensor> FeatureSpace::get_encoded_feature_dict() const {
  state_->describe();
  return state_->encoded;
}

models::Model FeatureSpace::model() const {
  state_->describe();
  return *state_->model;
}

void FeatureSpace::save(const io::Path& path) const { model().save(path); }

const std::map<std::string, Shared<Layer>>& FeatureSpace::preprocessors() const { return state_->preprocessors; }
const std::map<std::string, Shared<Layer>>& FeatureSpace::crossers() const { return state_->crossers; }

}  // namespace cornu::keras::utils

#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/data/arrays.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras {
namespace models {
class Model;
}
namespace data {
class Dataset;
}

namespace utils {

/// How a feature becomes numbers for a network: a kind by its name, `"float_normalized"`, or one that FeatureSpace
/// makes, `FeatureSpace::string_categorical({.max_tokens = 10})`.
struct Feature {
  Feature(const char* kind) : kind(kind) {}             // NOLINT: a kind
  Feature(std::string kind) : kind(std::move(kind)) {}  // NOLINT: a kind
  Feature(std::string dtype, Shared<layers::Layer> preprocessor, std::string output_mode, std::int64_t categories = 0)
      : dtype(std::move(dtype)),
        preprocessor(std::move(preprocessor)),
        output_mode(std::move(output_mode)),
        categories(categories) {}

  std::string kind = {};                    ///< empty where the rest is given
  std::string dtype = {};                   ///< of the data: "float32", "int32" or "string"
  Shared<layers::Layer> preprocessor = {};  ///< (batch, 1) -> (batch, …)
  std::string output_mode = {};             ///< "float", "int" or "one_hot"
  std::int64_t categories = 0;              ///< the length of "one_hot"; 0: as the layer's vocabulary says
};

/// Features that are hashed together, by their numbers.
struct FeatureCross {
  FeatureCross(std::initializer_list<const char*> names) : feature_names(names.begin(), names.end()) {}
  FeatureCross(std::vector<std::string> feature_names, std::optional<int> crossing_dim = std::nullopt,
               std::string output_mode = "one_hot")
      : feature_names(std::move(feature_names)), crossing_dim(crossing_dim), output_mode(std::move(output_mode)) {}

  std::vector<std::string> feature_names;
  std::optional<int> crossing_dim = std::nullopt;  ///< the space's
  std::string output_mode = "one_hot";             ///< or "int"
  std::string name() const;                        ///< "a_X_b"
};

/// Keras' arguments, in its order.
struct FeatureSpaceConfig {
  std::map<std::string, Feature> features = {};  ///< by the names of columns
  std::string output_mode = "concat";            ///< or "dict": each feature by itself
  std::vector<FeatureCross> crosses = {};        ///< `{{"sex", "class"}}`
  int crossing_dim = 32;                         ///< numbers that crossed features are hashed into
  int hashing_dim = 32;                          ///< and those of "integer_hashed" and "string_hashed"
  int num_discretization_bins = 32;              ///< bins of "float_discretized"
  std::string name = "";                         ///< of the model that computes it
};

struct FloatRescaledConfig {
  double scale = 1, offset = 0;
};
struct FloatDiscretizedConfig {
  std::optional<int> num_bins = std::nullopt;  ///< this or bin_boundaries
  std::vector<double> bin_boundaries = {};
  std::string output_mode = "one_hot";
};
struct CategoricalConfig {
  std::optional<int> max_tokens = std::nullopt;
  int num_oov_indices = 1;
  std::string output_mode = "one_hot";
};
struct HashedConfig {
  int num_bins = 32;
  std::string output_mode = "one_hot";
};

/// Makes numbers of the columns of a table: what each column holds is said once, the layers for it learn what they need
/// of data, and a model takes the columns as they are. The kinds are those of Keras: "float", "float_normalized",
/// "float_rescaled", "float_discretized", "integer_categorical", "string_categorical", "integer_hashed",
/// "string_hashed".
///
///     utils::FeatureSpace space({.features = {{"age", "float_normalized"}, {"class", "integer_categorical"},
///                                             {"sex", utils::FeatureSpace::string_categorical({.max_tokens = 3})}},
///                                .crosses = {{"sex", "class"}}});
///     space.adapt(table.x());
///     models::Model model(space.get_inputs(), layers::Dense(1)(space.get_encoded_features()));   // takes columns
///     auto encoded = rows.map([&](const data::Element& e) { return data::Element{space(e.x()), e.y()}; });
///
/// A column has shape (batch,) or (batch, 1), texts are Strings; a single row has scalars. With "concat" the result is
/// float32 (batch, n): the features in the order of their names, then the crosses. A model of `get_inputs` is saved as
/// any other is, with all that was learnt; `save` writes the space alone as a model that `models::load_model` reads.
///
/// A handle: copies are the same space. Throws ValueError for an unknown kind or output_mode, a cross of unknown
/// features, features without numbers in "concat"; before `adapt` where something has to be learnt. Keras:
/// `utils.FeatureSpace`.
class CORNU_EXPORT FeatureSpace {
 public:
  explicit FeatureSpace(FeatureSpaceConfig config);

  /// Learns of columns by name, or of the rows or batches of a data set whose x they are. Throws ValueError for a
  /// missing column.
  void adapt(const Arrays& columns);
  void adapt(const data::Dataset& dataset);

  /// The columns as numbers: one array, or with "dict" one for each feature and cross by name.
  Arrays operator()(const Arrays& columns) const;

  /// A symbolic input for each feature, in the order of their names.
  std::vector<KerasTensor> get_inputs() const;
  /// Throws ValueError with output_mode "dict".
  KerasTensor get_encoded_features() const;
  std::map<std::string, KerasTensor> get_encoded_feature_dict() const;
  /// From the inputs to the encoded features.
  models::Model model() const;
  /// Writes that model.
  void save(const io::Path& path) const;
  /// The layers of the features and of the crosses, by name.
  const std::map<std::string, Shared<layers::Layer>>& preprocessors() const;
  const std::map<std::string, Shared<layers::Layer>>& crossers() const;

  static Feature float_();  ///< Keras' `float`, which is a word of C++
  static Feature float_rescaled(const FloatRescaledConfig& config = {});
  static Feature float_normalized();
  static Feature float_discretized(const FloatDiscretizedConfig& config);
  static Feature integer_categorical(const CategoricalConfig& config = {});
  static Feature string_categorical(const CategoricalConfig& config = {});
  static Feature integer_hashed(const HashedConfig& config);
  static Feature string_hashed(const HashedConfig& config);
  /// By a layer of one's own.
  static Feature feature(const std::string& dtype, const Shared<layers::Layer>& preprocessor,
                         const std::string& output_mode);
  static FeatureCross cross(const std::vector<std::string>& feature_names, int crossing_dim,
                            const std::string& output_mode = "one_hot");

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace utils
}  // namespace cornu::keras

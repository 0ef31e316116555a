#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cornu/keras/object.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::saving::internal {

using Json = nlohmann::ordered_json;

/// Whom the JSON is for: a Keras, `get_config`'s caller (everything there is), or a comparison (functions without a
/// name by address).
enum class Form { keras2, keras3, own, comparison };
Form form_of(KerasVersion version);

/// Writes the fields of a config. Names its object in errors.
class JsonWriter final : public ConfigVisitor {
 public:
  JsonWriter(std::string who, Form form) : who_(std::move(who)), form_(form) {}
  /// The config, a layer's base arguments in front as in Keras.
  Json take();

  void operator()(std::string_view name, bool& value) override;
  void operator()(std::string_view name, int& value) override;
  void operator()(std::string_view name, std::int64_t& value) override;
  void operator()(std::string_view name, double& value) override;
  void operator()(std::string_view name, std::string& value) override;
  void operator()(std::string_view name, graph::Shape& value) override;
  void operator()(std::string_view name, std::optional<bool>& value) override;
  void operator()(std::string_view name, std::optional<int>& value) override;
  void operator()(std::string_view name, std::optional<std::int64_t>& value) override;
  void operator()(std::string_view name, std::optional<double>& value) override;
  void operator()(std::string_view name, std::vector<int>& value) override;
  void operator()(std::string_view name, std::optional<std::vector<int>>& value) override;
  void operator()(std::string_view name, std::vector<double>& value) override;
  void operator()(std::string_view name, std::vector<std::string>& value) override;
  void operator()(std::string_view name, Arg<activations::Activation>& value) override;
  void operator()(std::string_view name, Arg<initializers::Initializer>& value) override;
  void operator()(std::string_view name, Arg<regularizers::Regularizer>& value) override;
  void operator()(std::string_view name, Arg<constraints::Constraint>& value) override;
  void operator()(std::string_view name, LearningRate& value) override;
  void operator()(std::string_view name, std::optional<LearningRate>& value) override;
  void dtype_policy(std::string_view name, std::string& value) override;

 private:
  void put(std::string_view name, Json value);
  Json number(std::string_view name, double value) const;
  bool for_keras() const { return form_ == Form::keras2 || form_ == Form::keras3; }

  std::string who_;
  Form form_;
  bool is_layer_ = false;
  Json json_ = Json::object();
};

Json config_of(const Object& object, Form form);
/// With class name, module and registered name; an activation as Keras does: its name.
Json object_of(const Object& object, Form form);

}  // namespace cornu::keras::saving::internal

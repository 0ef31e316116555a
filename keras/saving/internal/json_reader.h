#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "cornu/graph/check.h"
#include "cornu/keras/object.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::saving::internal {

using Json = nlohmann::ordered_json;

/// Throws FormatError, beginning with `what`, for a text that is no JSON or is nested more than 200 deep.
Json parse_json(const std::string& text, const std::string& what);

/// Reads the fields of a config. What is not there keeps its default.
class JsonReader final : public ConfigVisitor {
 public:
  /// `config` must outlive the reader. Throws FormatError unless it is an object (or null: empty).
  JsonReader(std::string who, const Json& config, KerasVersion written_by);
  /// Throws ValueError for an argument that nobody asked for, unless it is null or one that says nothing of the
  /// computation.
  void finish() const;

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

 private:
  const Json* find(std::string_view name);
  template <class T>
  void optional(std::string_view name, std::optional<T>& value);
  template <class T>
  void object(std::string_view name, Arg<T>& value);
  std::int64_t integer(std::string_view name, const Json& value, std::int64_t low, std::int64_t high) const;
  double number(std::string_view name, const Json& value) const;
  [[noreturn]] void wrong(std::string_view name, const char* expected, const Json& value) const;

  std::string who_;
  const Json& config_;
  KerasVersion written_by_;
  std::set<std::string, std::less<>> asked_;
};

/// The name under which the registry knows the class of an object, or the object if it is a bare name. Throws
/// FormatError if it is neither.
std::string class_name_of(const Json& object, const std::function<bool(std::string_view)>& is_known,
                          KerasVersion written_by);
/// The config of an object; an empty one if there is none, as of a bare name.
const Json& config_in(const Json& object);

/// The object that JSON describes; see `saving::deserialize`.
template <class T>
Shared<T> make_object(const Registry<T>& registry, const Json& json, KerasVersion written_by) {
  const auto& entry = registry.find(class_name_of(
      json, [&](std::string_view name) { return registry.contains(name); }, written_by));
  JsonReader reader(entry.class_name, config_in(json), written_by);
  Shared<T> object = entry.make(&reader);
  reader.finish();
  return object;
}

}  // namespace cornu::keras::saving::internal

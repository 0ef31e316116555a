#pragma once

#include <set>
#include <string>

#include "cornu/graph/check.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/saving/internal/json_text.h"

namespace cornu::keras::saving::internal {

/// Reads the fields of a config. What is not there keeps its default.
class JsonReader final : public ConfigVisitor {
 public:
  /// `config` must outlive the reader. Throws FormatError unless it is an object (or null: empty).
  JsonReader(std::string who, const Json& config, KerasVersion written_by);
  /// Takes an argument that says nothing of the object.
  void ignore(std::string_view name) { asked_.emplace(name); }
  /// Throws ValueError for an argument that nobody asked for, unless it is null.
  void finish() const;

  void visit(const Field& field, FieldValue value) override;
  Purpose purpose() const override { return Purpose::read; }

 private:
  const Json* find(const Field& field);
  void read(std::string_view name, const Json& json, bool& value) const;
  void read(std::string_view name, const Json& json, int& value) const;
  void read(std::string_view name, const Json& json, std::int64_t& value) const;
  void read(std::string_view name, const Json& json, double& value) const;
  void read(std::string_view name, const Json& json, std::string& value) const;
  void read(std::string_view name, const Json& json, graph::Shape& value) const;
  void read(std::string_view name, const Json& json, std::vector<int>& value) const;
  void read(std::string_view name, const Json& json, std::vector<std::vector<int>>& value) const;
  void read(std::string_view name, const Json& json, std::vector<double>& value) const;
  void read(std::string_view name, const Json& json, std::vector<std::string>& value) const;
  void read(std::string_view name, const Json& json, graph::Array& value) const;
  void read(std::string_view name, const Json& json, std::map<std::string, double>& value) const;
  void read(std::string_view name, const Json& json, ObjectSlot& slot) const;
  void read(std::string_view name, const Json& json, ObjectList& list) const;
  void read(std::string_view name, const Json& json, LayerGraph& graph) const;
  template <class T>
  void read(std::string_view name, const Json& json, std::optional<T>& value) const;
  std::int64_t integer(std::string_view name, const Json& value, std::int64_t low, std::int64_t high) const;
  void refuse_code(std::string_view name, const Json& value) const;
  [[noreturn]] void wrong(std::string_view name, const char* expected, const Json& value) const;

  std::string who_;
  const Json& config_;
  KerasVersion written_by_;
  std::set<std::string, std::less<>> asked_;
};

/// The name under which the registry knows the class of an object, or the object if it is a bare name. Throws
/// FormatError if it is neither.
std::string class_name_of(const Json& object, const AnyRegistry& registry, KerasVersion written_by);
/// The same for what several registries know.
std::string class_name_of(const Json& object, const std::function<bool(std::string_view)>& is_known,
                          KerasVersion written_by);
/// How a program makes a class or function of its own known by a name, for errors: "if it is a class of yours, call …".
std::string how_to_register(const AnyRegistry& registry, const std::string& name, bool function);
/// Calls what looks a bare name up; the error of an unknown one tells how to make it known as well.
template <class F>
decltype(auto) telling_how_to_register(const AnyRegistry& registry, const std::string& name, F&& f) {
  try {
    return f();
  } catch (const graph::ValueError& e) {
    if (registry.contains(name) || registry.form().registry.empty()) throw;
    throw graph::ValueError(graph::message(e.what(), "; ", how_to_register(registry, name, true)));
  }
}

/// The config of an object; an empty one if there is none, as of a bare name.
const Json& config_in(const Json& object);

/// The object that JSON describes; see `saving::deserialize`.
std::shared_ptr<Object> make_any_object(const AnyRegistry& registry, const Json& json, KerasVersion written_by);
template <class T>
Shared<T> make_object(const Registry<T>& registry, const Json& json, KerasVersion written_by) {
  return std::static_pointer_cast<T>(make_any_object(registry, json, written_by));
}

}  // namespace cornu::keras::saving::internal

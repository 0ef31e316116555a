#include "cornu/keras/saving/internal/json_reader.h"

#include <cmath>
#include <functional>
#include <limits>

#include "cornu/graph/check.h"
#include "cornu/keras/saving/internal/layer_graph.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::FormatError;
using graph::require;
using graph::ValueError;

constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

std::string text_of(const Json& object, std::string_view key) {
  const auto found = object.find(std::string(key));
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string of_version(std::string name, const AnyRegistry* registry, KerasVersion written_by) {
  const auto* entry = registry && written_by == KerasVersion::keras2 ? registry->find_keras2(name) : nullptr;
  return entry ? entry->class_name : name;
}

// A lambda: Keras 3's object of its code, or Keras 2's list of code, defaults and closure.
bool is_code(const Json& json) {
  return (json.is_array() && json.size() == 3 && json[0].is_string()) ||
         (json.is_object() && text_of(json, "class_name") == "__lambda__");
}

// A function of Keras' or the user's, made an object: {"class_name": "MeanMetricWrapper", "config": {"fn": …}}.
std::string wrapped_function(const Json& object, const AnyRegistry* registry) {
  if (!registry || registry->form().wrapper.empty() || text_of(object, "class_name") != registry->form().wrapper)
    return {};
  const auto function = config_in(object).find(std::string(registry->form().wrapper_argument));
  if (function == config_in(object).end()) return {};
  return function->is_string() ? function->get<std::string>() : text_of(*function, "config");
}

std::string name_of(const Json& object, const AnyRegistry* registry,
                    const std::function<bool(std::string_view)>& is_known, KerasVersion written_by) {
  if (object.is_string()) return of_version(object.get<std::string>(), registry, written_by);
  require<FormatError>(object.is_object(), "expected a name or an object with a class_name, got ", shortened(object));
  const std::string written = text_of(object, "class_name");
  require<FormatError>(!written.empty(), "expected an object with a class_name, got ", shortened(object));
  // {"class_name": "function", "config": "my_function"}
  const auto config = object.find("config");
  if (written == "function" && config != object.end() && config->is_string())
    return of_version(config->get<std::string>(), registry, written_by);
  if (std::string function = wrapped_function(object, registry); !function.empty()) return function;
  const std::string name = of_version(written, registry, written_by);
  // "Custom>Adam": a class with the package it was registered for, in Keras 3 beside the class' own name.
  const std::string registered = text_of(object, "registered_name");
  if (registered.find('>') != std::string::npos && is_known(registered)) return registered;
  if (is_known(name)) return name;
  for (const std::string& with_package : {written, registered})
    if (const auto package = with_package.rfind('>');
        package != std::string::npos && is_known(with_package.substr(package + 1)))
      return with_package.substr(package + 1);
  return written;
}

}  // namespace

std::string how_to_register(const AnyRegistry& registry, const std::string& name, bool function) {
  const std::string type = name.substr(name.rfind('>') + 1), quoted = '"' + name + '"',
                    made = function ? "function" : "saving::custom<" + type + ">()";
  return graph::message(function ? "if it is a function of yours" : "if it is a class of yours", ", call ",
                        registry.form().registry, ".add<", type, ">(", quoted,
                        ") before the file is loaded, or load it with {.custom_objects = {{", quoted, ", ", made,
                        "}}}");
}

JsonReader::JsonReader(std::string who, const Json& config, KerasVersion written_by)
    : who_(std::move(who)), config_(config), written_by_(written_by) {
  require<FormatError>(config.is_object() || config.is_null(), who_, ": the config needs to be a JSON object, got ",
                       shortened(config));
}

void JsonReader::wrong(std::string_view name, const char* expected, const Json& value) const {
  throw FormatError(graph::message(who_, ": argument '", name, "' needs ", expected, ", got ", shortened(value)));
}

void JsonReader::refuse_code(std::string_view name, const Json& json) const {
  require<FormatError>(!is_code(json), who_, ": argument '", name,
                       "' is a Python function without a name, saved as its code, which only Python can run: save the "
                       "model with a function that has a name");
}

const Json* JsonReader::find(const Field& field) {
  const Json* value = nullptr;
  for (const std::string_view name : {field.name, field.form.keras2_name, field.form.also_read}) {
    if (name.empty()) continue;
    asked_.emplace(name);
    const auto found = config_.find(std::string(name));
    if (!value && found != config_.end()) value = &*found;
  }
  return value;
}

void JsonReader::finish() const {
  std::string unknown;
  for (const auto& [name, value] : config_.items()) {
    const bool says_nothing = value.is_null() || (value.is_object() && value.empty());
    if (asked_.contains(name) || says_nothing) continue;
    unknown += (unknown.empty() ? "'" : ", '") + name + "'";
  }
  require<ValueError>(unknown.empty(), who_, ": unknown argument ", unknown);
}

void JsonReader::visit(const Field& field, FieldValue value) {
  if (std::holds_alternative<LayerGraph*>(value)) ignore("input_layers"), ignore("output_layers");
  if (const Json* json = find(field)) std::visit([&](auto* v) { read(field.name, *json, *v); }, value);
}

std::int64_t JsonReader::integer(std::string_view name, const Json& value, std::int64_t low, std::int64_t high) const {
  std::int64_t number = 0;
  if (value.is_number_unsigned()) {
    const auto magnitude = value.get<std::uint64_t>();
    if (magnitude > static_cast<std::uint64_t>(high)) wrong(name, "a smaller number", value);
    number = static_cast<std::int64_t>(magnitude);
  } else if (value.is_number_integer()) {
    number = value.get<std::int64_t>();
  } else if (value.is_number_float() && std::nearbyint(value.get<double>()) == value.get<double>() &&
             std::abs(value.get<double>()) < kExactIntegers) {
    number = static_cast<std::int64_t>(value.get<double>());
  } else {
    wrong(name, "a whole number", value);
  }
  if (number < low) wrong(name, "a larger number", value);
  if (number > high) wrong(name, "a smaller number", value);
  return number;
}

void JsonReader::read(std::string_view name, const Json& json, bool& value) const {
  if (json.is_null()) return;
  if (!json.is_boolean()) wrong(name, "true or false", json);
  value = json.get<bool>();
}

void JsonReader::read(std::string_view name, const Json& json, int& value) const {
  value = static_cast<int>(integer(name, json, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

void JsonReader::read(std::string_view name, const Json& json, std::int64_t& value) const {
  value = integer(name, json, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

void JsonReader::read(std::string_view name, const Json& json, double& value) const {
  if (!json.is_number()) wrong(name, "a number", json);
  value = json.get<double>();
}

void JsonReader::read(std::string_view name, const Json& json, std::string& value) const {
  if (json.is_null()) return value.clear();
  // {"class_name": "function", "config": "my_function"}
  if (text_of(json, "class_name") == "function") return void(value = text_of(json, "config"));
  refuse_code(name, json);
  if (!json.is_string()) wrong(name, "a text", json);
  value = json.get<std::string>();
}

void JsonReader::read(std::string_view name, const Json& json, graph::Shape& value) const {
  if (json.is_null()) return void(value = graph::Shape::unset());
  if (!json.is_array() || json.size() > static_cast<std::size_t>(graph::Shape::kMaxRank))
    wrong(name, "a list of at most 8 lengths", json);
  graph::Shape shape;
  for (const Json& length : json)
    shape = shape.append(length.is_null()
                             ? graph::kUnknown
                             : integer(name, length, graph::kUnknown, std::numeric_limits<std::int64_t>::max()));
  value = shape;
}

void JsonReader::read(std::string_view name, const Json& json, std::vector<int>& value) const {
  if (!json.is_array() && !json.is_number()) wrong(name, "a list of whole numbers", json);
  value.clear();
  for (const Json& n : json.is_array() ? json : Json::array({json})) {
    value.push_back(-1);
    if (!n.is_null()) read(name, n, value.back());
  }
}

void JsonReader::read(std::string_view name, const Json& json, std::vector<std::vector<int>>& value) const {
  if (!json.is_array() && !json.is_number()) wrong(name, "a list of numbers or of lists of them", json);
  value.clear();
  for (const Json& part : json.is_array() ? json : Json::array({json})) read(name, part, value.emplace_back());
}

void JsonReader::read(std::string_view name, const Json& json, std::vector<double>& value) const {
  value.clear();
  if (json.is_null()) return;
  if (!json.is_array() && !json.is_number()) wrong(name, "a list of numbers", json);
  for (const Json& x : json.is_array() ? json : Json::array({json})) read(name, x, value.emplace_back());
}

void JsonReader::read(std::string_view name, const Json& json, std::vector<std::string>& value) const {
  value.clear();
  if (json.is_null()) return;
  if (!json.is_array() && !json.is_string()) wrong(name, "a list of texts", json);
  for (const Json& text : json.is_array() ? json : Json::array({json})) {
    if (!text.is_string()) wrong(name, "a list of texts", json);
    value.push_back(text.get<std::string>());
  }
}

// A number or lists of numbers. Keras 3 writes a NumPy array as an object whose config holds such lists. Whole numbers
// that float64 does not hold make an array of integers.
void JsonReader::read(std::string_view name, const Json& json, graph::Array& value) const {
  const bool wrapped = json.is_object() && config_in(json).is_object();
  const Json inside = wrapped ? config_in(json).value("value", Json()) : json;
  graph::Shape shape;
  for (const Json* list = &inside; list->is_array() && shape.rank() < graph::Shape::kMaxRank; list = &list->front()) {
    shape = shape.append(static_cast<std::int64_t>(list->size()));
    if (list->empty()) break;
  }
  std::vector<double> numbers;
  std::vector<std::int64_t> integers;
  bool large = false;
  const std::function<void(const Json&, int)> add = [&](const Json& list, int axis) {
    if (axis == shape.rank()) {
      read(name, list, numbers.emplace_back());
      large = large || std::abs(numbers.back()) > kExactIntegers;
      if (list.is_number_integer()) integers.push_back(list.get<std::int64_t>());
      return;
    }
    if (!list.is_array() || static_cast<std::int64_t>(list.size()) != shape[axis])
      wrong(name, "a number or lists of numbers of one length", json);
    for (const Json& part : list) add(part, axis + 1);
  };
  add(inside, 0);
  value = large && integers.size() == numbers.size() ? graph::Array(integers, shape) : graph::Array(numbers, shape);
}

void JsonReader::read(std::string_view name, const Json& json, std::map<std::string, double>& value) const {
  value.clear();
  if (json.is_null()) return;
  if (!json.is_object()) wrong(name, "numbers by name", json);
  for (const auto& [key, number] : json.items())
    if (!number.is_null()) read(name, number, value[key]);
}

template <class T>
void JsonReader::read(std::string_view name, const Json& json, std::optional<T>& value) const {
  if (json.is_null()) return void(value = std::nullopt);
  // Keras 3 writes the generator of a random stream as an object, whose config holds the seed by the field's name.
  if (std::is_same_v<T, std::int64_t> && json.is_object()) {
    const auto inside = config_in(json).find(std::string(name));
    if (inside == config_in(json).end() || inside->is_object()) wrong(name, "a whole number", json);
    return read(name, *inside, value);
  }
  T given{};
  read(name, json, given);
  value = given;
}

void JsonReader::read(std::string_view name, const Json& json, ObjectSlot& slot) const {
  if (json.is_null()) return slot.set(nullptr);
  if (json.is_number() && slot.set_number(json.get<double>())) return;
  refuse_code(name, json);
  if (!json.is_string() && !json.is_object()) wrong(name, "a name or an object with a class_name", json);
  const auto read_object = [&] {
    const std::string bare = json.is_string() ? class_name_of(json, slot.registry(), written_by_) : "";
    if (json.is_string())  // which may have a meaning of its own ("l1_l2")
      telling_how_to_register(slot.registry(), bare, [&] { slot.set_name(bare); });
    else
      slot.set(make_any_object(slot.registry(), json, written_by_));
  };
  try {
    read_object();
  } catch (const FormatError& e) {
    throw FormatError(graph::message(who_, ": argument '", name, "': ", e.what()));
  } catch (const ValueError& e) {
    throw ValueError(graph::message(who_, ": argument '", name, "': ", e.what()));
  }
}

void JsonReader::read(std::string_view name, const Json& json, ObjectList& list) const {
  if (json.is_null()) return list.resize(0);
  if (!json.is_array()) wrong(name, "a list of objects", json);
  list.resize(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) list.at(i, [&](ObjectSlot& slot) { read(name, json[i], slot); });
}

void JsonReader::read(std::string_view, const Json&, LayerGraph& graph) const {
  read_graph(config_, written_by_, graph);
}

std::string class_name_of(const Json& object, const AnyRegistry& registry, KerasVersion written_by) {
  return name_of(
      object, &registry, [&](std::string_view name) { return registry.contains(name); }, written_by);
}

std::string class_name_of(const Json& object, const std::function<bool(std::string_view)>& is_known,
                          KerasVersion written_by) {
  return name_of(object, nullptr, is_known, written_by);
}

const Json& config_in(const Json& object) {
  static const Json empty = Json::object();
  if (!object.is_object()) return empty;
  const auto found = object.find("config");
  return found == object.end() || found->is_string() ? empty : *found;
}

// One that nobody registered may be the user's own.
static const AnyRegistry::Entry& entry_of(const AnyRegistry& registry, const std::string& name, const Json& json) {
  try {
    return registry.find(name);
  } catch (const ValueError& e) {
    if (json.is_string() || registry.form().registry.empty()) throw;
    throw ValueError(graph::message(e.what(), ". Its config is ", shortened(config_in(json), 400), "; ",
                                    how_to_register(registry, name, false)));
  }
}

std::shared_ptr<Object> make_any_object(const AnyRegistry& registry, const Json& json, KerasVersion written_by) {
  const auto& entry = entry_of(registry, class_name_of(json, registry, written_by), json);
  const std::string own_name = text_of(config_in(json), registry.form().named_by);
  JsonReader reader(own_name.empty() ? entry.class_name : entry.class_name + " '" + own_name + "'", config_in(json),
                    written_by);
  reader.ignore(registry.form().wrapper_argument);  // Keras 2 writes it for its own classes, too
  auto object = entry.make(&reader);
  reader.finish();
  return object;
}

}  // namespace cornu::keras::saving::internal

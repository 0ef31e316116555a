#include "cornu/keras/saving/internal/json_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "cornu/keras/saving/internal/kind.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::FormatError;
using graph::require;
using graph::ValueError;

constexpr int kMaxDepth = 200;
constexpr double kExactIntegers = 9007199254740992.0;  // 2^53

/// Arguments in files that are about how Keras runs things.
constexpr std::array<std::string_view, 3> kIgnored = {"jit_compile", "is_legacy_optimizer", "fn"};

std::string shortened(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 60) + "…";
  return text;
}

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string of_version(std::string name, KerasVersion written_by) {
  return name == "hard_sigmoid" && written_by == KerasVersion::keras2 ? "hard_sigmoid_keras2" : name;
}

}  // namespace

Json parse_json(const std::string& text, const std::string& what) {
  try {
    return Json::parse(text, [&](int depth, Json::parse_event_t, Json&) {
      require<FormatError>(depth <= kMaxDepth, what, ": JSON nested more than ", kMaxDepth, " deep");
      return true;
    });
  } catch (const nlohmann::json::exception& e) {
    throw FormatError(graph::message(what, ": not valid JSON (", e.what(), ")"));
  }
}

JsonReader::JsonReader(std::string who, const Json& config, KerasVersion written_by)
    : who_(std::move(who)), config_(config), written_by_(written_by) {
  require<FormatError>(config.is_object() || config.is_null(), who_, ": the config needs to be a JSON object, got ",
                       shortened(config));
}

void JsonReader::wrong(std::string_view name, const char* expected, const Json& value) const {
  throw FormatError(graph::message(who_, ": argument '", name, "' needs ", expected, ", got ", shortened(value)));
}

const Json* JsonReader::find(std::string_view name) {
  asked_.emplace(name);
  auto found = config_.find(std::string(name));
  // An input's shape has another name in each Keras.
  if (found == config_.end() && (name == "batch_shape" || name == "batch_input_shape")) {
    const char* other = name == "batch_shape" ? "batch_input_shape" : "batch_shape";
    asked_.emplace(other);
    found = config_.find(other);
  }
  return found == config_.end() ? nullptr : &*found;
}

void JsonReader::finish() const {
  std::string unknown;
  for (const auto& [name, value] : config_.items()) {
    if (asked_.contains(name) || value.is_null()) continue;
    if (std::find(kIgnored.begin(), kIgnored.end(), name) != kIgnored.end()) continue;
    unknown += (unknown.empty() ? "'" : ", '") + name + "'";
  }
  require<ValueError>(unknown.empty(), who_, ": unknown argument ", unknown);
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

double JsonReader::number(std::string_view name, const Json& value) const {
  if (value == "inf") return std::numeric_limits<double>::infinity();
  if (value == "-inf") return -std::numeric_limits<double>::infinity();
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_number()) wrong(name, "a number", value);
  return value.get<double>();
}

void JsonReader::operator()(std::string_view name, bool& value) {
  const Json* json = find(name);
  if (!json || json->is_null()) return;
  if (!json->is_boolean()) wrong(name, "true or false", *json);
  value = json->get<bool>();
}

void JsonReader::operator()(std::string_view name, int& value) {
  const Json* json = find(name);
  if (json)
    value = static_cast<int>(integer(name, *json, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}

void JsonReader::operator()(std::string_view name, std::int64_t& value) {
  const Json* json = find(name);
  if (json)
    value = integer(name, *json, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

void JsonReader::operator()(std::string_view name, double& value) {
  const Json* json = find(name);
  if (json) value = number(name, *json);
}

void JsonReader::operator()(std::string_view name, std::string& value) {
  const Json* json = find(name);
  if (!json) return;
  // Of a dtype policy its name.
  if (name == "dtype" && json->is_object()) {
    const std::string dtype = text_of(config_in(*json), "name");
    if (dtype.empty()) wrong(name, "a name or a DTypePolicy", *json);
    value = dtype;
    return;
  }
  if (json->is_null())
    value.clear();
  else if (json->is_string())
    value = json->get<std::string>();
  else
    wrong(name, "a text", *json);
}

void JsonReader::operator()(std::string_view name, graph::Shape& value) {
  const Json* json = find(name);
  if (!json) return;
  if (json->is_null()) return void(value = graph::Shape::unset());
  if (!json->is_array() || json->size() > static_cast<std::size_t>(graph::Shape::kMaxRank))
    wrong(name, "a list of at most 8 lengths", *json);
  graph::Shape shape;
  for (const Json& length : *json)
    shape = shape.append(length.is_null()
                             ? graph::kUnknown
                             : integer(name, length, graph::kUnknown, std::numeric_limits<std::int64_t>::max()));
  value = shape;
}

template <class T>
void JsonReader::optional(std::string_view name, std::optional<T>& value) {
  const Json* json = find(name);
  if (!json) return;
  if (json->is_null()) return void(value = std::nullopt);
  T read{};
  (*this)(name, read);
  value = read;
}

void JsonReader::operator()(std::string_view name, std::optional<bool>& value) { optional(name, value); }
void JsonReader::operator()(std::string_view name, std::optional<int>& value) { optional(name, value); }
void JsonReader::operator()(std::string_view name, std::optional<double>& value) { optional(name, value); }
void JsonReader::operator()(std::string_view name, std::optional<std::vector<int>>& value) { optional(name, value); }

void JsonReader::operator()(std::string_view name, std::optional<std::int64_t>& value) {
  const Json* json = find(name);
  // Keras 3 writes a SeedGenerator as an object.
  if (name == "seed" && json && json->is_object()) {
    const Json& config = config_in(*json);
    const auto seed = config.find("seed");
    if (seed == config.end()) wrong(name, "a whole number", *json);
    if (seed->is_null())
      value = std::nullopt;
    else
      value = integer(name, *seed, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    return;
  }
  optional(name, value);
}

void JsonReader::operator()(std::string_view name, std::vector<int>& value) {
  const Json* json = find(name);
  if (!json) return;
  const auto read = [&](const Json& n) {
    return static_cast<int>(integer(name, n, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  };
  value.clear();
  if (json->is_number()) return value.push_back(read(*json));
  if (!json->is_array()) wrong(name, "a list of whole numbers", *json);
  for (const Json& n : *json) value.push_back(n.is_null() ? -1 : read(n));
}

void JsonReader::operator()(std::string_view name, std::vector<double>& value) {
  const Json* json = find(name);
  if (!json) return;
  if (!json->is_array()) wrong(name, "a list of numbers", *json);
  value.clear();
  for (const Json& x : *json) value.push_back(number(name, x));
}

void JsonReader::operator()(std::string_view name, std::vector<std::string>& value) {
  const Json* json = find(name);
  if (!json) return;
  if (!json->is_array()) wrong(name, "a list of texts", *json);
  value.clear();
  for (const Json& text : *json) {
    if (!text.is_string()) wrong(name, "a list of texts", *json);
    value.push_back(text.get<std::string>());
  }
}

template <class T>
void JsonReader::object(std::string_view name, Arg<T>& value) {
  const Json* json = find(name);
  if (!json) return;
  if (json->is_null()) return void(value = nullptr);
  if (!json->is_string() && !json->is_object()) wrong(name, "a name or an object with a class_name", *json);
  // A bare name may have a meaning of its own ("l1_l2").
  if (json->is_string())
    value = Arg<T>(T::from_name(class_name_of(
        *json, [](std::string_view) { return true; }, written_by_)));
  else
    value = make_object(Kind<T>::registry(), *json, written_by_);
}

void JsonReader::operator()(std::string_view name, Arg<activations::Activation>& value) { object(name, value); }
void JsonReader::operator()(std::string_view name, Arg<initializers::Initializer>& value) { object(name, value); }
void JsonReader::operator()(std::string_view name, Arg<regularizers::Regularizer>& value) { object(name, value); }
void JsonReader::operator()(std::string_view name, Arg<constraints::Constraint>& value) { object(name, value); }

void JsonReader::operator()(std::string_view name, LearningRate& value) {
  const Json* json = find(name);
  if (!json) return;
  if (json->is_object())
    value = LearningRate(make_object(schedules::registry(), *json, written_by_));
  else
    value = LearningRate(number(name, *json));
}

void JsonReader::operator()(std::string_view name, std::optional<LearningRate>& value) {
  const Json* json = find(name);
  if (!json) return;
  if (json->is_null()) return void(value = std::nullopt);
  LearningRate rate(0);
  (*this)(name, rate);
  value = rate;
}

std::string class_name_of(const Json& object, const std::function<bool(std::string_view)>& is_known,
                          KerasVersion written_by) {
  if (object.is_string()) return of_version(object.get<std::string>(), written_by);
  require<FormatError>(object.is_object(), "expected a name or an object with a class_name, got ", shortened(object));
  const std::string written = text_of(object, "class_name");
  require<FormatError>(!written.empty(), "expected an object with a class_name, got ", shortened(object));
  // Functions: {"class_name": "function", "config": "my_function"}, or wrapped into an object: {"config": {"fn":
  // "categorical_accuracy"}}.
  const auto config = object.find("config");
  if (written == "function" && config != object.end() && config->is_string())
    return of_version(config->get<std::string>(), written_by);
  if (written == "MeanMetricWrapper" || written == "LossFunctionWrapper")
    if (const std::string function = text_of(config_in(object), "fn"); !function.empty()) return function;
  if (is_known(written)) return of_version(written, written_by);
  // "Custom>Adam": a class with the package it was registered for.
  if (const auto package = written.rfind('>'); package != std::string::npos && is_known(written.substr(package + 1)))
    return written.substr(package + 1);
  return written;
}

const Json& config_in(const Json& object) {
  static const Json empty = Json::object();
  if (!object.is_object()) return empty;
  const auto found = object.find("config");
  return found == object.end() || found->is_string() ? empty : *found;
}

}  // namespace cornu::keras::saving::internal

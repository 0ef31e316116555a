#include "cornu/keras/saving/internal/json_writer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/saving/internal/kind.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using graph::ValueError;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What Keras 2 does not have.
constexpr std::array<std::string_view, 13> kActivationsOfKeras3 = {
    "celu",      "glu",         "hard_shrink",    "hard_silu",  "hard_tanh",   "log_sigmoid", "soft_shrink",
    "sparsemax", "sparse_plus", "sparse_sigmoid", "squareplus", "tanh_shrink", "threshold"};
constexpr std::array<std::string_view, 8> kArgumentsOfKeras3 = {
    "input_axes", "output_axes", "optional", "lora_rank", "loss_scale_factor", "gradient_accumulation_steps",
    "dtype",      "lora_alpha"};

// What Keras 3 leaves out, or does not have and takes, if there is none.
constexpr std::array<std::string_view, 4> kLeftOutOfKeras3 = {"activity_regularizer", "lora_rank", "lora_alpha",
                                                              "input_length"};

/// "layer 'dense_1'", "initializer 'HeNormal'".
template <class T>
std::string describe(const T& object) {
  if constexpr (std::is_same_v<T, layers::Layer>)
    if (!object.name().empty()) return graph::message("layer '", object.name(), "'");
  return graph::message(Kind<T>::registry().kind(), " '", object.class_name(), "'");
}

template <class T>
void require_registered(const T& object) {
  const std::string class_name = object.class_name() == "<lambda>" ? "Name" : object.class_name();
  require<ValueError>(Kind<T>::registry().contains(object.class_name()), describe(object),
                      " cannot be saved: its class is not registered. Make it a class and call ",
                      Kind<T>::registry_name, ".add<", class_name, ">(\"", class_name,
                      "\") at the start of the program");
}

// Unregistered objects have no config that another program could read: a comparison asks whether they are the same.
template <class T>
bool is_anonymous(const T& object) {
  return !Kind<T>::registry().contains(object.class_name());
}

template <class T>
Json write_object(const T& object, Form form) {
  if (is_anonymous(object)) {
    if (form == Form::comparison) return graph::message(static_cast<const void*>(&object));
    if (form == Form::own) return Json{{"class_name", object.class_name()}, {"config", config_of(object, form)}};
    require_registered(object);
  }
  if (form == Form::keras2 && object.class_name() == "STFT")
    throw ValueError("initializer 'STFT' cannot be saved for Keras 2, which does not have it");
  if (form != Form::keras2 && form != Form::keras3)
    return Json{{"class_name", object.class_name()}, {"config", config_of(object, form)}};
  return Json{{"module", Kind<T>::module},
              {"class_name", object.class_name()},
              {"config", config_of(object, form)},
              {"registered_name", nullptr}};
}

// Keras writes its functions' names, and has no form for arguments.
Json write_object(const activations::Activation& activation, Form form) {
  std::string name = activation.class_name();
  if (is_anonymous(activation)) {
    if (form == Form::comparison) return graph::message(static_cast<const void*>(&activation));
    if (form == Form::own) return name;
    require_registered(activation);
  }
  const Json config = config_of(activation, Form::comparison);
  if (config != config_of(*activations::registry().make(name), Form::comparison)) {
    require<ValueError>(form != Form::keras2 && form != Form::keras3, "activation '", name, "' with arguments ",
                        config.dump(), " cannot be saved: Keras' files hold an activation's name alone");
    return Json{{"class_name", name}, {"config", config}};
  }
  if (form == Form::keras2) {
    if (name == "silu") return "swish";
    if (name == "hard_sigmoid_keras2") return "hard_sigmoid";
    require<ValueError>(
        name != "hard_sigmoid",
        "activation 'hard_sigmoid' cannot be saved for Keras 2, whose function of that name is another one: "
        "'hard_sigmoid_keras2'");
    require<ValueError>(!is_one_of(name, kActivationsOfKeras3), "activation '", name,
                        "' cannot be saved for Keras 2, which does not have it");
  }
  if (form == Form::keras3)
    require<ValueError>(name != "hard_sigmoid_keras2",
                        "activation 'hard_sigmoid_keras2' cannot be saved for Keras 3, which does not have it");
  return name;
}

template <class T>
Json write_or_null(const Shared<T>& object, Form form) {
  return object ? write_object(*object, form) : Json(nullptr);
}

Json array_of(const graph::Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t length : shape) list.push_back(length == graph::kUnknown ? Json(nullptr) : Json(length));
  return list;
}

}  // namespace

Form form_of(KerasVersion version) { return version == KerasVersion::keras2 ? Form::keras2 : Form::keras3; }

void JsonWriter::put(std::string_view name, Json value) {
  if (form_ == Form::keras2 && is_one_of(name, kArgumentsOfKeras3) && !(name == "dtype" && !value.is_null())) {
    require<ValueError>(value.is_null() || value == false, who_,
                        " cannot be saved for Keras 2, which has no argument '", name, "'");
    return;
  }
  if (form_ == Form::keras3 && is_one_of(name, kLeftOutOfKeras3) && value.is_null()) return;
  json_[std::string(name)] = std::move(value);
}

// JSON has no such numbers.
Json JsonWriter::number(std::string_view name, double value) const {
  if (std::isfinite(value)) return value;
  require<ValueError>(!for_keras(), who_, " cannot be saved: '", name, "' is ", value);
  return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

void JsonWriter::operator()(std::string_view name, bool& value) { put(name, value); }
void JsonWriter::operator()(std::string_view name, int& value) { put(name, value); }
void JsonWriter::operator()(std::string_view name, std::int64_t& value) { put(name, value); }
void JsonWriter::operator()(std::string_view name, double& value) { put(name, number(name, value)); }
void JsonWriter::operator()(std::string_view name, std::string& value) {
  try {
    Json(value).dump();
  } catch (const Json::exception&) {
    throw ValueError(graph::message(who_, " cannot be saved: '", name, "' is not valid UTF-8"));
  }
  put(name, value.empty() ? Json(nullptr) : Json(value));
}
void JsonWriter::operator()(std::string_view name, std::optional<bool>& value) {
  put(name, value ? Json(*value) : Json(nullptr));
}
void JsonWriter::operator()(std::string_view name, std::optional<int>& value) {
  put(name, value ? Json(*value) : Json(nullptr));
}
void JsonWriter::operator()(std::string_view name, std::optional<std::int64_t>& value) {
  put(name, value ? Json(*value) : Json(nullptr));
}
void JsonWriter::operator()(std::string_view name, std::optional<double>& value) {
  put(name, value ? number(name, *value) : Json(nullptr));
}
void JsonWriter::operator()(std::string_view name, std::vector<int>& value) {
  put(name, name == "axis" && value.size() == 1 ? Json(value[0]) : Json(value));
}
void JsonWriter::operator()(std::string_view name, std::optional<std::vector<int>>& value) {
  put(name, value ? Json(*value) : Json(nullptr));
}
void JsonWriter::operator()(std::string_view name, std::vector<std::string>& value) { put(name, value); }
void JsonWriter::operator()(std::string_view name, Arg<initializers::Initializer>& value) {
  put(name, write_or_null(value, form_));
}
void JsonWriter::operator()(std::string_view name, Arg<regularizers::Regularizer>& value) {
  put(name, write_or_null(value, form_));
}
void JsonWriter::operator()(std::string_view name, Arg<constraints::Constraint>& value) {
  put(name, write_or_null(value, form_));
}
void JsonWriter::operator()(std::string_view name, Arg<activations::Activation>& value) {
  put(name, value ? write_object(*value, form_) : Json("linear"));
}

void JsonWriter::operator()(std::string_view name, std::vector<double>& value) {
  Json list = Json::array();
  for (const double x : value) list.push_back(number(name, x));
  put(name, std::move(list));
}

void JsonWriter::operator()(std::string_view name, LearningRate& value) {
  put(name, value.schedule() ? write_object(*value.schedule(), form_) : number(name, value.value()));
}

void JsonWriter::operator()(std::string_view name, std::optional<LearningRate>& value) {
  if (value)
    (*this)(name, *value);
  else
    put(name, nullptr);
}

void JsonWriter::operator()(std::string_view name, graph::Shape& value) {
  if (name == "batch_input_shape" && (form_ == Form::keras3 || !value.is_set())) return;
  put(name == "batch_shape" && form_ == Form::keras2 ? "batch_input_shape" : name,
      value.is_set() ? array_of(value) : Json(nullptr));
}

void JsonWriter::dtype_policy(std::string_view name, std::string& value) {
  is_layer_ = true;
  const std::string dtype = value.empty() ? "float32" : value;
  if (form_ == Form::keras3)
    put(name, {{"module", "keras"},
               {"class_name", "DTypePolicy"},
               {"config", {{"name", dtype}}},
               {"registered_name", nullptr}});
  else
    put(name, dtype);
}

Json JsonWriter::take() {
  if (!is_layer_) return std::move(json_);
  Json ordered = Json::object();
  for (const char* name : {"name", "trainable", "dtype", "batch_input_shape"})
    if (const auto found = json_.find(name); found != json_.end()) ordered[name] = *found;
  for (auto& [name, value] : json_.items())
    if (!ordered.contains(name)) ordered[name] = std::move(value);
  return ordered;
}

Json config_of(const Object& object, Form form) {
  const std::string who = visit_kind(
      object, [](const auto& o) { return describe(o); }, [&] { return object.class_name(); });
  JsonWriter writer(who, form);
  try {
    const_cast<Object&>(object).fields(writer);  // a visitor that only reads
  } catch (const ValueError& e) {
    // What is inside of a layer is reported by the layer's name.
    const std::string text = e.what();
    if (dynamic_cast<const layers::Layer*>(&object) == nullptr || text.find(who) != std::string::npos) throw;
    throw ValueError(who + ": " + text);
  }
  return writer.take();
}

Json object_of(const Object& object, Form form) {
  return visit_kind(
      object, [&](const auto& o) { return write_object(o, form); },
      [&] {
        return Json{{"class_name", object.class_name()}, {"config", config_of(object, form)}};
      });
}

}  // namespace cornu::keras::saving::internal

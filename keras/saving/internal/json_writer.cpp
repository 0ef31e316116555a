#include "cornu/keras/saving/internal/json_writer.h"

#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/registry.h"
#include "cornu/keras/saving/internal/layer_graph.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using graph::ValueError;

bool for_keras(Form form) { return form == Form::keras2 || form == Form::keras3; }

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

Json array_of(const graph::Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t length : shape) list.push_back(length == graph::kUnknown ? Json(nullptr) : Json(length));
  return list;
}

// A number, or lists of them.
Json nested(const graph::Array& array) {
  if (array.ndim() == 0)
    return graph::is_integer(array.dtype()) ? Json(array.item<std::int64_t>()) : Json(array.item<double>());
  Json list = Json::array();
  for (std::int64_t i = 0; i < array.rows(); ++i) list.push_back(nested(array[i]));
  return list;
}

[[noreturn]] void refuse_unregistered(const Object& object) {
  const std::string class_name = object.class_name(), name = class_name == "<lambda>" ? "Name" : class_name;
  throw ValueError(
      graph::message(object.described(), " cannot be saved: its class is not registered. Make it a class and call ",
                     object.kind()->form().registry, ".add<", name, ">(\"", name, "\") at the start of the program"));
}

void require_known_to(Form form, const Object& object, const AnyRegistry::Entry& entry) {
  if (!for_keras(form)) return;
  const ClassForm& its = entry.form;
  require<ValueError>(its.cannot_be_saved.empty(), object.described(), " cannot be saved", its.cannot_be_saved);
  require<ValueError>(form != Form::keras3 || !its.only_keras2, object.described(),
                      " cannot be saved for Keras 3, which does not have it");
  if (form != Form::keras2 || !its.since_keras3) return;
  const auto* other = object.kind()->find_keras2(entry.class_name);
  throw ValueError(
      object.described() + " cannot be saved for Keras 2, " +
      (other ? "whose function of that name is another one: '" + other->class_name + "'" : "which does not have it"));
}

// Keras' files have no form for the arguments of what they hold by name.
Json name_or_arguments(const Object& object, const AnyRegistry::Entry& entry, Form form) {
  const Json config = config_of(object, Form::comparison);
  if (config != config_of(*entry.make(nullptr), Form::comparison)) {
    require<ValueError>(!for_keras(form), object.described(), " with arguments ", write_json(config),
                        " cannot be saved: Keras' files hold its name alone");
    return Json{{"class_name", entry.class_name}, {"config", config}};
  }
  return form == Form::keras2 && !entry.form.keras2_name.empty() ? Json(entry.form.keras2_name)
                                                                 : Json(entry.class_name);
}

}  // namespace

Form form_of(KerasVersion version) { return version == KerasVersion::keras2 ? Form::keras2 : Form::keras3; }

ConfigVisitor::Purpose JsonWriter::purpose() const {
  return form_ == Form::keras2 ? Purpose::write_keras2 : form_ == Form::keras3 ? Purpose::write_keras3 : Purpose::write;
}

void JsonWriter::not_in_keras2(const std::string& what) {
  require<ValueError>(form_ != Form::keras2, who_, " cannot be saved for Keras 2, which has no ", what);
}

bool JsonWriter::leaves_out(const Field& field, const Json& value) {
  const FieldForm& form = field.form;
  if (form_ == Form::keras2 && form.since_keras3) {
    if (!value.is_null() && value != false) not_in_keras2(graph::message("argument '", field.name, "'"));
    return true;
  }
  if ((form_ == Form::keras2 && form.only_keras3) || (form_ != Form::keras2 && form.only_keras2) ||
      (form_ == Form::keras3 && form.until_keras3))
    return true;
  return value.is_null() && (form.unless_null || (form_ == Form::keras3 && form.keras3_unless_null));
}

void JsonWriter::visit(const Field& field, FieldValue value) {
  if (field.form.only_read) return;
  Json json = written(field, value);
  if (leaves_out(field, json)) return;
  if (std::holds_alternative<LayerGraph*>(value)) {  // fields of its own
    for (auto& [name, part] : json.items()) rest_[name] = std::move(part);
    return;
  }
  const bool renamed = form_ == Form::keras2 && !field.form.keras2_name.empty();
  (field.form.in_front ? front_ : rest_)[std::string(renamed ? field.form.keras2_name : field.name)] = std::move(json);
}

Json JsonWriter::written(const Field& field, FieldValue value) const {
  const auto or_null = [](const auto& optional) { return optional ? Json(*optional) : Json(nullptr); };
  const auto list_or_number = [&](const auto& list) {
    return field.form.number_if_one && list.size() == 1 ? Json(list.front()) : Json(list);
  };
  const auto checked = [&](Json json) {
    try {
      json.dump();
    } catch (const Json::exception&) {
      throw ValueError(graph::message(who_, " cannot be saved: '", field.name, "' is not valid UTF-8"));
    }
    return json;
  };
  return std::visit(
      Overloaded{[&](const std::string* text) { return text->empty() ? Json(nullptr) : checked(*text); },
                 [&](const std::vector<std::string>* list) {
                   return list->empty() ? Json(nullptr) : checked(list_or_number(*list));
                 },
                 [](const graph::Shape* shape) { return shape->is_set() ? array_of(*shape) : Json(nullptr); },
                 [&](const std::vector<int>* list) { return list_or_number(*list); },
                 [&](const std::optional<std::vector<double>>* list) {
                   return *list ? list_or_number(**list) : Json(nullptr);
                 },
                 [](const std::vector<double>* list) { return list->empty() ? Json(nullptr) : Json(*list); },
                 [](const std::map<std::string, double>* map) { return map->empty() ? Json(nullptr) : Json(*map); },
                 [](const std::optional<graph::Array>* array) { return *array ? nested(**array) : Json(nullptr); },
                 [&]<class T>(const std::optional<T>* optional) { return or_null(*optional); },
                 [&](const ObjectSlot* slot) { return written_slot(*slot); },
                 [&](ObjectList* list) { return written_list(*list); },
                 [&](LayerGraph* layers) { return write_graph(*layers, form_); },
                 [](const auto* plain) { return Json(*plain); }},
      value);
}

Json JsonWriter::written_slot(const ObjectSlot& slot) const {
  if (const auto number = slot.number()) return *number;
  const std::string_view none = slot.registry().form().none;
  if (!slot.get()) return none.empty() ? Json(nullptr) : Json(none);
  try {
    return object_of(*slot.get(), form_);
  } catch (const ValueError& e) {
    throw ValueError(who_ + ": " + e.what());
  }
}

Json JsonWriter::written_list(ObjectList& list) const {
  Json json = Json::array();
  for (std::size_t i = 0; i < list.size(); ++i)
    list.at(i, [&](ObjectSlot& slot) {
      Json entry = written_slot(slot);
      json.push_back(of_model_ ? in_list(std::move(entry), form_) : std::move(entry));
    });
  return json;
}

Json JsonWriter::take() {
  for (auto& [name, value] : rest_.items()) front_[name] = std::move(value);
  return std::move(front_);
}

Json config_of(const Object& object, Form form) {
  JsonWriter writer(object.described(), form, dynamic_cast<const models::Network*>(&object) != nullptr);
  const_cast<Object&>(object).fields(writer);  // a visitor that only reads
  return writer.take();
}

// A model's list in files of Keras 2 has the class and the config alone: a layer with a module is read by Keras 3 in
// another way. What other layers list, the cells of a stack, has its module in both, without which Keras 3 reads none.
Json in_list(Json object, Form form) {
  if (form != Form::keras2 || !object.is_object() || !object.contains("class_name")) return object;
  return Json{{"class_name", object["class_name"]}, {"config", std::move(object["config"])}};
}

Json object_of(const Object& object, Form form) {
  const AnyRegistry* kind = object.kind();
  const AnyRegistry::Entry* entry = registered_as(object);
  const bool by_name = kind && kind->form().by_name;
  if (kind && !entry) {
    // It has no config that another program could read: a comparison asks whether both are the same.
    if (form == Form::comparison) return graph::message(static_cast<const void*>(&object));
    if (form != Form::own) refuse_unregistered(object);
    if (by_name) return object.class_name();
  }
  if (kind && entry) {
    require_known_to(form, object, *entry);
    if (by_name) return name_or_arguments(object, *entry, form);
  }
  Json config = config_of(object, form);
  if (!kind || !for_keras(form)) return Json{{"class_name", object.class_name()}, {"config", std::move(config)}};
  const ClassForm its = entry ? entry->form : ClassForm();
  const bool renamed = form == Form::keras2 && !its.keras2_name.empty();
  return Json{{"module", its.module.empty() ? kind->form().module : its.module},
              {"class_name", renamed ? std::string(its.keras2_name) : object.class_name()},
              {"config", std::move(config)},
              {"registered_name", its.registered_name.empty() ? Json(nullptr) : Json(its.registered_name)}};
}

}  // namespace cornu::keras::saving::internal

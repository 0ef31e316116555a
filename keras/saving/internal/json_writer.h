#pragma once

#include <string>

#include "cornu/keras/field_value.h"
#include "cornu/keras/object.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/saving/internal/json_text.h"

namespace cornu::keras::saving::internal {

/// Whom the JSON is for: a Keras, `get_config`'s caller (everything there is), or a comparison (functions without a
/// name by address).
enum class Form { keras2, keras3, own, comparison };
Form form_of(KerasVersion version);

/// Writes the fields of a config. Names its object in errors.
class JsonWriter final : public ConfigVisitor {
 public:
  /// `of_model`: what lists layers that files of Keras 2 describe in a shorter form (see `in_list`).
  JsonWriter(std::string who, Form form, bool of_model = false)
      : who_(std::move(who)), form_(form), of_model_(of_model) {}
  /// The config, base arguments in front as in Keras.
  Json take();

  void visit(const Field& field, FieldValue value) override;
  Purpose purpose() const override;
  void not_in_keras2(const std::string& what) override;

 private:
  bool leaves_out(const Field& field, const Json& value);
  Json written(const Field& field, FieldValue value) const;
  Json written_slot(const ObjectSlot& slot) const;
  Json written_list(ObjectList& list) const;

  std::string who_;
  Form form_;
  bool of_model_;
  Json front_ = Json::object(), rest_ = Json::object();
};

Json config_of(const Object& object, Form form);
/// With class name, module and registered name; what Keras knows by its name alone, an activation, as that name.
Json object_of(const Object& object, Form form);
/// The same as an element of a model's list of layers.
Json in_list(Json object, Form form);

}  // namespace cornu::keras::saving::internal

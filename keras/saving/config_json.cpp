#include "cornu/keras/saving/config_json.h"

#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras {

using saving::internal::Form;

std::string get_config(const Object& object) {
  return saving::internal::write_json(saving::internal::config_of(object, Form::own));
}

bool same_config(const Object& a, const Object& b) {
  // As texts: NaN equals itself.
  const auto content = [](const Object& object) {
    return saving::internal::write_json(saving::internal::object_of(object, Form::comparison));
  };
  return &a == &b || (a.class_name() == b.class_name() && content(a) == content(b));
}

namespace saving {

std::string serialize(const Object& object, KerasVersion version) {
  return internal::write_json(internal::object_of(object, internal::form_of(version)));
}
std::string serialize_config(const Object& object, KerasVersion version) {
  return internal::write_json(internal::config_of(object, internal::form_of(version)));
}

std::shared_ptr<Object> deserialize_any(const AnyRegistry& registry, const std::string& json, KerasVersion written_by,
                                        const CustomObjects& custom_objects) {
  const CustomObjectScope scope(custom_objects);
  return internal::make_any_object(registry, internal::parse_json(json, "object"), written_by);
}

}  // namespace saving
}  // namespace cornu::keras

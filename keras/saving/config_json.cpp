#include "cornu/keras/saving/config_json.h"

#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras {

std::string get_config(const Object& object) {
  return saving::internal::config_of(object, saving::internal::Form::own).dump();
}

bool same_config(const Object& a, const Object& b) {
  const auto content = [](const Object& object) {
    return saving::internal::object_of(object, saving::internal::Form::comparison);
  };
  return &a == &b || (a.class_name() == b.class_name() && content(a) == content(b));
}

namespace saving {

std::string serialize(const Object& object, KerasVersion version) {
  return internal::object_of(object, internal::form_of(version)).dump();
}
std::string serialize_config(const Object& object, KerasVersion version) {
  return internal::config_of(object, internal::form_of(version)).dump();
}

struct ObjectReader::State {
  internal::Json json;
  KerasVersion written_by;
  std::unique_ptr<internal::JsonReader> reader;
};

ObjectReader::ObjectReader(const std::string& json, KerasVersion written_by)
    : state_(std::make_unique<State>(State{internal::parse_json(json, "object"), written_by, nullptr})) {}
ObjectReader::~ObjectReader() = default;

std::string ObjectReader::class_name(const std::function<bool(std::string_view)>& is_known) const {
  return internal::class_name_of(state_->json, is_known, state_->written_by);
}

ConfigVisitor& ObjectReader::config() {
  const std::string who = class_name([](std::string_view) { return true; });
  state_->reader = std::make_unique<internal::JsonReader>(who, internal::config_in(state_->json), state_->written_by);
  return *state_->reader;
}

void ObjectReader::finish() {
  if (state_->reader) state_->reader->finish();
}

}  // namespace saving
}  // namespace cornu::keras

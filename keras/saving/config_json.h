#pragma once

#include <memory>
#include <string>

#include "cornu/keras/registry.h"
#include "cornu/keras/saving/custom_objects.h"

namespace cornu::keras::saving {

/// Whose form a config has. Keras 2: dtype as a text, `batch_input_shape`; Keras 3: dtype as a DTypePolicy object,
/// `batch_shape`. Both are read by one reader; what a name means may differ ("hard_sigmoid").
enum class KerasVersion { keras2, keras3 };

/// An object as Keras writes it: `{"module": "keras.layers", "class_name": "Dense", "config": {…}, "registered_name":
/// null}`. Numbers that are not finite are written as Python's json does: NaN, Infinity, -Infinity.
///
/// Throws ValueError, naming the object, for what that Keras could not read or would compute otherwise: functions
/// without a name and classes that are not registered (saying how to), activations with arguments, arguments that Keras
/// 2 does not have.
std::string serialize(const Object& object, KerasVersion version);
/// The `config` alone.
std::string serialize_config(const Object& object, KerasVersion version);

/// Makes an object from JSON of either Keras: an object with class_name and config, or a bare name ("relu",
/// "glorot_uniform"). Unknown to the config may be only what is null.
///
///     auto layer = saving::deserialize(layers::registry(), R"({"class_name": "Dense", "config": {"units": 3}})");
///
/// `custom_objects`: what names that are not registered stand for.
///
/// Throws ValueError for an unknown class (with the known ones), an unknown argument (naming class and argument) and
/// arguments that the class refuses; FormatError for a wrong type, naming class and argument, and for a text that is no
/// JSON, is nested more than 200 deep, or is no object or name.
std::shared_ptr<Object> deserialize_any(const AnyRegistry& registry, const std::string& json, KerasVersion written_by,
                                        const CustomObjects& custom_objects = {});
template <class T>
Shared<T> deserialize(const Registry<T>& registry, const std::string& json,
                      KerasVersion written_by = KerasVersion::keras3, const CustomObjects& custom_objects = {}) {
  return std::static_pointer_cast<T>(deserialize_any(registry, json, written_by, custom_objects));
}

}  // namespace cornu::keras::saving

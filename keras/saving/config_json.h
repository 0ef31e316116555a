#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cornu/keras/registry.h"

namespace cornu::keras::saving {

/// Whose form a config has. Keras 2: dtype as a text, `batch_input_shape`; Keras 3: dtype as a DTypePolicy object,
/// `batch_shape`. Both are read by one reader; what a name means may differ ("hard_sigmoid").
enum class KerasVersion { keras2, keras3 };

/// An object as Keras writes it: `{"module": "keras.layers", "class_name": "Dense", "config": {…}, "registered_name":
/// null}`.
///
/// Throws ValueError, naming the object, for what that Keras could not read or would compute otherwise: functions
/// without a name and classes that are not registered (saying how to), activations with arguments, arguments that Keras
/// 2 does not have.
std::string serialize(const Object& object, KerasVersion version);
/// The `config` alone.
std::string serialize_config(const Object& object, KerasVersion version);

/// The JSON of one object, taken apart for `deserialize`.
class CORNU_EXPORT ObjectReader {
 public:
  /// Throws FormatError if the text is no JSON, is nested more than 200 deep, or is no object or name.
  ObjectReader(const std::string& json, KerasVersion written_by);
  ~ObjectReader();
  /// The name under which the class is known: of "Custom>Adam" and of wrappers such as MeanMetricWrapper that of what
  /// is meant.
  std::string class_name(const std::function<bool(std::string_view)>& is_known) const;
  /// Fills the fields of a config.
  ConfigVisitor& config();
  /// Throws ValueError for arguments that no field took.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Makes an object from JSON of either Keras: an object with class_name and config, or a bare name ("relu",
/// "glorot_uniform"). Unknown to the config may be only what is null.
///
///     auto layer = saving::deserialize(layers::registry(), R"({"class_name": "Dense", "config": {"units": 3}})");
///
/// Throws ValueError for an unknown class (with the known ones), an unknown argument (naming class and argument) and
/// arguments that the class refuses; FormatError for a wrong type, naming class and argument, and for a text that is no
/// such JSON.
template <class T>
Shared<T> deserialize(const Registry<T>& registry, const std::string& json,
                      KerasVersion written_by = KerasVersion::keras3) {
  ObjectReader reader(json, written_by);
  const auto& entry = registry.find(reader.class_name([&](std::string_view name) { return registry.contains(name); }));
  Shared<T> object = entry.make(&reader.config());
  reader.finish();
  return object;
}

}  // namespace cornu::keras::saving

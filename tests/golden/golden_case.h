#pragma once

#include <cornu/cornu.h>
#include <cornu/io/hdf5/reader.h>

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/golden/known_classes.h"

namespace cornu::golden {

/// Thrown for a case that needs a class, or a form of file, which Cornu does not have yet. Found from the case's config
/// before anything is built: an error of Cornu's is never taken for it.
struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// Skips the case if there is such a class: see `unknown_class`.
inline void skip_unless_known(const std::string& unknown) {
  if (!unknown.empty()) throw Skip("there is no " + unknown);
}

/// One file of the golden cases: what real Keras was given, and what it gave.
class Case {
 public:
  explicit Case(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::string kind() const { return root_.text("kind"); }
  const nlohmann::json& config() const { return config_; }
  /// Attributes of the file.
  bool has(const std::string& attribute) const { return root_.has_attribute(attribute); }
  std::int64_t integer(const std::string& attribute) const { return root_.integer(attribute); }
  std::string text(const std::string& attribute) const { return root_.text(attribute); }
  nlohmann::json json(const std::string& attribute) const { return nlohmann::json::parse(text(attribute)); }
  bool flag(const std::string& attribute) const { return has(attribute) && integer(attribute) != 0; }

  bool has_data(const std::string& name) const { return root_.has(name); }
  /// Booleans are stored as uint8 with a mark.
  Array data(const std::string& name) const;
  std::optional<Array> optional_data(const std::string& name) const;
  /// The datasets that start with a prefix and a number: input_0, input_1, …
  std::vector<Array> numbered(const std::string& prefix) const;

  /// Compares with the expected dataset of that name, within its tolerances; a difference is noted and the case goes
  /// on.
  void compare(const std::string& name, const Array& got);
  /// Every expected dataset has to be compared with: names that were not are a failure.
  void finish();
  const std::vector<std::string>& failures() const { return failures_; }
  void fail(const std::string& text) { failures_.push_back(text); }
  std::size_t compared() const { return compared_.size(); }

 private:
  std::filesystem::path path_;
  io::hdf5::File file_;
  io::hdf5::Group root_;
  nlohmann::json config_;
  std::vector<std::string> failures_, compared_;
};

/// How each kind of case is run; a file tests/golden/<kind>_case.cpp adds its own.
using Runner = std::function<void(Case&)>;
std::map<std::string, Runner>& runners();
bool add_runner(const std::string& kind, Runner runner);

/// Makes an object from its config. Skips the case if Cornu does not have its class or one inside; anything else that
/// the config has and Cornu has not is an error.
template <class T>
keras::Shared<T> make(const keras::Registry<T>& registry, const nlohmann::json& config) {
  skip_unless_known(unknown_class(config, registry));
  return keras::saving::deserialize(registry, config.dump());
}

}  // namespace cornu::golden

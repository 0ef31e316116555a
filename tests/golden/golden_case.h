#pragma once

#include <cornu/cornu.h>

#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace cornu::golden {

/// Thrown for a case that needs a class or an argument which Cornu does not have yet.
struct Skip : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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

/// Skips the case if building from a config meets a class or an argument that is a later work's: the message says
/// "unknown …".
template <class F>
auto unless_unknown(F&& build) {
  try {
    return build();
  } catch (const ValueError& e) {
    if (std::string_view(e.what()).find("unknown") == std::string_view::npos) throw;
    throw Skip(std::string(e.what()).substr(0, std::string_view(e.what()).find("; known")));
  }
}

/// Makes an object from its config, or skips the case.
template <class T>
keras::Shared<T> make(const keras::Registry<T>& registry, const nlohmann::json& config) {
  return unless_unknown([&] { return keras::saving::deserialize(registry, config.dump()); });
}

}  // namespace cornu::golden

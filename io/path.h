#pragma once

#include <concepts>
#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

#include "cornu/graph/export.h"

namespace cornu::io {

/// The name of a file or a folder: a text, or a `std::filesystem::path`, to which it converts as well.
///
///     model.save("model.h5");
///     model.save(std::filesystem::path("models") / "model.h5");
///
/// It exists because <filesystem> takes as long to compile as all of Cornu's layers: a program that does not use it
/// should not pay for it.
class Path {
 public:
  Path() = default;
  Path(const char* text) : text_(text) {}             // NOLINT: a name
  Path(std::string text) : text_(std::move(text)) {}  // NOLINT: a name
  Path(std::string_view text) : text_(text) {}        // NOLINT: a name
  template <class P>
  requires requires(const P& path) {
    { path.native() } -> std::same_as<const std::string&>;
  }
  Path(const P& path) : text_(path.native()) {}  // NOLINT: a std::filesystem::path

  template <class P>
  requires requires(const P& path) {
    { path.native() } -> std::same_as<const std::string&>;
  }
  operator P() const { return P(text_); }  // NOLINT: a std::filesystem::path

  const std::string& string() const { return text_; }
  bool empty() const { return text_.empty(); }
  // A template, so that a comparison with a std::filesystem::path is that class' own.
  template <std::same_as<Path> P>
  friend bool operator==(const P& a, const P& b) {
    return a.text_ == b.text_;
  }
  friend bool operator==(const Path& path, std::string_view text) { return path.text_ == text; }

 private:
  std::string text_;
};

/// In quotation marks, as a `std::filesystem::path` is printed.
CORNU_EXPORT std::ostream& operator<<(std::ostream& out, const Path& path);

}  // namespace cornu::io

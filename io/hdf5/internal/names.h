#pragma once

#include <string>
#include <string_view>

namespace cornu::io::hdf5::internal {

/// What keeps a path below an object, with `/` between names, from naming one place in an HDF5 file; empty if nothing
/// does. The library takes "a//b" and "a/./b" for "a/b", and a text only up to a NUL character.
inline std::string problem_of_path(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return "it holds a NUL character";
  for (std::size_t start = 0;;) {
    const std::size_t end = path.find('/', start);
    const std::string_view name = path.substr(start, end == std::string_view::npos ? end : end - start);
    if (name.empty()) return path.empty() ? "it is empty" : "a name between slashes is empty";
    if (name == ".") return "\".\" stands for the place itself";
    if (end == std::string_view::npos) return "";
    start = end + 1;
  }
}

/// In quotes, with NUL characters as \0: messages end at one.
inline std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (char c : name) c == '\0' ? text += "\\0" : text += c;
  return text + '"';
}

}  // namespace cornu::io::hdf5::internal

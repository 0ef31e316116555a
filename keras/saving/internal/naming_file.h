#pragma once

#include <filesystem>
#include <string>
#include <typeinfo>

#include "cornu/graph/check.h"

namespace cornu::keras::saving::internal {

/// Runs `f`; errors come out naming the file: what does not fit together in it as FormatError, names that nobody knows
/// as ValueError.
template <class F>
decltype(auto) naming_file(const std::filesystem::path& path, F&& f) {
  const auto named = [&](const graph::Error& error) {
    const std::string text = error.what();
    return text.find(path.string()) == std::string::npos ? path.string() + ": " + text : text;
  };
  try {
    return f();
  } catch (const graph::IoError&) {
    throw;
  } catch (const graph::ValueError& error) {
    throw graph::ValueError(named(error));
  } catch (const graph::Error& error) {
    throw graph::FormatError(named(error));
  }
}

}  // namespace cornu::keras::saving::internal

#pragma once

#include <string>
#include <string_view>
#include <typeinfo>

#include "cornu/graph/check.h"

namespace cornu::keras::layers::internal {

/// Throws `error` again with `who` in front, unless it says already which layer it comes from or is of a class that
/// users derived.
template <class E>
[[noreturn]] void rethrow_named(const std::string& who, const E& error) {
  const std::string_view text = error.what();
  if (text.starts_with('[') || typeid(error) != typeid(E)) throw;  // NOLINT: within a handler
  throw E(who + std::string(text));
}

/// Runs `f`; errors come out as `[Dense "dense_1"] …`, of the class they were.
template <class F>
decltype(auto) naming_errors(const std::string& who, F&& f) {
  try {
    return f();
  } catch (const graph::ShapeError& e) {
    rethrow_named(who, e);
  } catch (const graph::TypeError& e) {
    rethrow_named(who, e);
  } catch (const graph::ValueError& e) {
    rethrow_named(who, e);
  } catch (const graph::FormatError& e) {
    rethrow_named(who, e);
  } catch (const graph::IoError& e) {
    rethrow_named(who, e);
  } catch (const graph::Error& e) {
    rethrow_named(who, e);
  }
}

}  // namespace cornu::keras::layers::internal

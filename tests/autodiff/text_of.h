#pragma once

#include <string>

namespace cornu::tests {

/// The text of the exception of type `E` that `f` throws; other exceptions pass.
template <class E, class F>
std::string text_of(const F& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "nothing was thrown";
}

}  // namespace cornu::tests

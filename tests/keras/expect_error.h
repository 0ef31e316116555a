#pragma once

#include <gmock/gmock.h>

#include <string>

#include "cornu/graph/check.h"

namespace cornu::tests {

/// Runs `f`, which must throw an E; gives the text.
template <class E, class F>
std::string error_text(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  } catch (const std::exception& e) {
    ADD_FAILURE() << "threw another exception: " << e.what();
    return e.what();
  }
  ADD_FAILURE() << "did not throw";
  return "";
}

}  // namespace cornu::tests

#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include "cornu/graph/export.h"

namespace cornu::graph {

/// What every exception thrown by Cornu derives from. `what()` names the op, layer or file, what was expected and what
/// came.
class CORNU_EXPORT Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  ~Error() override;
};

/// Shapes that do not fit together. Thrown while a computation is described, not while it runs.
class CORNU_EXPORT ShapeError : public Error {
 public:
  using Error::Error;
  ~ShapeError() override;
};

/// A dtype, or a kind of object, that is not accepted where it came.
class CORNU_EXPORT TypeError : public Error {
 public:
  using Error::Error;
  ~TypeError() override;
};

/// An argument outside of what is allowed: an unknown name, a negative size, a label out of range.
class CORNU_EXPORT ValueError : public Error {
 public:
  using Error::Error;
  ~ValueError() override;
};

/// A file whose content is not what its format promises: truncated, damaged or foreign.
class CORNU_EXPORT FormatError : public Error {
 public:
  using Error::Error;
  ~FormatError() override;
};

/// The operating system refused: a missing file, a full disk, no network.
class CORNU_EXPORT IoError : public Error {
 public:
  using Error::Error;
  ~IoError() override;
};

/// Joins anything that can be streamed into one text: `message("expected ", 3, ", got ", shape)`.
template <class... Parts>
std::string message(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

/// Throws `E` with the joined parts unless `ok`; the parts are only written to text on failure.
template <class E, class... Parts>
void require(bool ok, const Parts&... parts) {
  if (!ok) [[unlikely]]
    throw E(message(parts...));
}

}  // namespace cornu::graph

namespace cornu {
using graph::Error;
using graph::FormatError;
using graph::IoError;
using graph::ShapeError;
using graph::TypeError;
using graph::ValueError;
}  // namespace cornu

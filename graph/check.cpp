#include "cornu/graph/check.h"

namespace cornu::graph {

// Out of line, so that vtables and type information exist once, in the library.
Error::~Error() = default;
ShapeError::~ShapeError() = default;
TypeError::~TypeError() = default;
ValueError::~ValueError() = default;
FormatError::~FormatError() = default;
IoError::~IoError() = default;

}  // namespace cornu::graph

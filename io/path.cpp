#include "cornu/io/path.h"

#include <iomanip>
#include <ostream>

namespace cornu::io {

std::ostream& operator<<(std::ostream& out, const Path& path) { return out << std::quoted(path.string()); }

}  // namespace cornu::io

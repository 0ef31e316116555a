#include "cornu/ops/per_axis.h"

#include <ostream>

namespace cornu::ops {

std::ostream& operator<<(std::ostream& out, const PerAxis& numbers) {
  out << "(";
  for (std::size_t i = 0; i < numbers.size(); ++i) out << (i == 0 ? "" : ", ") << numbers[i];
  return out << (numbers.size() == 1 ? ",)" : ")");
}

}  // namespace cornu::ops

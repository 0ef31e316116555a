#include "cornu/keras/layers/internal/spatial.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::layers::internal {

using graph::require;

void complete_axes(const std::string& who, const char* argument, ops::PerAxis& given, int axes) {
  const ops::PerAxis shown = given;
  if (given.size() == 1) given.assign(static_cast<std::size_t>(axes), given.front());
  const bool fits =
      static_cast<int>(given.size()) == axes && std::all_of(given.begin(), given.end(), [](int n) { return n > 0; });
  require<ValueError>(fits, who, "expected ", argument, " of ", axes, " positive numbers, or one for all, got ", shown);
}

void complete_data_format(const std::string& who, std::string& format) {
  if (format.empty()) format = "channels_last";
  require<ValueError>(format == "channels_last" || format == "channels_first", who,
                      "expected data_format 'channels_last' or 'channels_first', got '", format, "'");
}

Tensor channels_last(const Tensor& x, const std::string& format) {
  return format == "channels_first" ? ops::moveaxis(x, 1, -1) : x;
}
Tensor channels_as(const Tensor& y, const std::string& format) {
  return format == "channels_first" ? ops::moveaxis(y, -1, 1) : y;
}
std::int64_t channels(const Shape& x, const std::string& format) {
  return format == "channels_first" ? x[1] : x.back();
}

void require_axes(const std::string& who, const Shape& input, int axes) {
  require<ShapeError>(input.rank() == axes + 2, who, "expected an input of ", axes + 2, " axes, got shape ", input);
}

}  // namespace cornu::keras::layers::internal

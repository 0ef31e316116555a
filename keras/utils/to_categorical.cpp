#include "cornu/keras/utils/to_categorical.h"

#include <algorithm>
#include <cmath>

namespace cornu::keras::utils {

using graph::require;

Array to_categorical(const Array& labels, std::optional<std::int64_t> num_classes) {
  if (graph::is_floating(labels.dtype())) {
    const Array numbers = labels.astype(graph::float64);
    for (double label : numbers.span<double>())
      require<ValueError>(std::abs(label) < 0x1p62, "to_categorical: ", label, " is no label");
  }
  const Array whole = labels.astype(graph::int64);
  const auto values = whole.span<std::int64_t>();
  require<ValueError>(num_classes || !values.empty(), "to_categorical: without labels, num_classes must be given");
  const std::int64_t classes = num_classes ? *num_classes : *std::max_element(values.begin(), values.end()) + 1;
  const auto lowest = std::min_element(values.begin(), values.end());
  require<ValueError>(values.empty() || *lowest >= 0, "to_categorical: label ", values.empty() ? 0 : *lowest,
                      " is negative");
  require<ValueError>(classes > 0, "to_categorical: num_classes must be positive, got ", classes);
  constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;
  require<ValueError>(classes <= kMaxElements / std::max<std::int64_t>(1, whole.size()),
                      "to_categorical: ", whole.size(), " labels of ", classes, " classes need too much memory");

  const Shape shape = labels.ndim() > 1 && labels.shape().back() == 1 ? labels.shape().drop_back() : labels.shape();
  Array rows = graph::zeros(shape.append(classes));
  float* row = rows.data<float>();
  for (std::int64_t label : values) {
    require<ValueError>(label < classes, "to_categorical: label ", label, " is out of range: expected 0 to ",
                        classes - 1, " (num_classes ", classes, ")");
    row[label] = 1;
    row += classes;
  }
  return rows;
}

}  // namespace cornu::keras::utils

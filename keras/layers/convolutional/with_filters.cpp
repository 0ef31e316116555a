#include "cornu/keras/layers/convolutional/with_filters.h"

#include "cornu/graph/check.h"

namespace cornu::keras::layers {

void give_filters(const char* class_name, int filters, PerAxis kernel_size, int& config_filters,
                  PerAxis& config_kernel_size) {
  graph::require<ValueError>((config_filters == 0 || config_filters == filters) &&
                                 (config_kernel_size.empty() || config_kernel_size == kernel_size),
                             class_name, "(", filters, ", …, {.filters = ", config_filters,
                             ", …}): filters or kernel_size are given twice");
  config_filters = filters;
  config_kernel_size = std::move(kernel_size);
}

}  // namespace cornu::keras::layers

#pragma once

#include <cstdint>
#include <vector>

#include "cornu/keras/data/dataset.h"

namespace cornu::tests {

/// The first part of each element of scalars, in order.
inline std::vector<std::int64_t> numbers(const keras::data::Dataset& dataset) {
  std::vector<std::int64_t> list;
  for (const keras::data::Element& e : dataset) list.push_back(e[0].item<std::int64_t>());
  return list;
}

/// The first part of each element as a list.
inline std::vector<std::vector<std::int64_t>> lists(const keras::data::Dataset& dataset) {
  std::vector<std::vector<std::int64_t>> list;
  for (const keras::data::Element& e : dataset) {
    const graph::Array wide = e[0].astype(graph::int64);
    list.emplace_back(wide.data<std::int64_t>(), wide.data<std::int64_t>() + wide.size());
  }
  return list;
}

}  // namespace cornu::tests

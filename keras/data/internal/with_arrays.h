#pragma once

#include <utility>
#include <vector>

#include "cornu/keras/data/element.h"

namespace cornu::keras::data::internal {

/// An element with f(part, number) in place of each array of this one, under the same names.
template <class F>
Element with_places(const Element& element, F&& f) {
  std::vector<Arrays> parts;
  parts.reserve(element.size());
  for (std::size_t part = 0; part < element.size(); ++part) {
    const Arrays& before = element.part(part);
    std::vector<graph::Array> arrays;
    arrays.reserve(before.size());
    for (std::size_t i = 0; i < before.size(); ++i) arrays.push_back(f(part, i));
    parts.push_back(before.names().empty() ? Arrays(std::move(arrays)) : Arrays(before.names(), std::move(arrays)));
  }
  return Element(std::move(parts));
}

/// The same with f(array).
template <class F>
Element with_arrays(const Element& element, F&& f) {
  return with_places(element, [&](std::size_t part, std::size_t i) { return f(element.part(part)[i]); });
}

}  // namespace cornu::keras::data::internal

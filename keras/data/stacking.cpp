#include "cornu/keras/data/internal/stacking.h"

#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/keras/data/internal/with_arrays.h"

namespace cornu::keras::data::internal {

using graph::Array;
using graph::require;

void check_alike(std::string_view who, const Element& first, const Element& element, std::int64_t number) {
  bool alike = element.size() == first.size();
  for (std::size_t i = 0; alike && i < element.size(); ++i)
    alike = element.part(i).size() == first.part(i).size() && element.part(i).names() == first.part(i).names();
  require<ValueError>(alike, who, ": expected elements with the same parts, got ", element, " as number ", number,
                      " after ", first);
}

Element stacked(std::string_view who, const std::vector<Element>& elements, std::int64_t number) {
  const Element& first = elements.front();
  for (std::size_t k = 1; k < elements.size(); ++k) {
    const auto at = number + static_cast<std::int64_t>(k);
    check_alike(who, first, elements[k], at);
    for (std::size_t i = 0; i < first.size(); ++i)
      for (std::size_t j = 0; j < first.part(i).size(); ++j)
        require<ShapeError>(elements[k].part(i)[j].spec() == first.part(i)[j].spec(), who,
                            ": expected elements of one shape and dtype, got ", elements[k], " as number ", at,
                            " after ", first, "; padded_batch fills up shorter ones");
  }
  return with_places(first, [&](std::size_t part, std::size_t at) {
    const Array& like = first.part(part)[at];
    Array batch(like.shape().prepend(static_cast<std::int64_t>(elements.size())), like.dtype());
    std::byte* to = batch.bytes();
    for (const Element& element : elements) {
      if (like.nbytes() > 0) std::memcpy(to, element.part(part)[at].bytes(), like.nbytes());
      to += like.nbytes();
    }
    return batch;
  });
}

}  // namespace cornu::keras::data::internal

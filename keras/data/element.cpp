#include "cornu/keras/data/element.h"

#include <ostream>

#include "cornu/graph/check.h"
#include "cornu/keras/data/strings.h"

namespace cornu::keras::data {

using graph::Array;
using graph::require;
using graph::ValueError;

Element::Element(const Strings& texts) : Element(texts.array()) {}

Element::Element(Arrays x, Arrays y, Arrays sample_weight) {
  parts_.push_back(std::move(x));
  const bool weighted = !sample_weight.empty();
  if (!y.empty() || weighted) parts_.push_back(std::move(y));
  if (weighted) parts_.push_back(std::move(sample_weight));
}

const Arrays& Element::part(std::size_t i) const {
  require<ValueError>(i < parts_.size(), "an element of ", parts_.size(), " parts has no part number ", i);
  return parts_[i];
}

const Array& Element::operator[](std::size_t i) const {
  const Arrays& arrays = part(i);
  require<ValueError>(arrays.size() == 1, "part ", i, " of the element has ", arrays.size(), " arrays: write part(", i,
                      ") and take one of them");
  return arrays[0];
}

const Arrays& Element::part_or_nothing(std::size_t i) const {
  static const Arrays nothing;
  return i < parts_.size() ? parts_[i] : nothing;
}

std::ostream& operator<<(std::ostream& out, const Element& element) {
  out << '(';
  const char* between = "";
  for (const Arrays& part : element.parts()) {
    out << between;
    between = ", ";
    const bool named = !part.names().empty(), several = part.size() != 1 || named;
    if (several) out << (named ? '{' : '[');
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (i > 0) out << ", ";
      if (named) out << '"' << part.names()[i] << "\": ";
      out << part[i].spec();
    }
    if (several) out << (named ? '}' : ']');
  }
  return out << ')';
}

}  // namespace cornu::keras::data

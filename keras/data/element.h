#pragma once

#include <initializer_list>
#include <iosfwd>
#include <string_view>
#include <vector>

#include "cornu/keras/data/arrays.h"

namespace cornu::keras {
class Strings;
}

namespace cornu::keras::data {

/// One element of a Dataset: a sample or a batch. Its parts are, where it is data of a model, the inputs, the targets
/// and the sample weights, as in tf.data's tuples `(x, y, sample_weight)`. Each part is one array, or several in order
/// or by name for models of several inputs or outputs. Copies share the arrays, whose elements are to be read only:
/// they may be rows of the data they were made from.
///
///     data::Element e{x, y};                              // e[0], e[1]
///     data::Element pair{{{"left", a}, {"right", b}}, y};  // pair.x()["left"]
class CORNU_EXPORT Element {
 public:
  /// Of no parts.
  Element() = default;
  Element(graph::Array x) { parts_.emplace_back(std::move(x)); }  // NOLINT: one part
  Element(Arrays x) { parts_.push_back(std::move(x)); }           // NOLINT: one part
  Element(const Strings& texts);                                  // NOLINT: one part
  /// Empty targets and weights in the end are left out.
  Element(Arrays x, Arrays y, Arrays sample_weight = {});
  /// Of any number of parts.
  explicit Element(std::vector<Arrays> parts) : parts_(std::move(parts)) {}

  std::size_t size() const { return parts_.size(); }
  bool empty() const { return parts_.empty(); }
  /// The array of a part that is one array. Throws ValueError out of range, and for a part of several arrays.
  const graph::Array& operator[](std::size_t part) const;
  /// Throws ValueError out of range.
  const Arrays& part(std::size_t i) const;
  const std::vector<Arrays>& parts() const { return parts_; }
  void append(Arrays part) { parts_.push_back(std::move(part)); }

  /// The parts by what they are to a model; those that are not there are empty.
  const Arrays& x() const { return part_or_nothing(0); }
  const Arrays& y() const { return part_or_nothing(1); }
  const Arrays& sample_weight() const { return part_or_nothing(2); }

 private:
  const Arrays& part_or_nothing(std::size_t i) const;

  std::vector<Arrays> parts_;
};

/// Dtypes and shapes: `(uint8(28, 28), uint8())`; of named arrays `({"left": float32(3,)})`.
CORNU_EXPORT std::ostream& operator<<(std::ostream& out, const Element& element);

}  // namespace cornu::keras::data

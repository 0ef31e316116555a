#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/array/shape.h"

namespace cornu::ops::internal {

/// A label for each axis of a tensor: its letter, or for one that "..." stands for '0', '1', … from the last one on.
using Labels = std::string;

/// An equation in the notation of `einsum`, for operands of given shapes: "ij,jk->ik", "...ij->...ji", "ij,jk".
struct Equation {
  /// Throws ValueError for what is no such equation, or for another number of operands; ShapeError for shapes that do
  /// not fit.
  Equation(std::string_view text, const std::vector<graph::Shape>& shapes);

  std::string text;
  std::vector<Labels> inputs;
  Labels output;
  std::map<char, std::int64_t> lengths;  ///< of each label, where its axes are broadcast

  /// `einsum: 'ij,jk->ik': ` for messages.
  std::string who() const { return "einsum: '" + text + "': "; }

 private:
  void read_input(std::string_view term, std::size_t operand, const graph::Shape& shape);
  void read_output(std::string_view term, const Labels& elided);
};

}  // namespace cornu::ops::internal

#include "cornu/ops/internal/equation.h"

#include <algorithm>
#include <cctype>

#include "cornu/graph/check.h"

namespace cornu::ops::internal {
namespace {

using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::ValueError;

constexpr std::string_view kDots = "...", kArrow = "->";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// '1', '0' for two axes: counted from the last one, as broadcasting aligns them.
Labels elided_labels(int axes) {
  Labels labels;
  for (int i = axes; i > 0; --i) labels += static_cast<char>('0' + i - 1);
  return labels;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t end = 0; end != std::string_view::npos; text.remove_prefix(std::min(end + 1, text.size()))) {
    end = text.find(by);
    parts.push_back(text.substr(0, end));
  }
  return parts;
}

// The letters before and behind "..."; all of them before it if there is none.
struct Term {
  std::string_view before, behind;
  bool dots = false;

  Term(std::string_view term, const std::string& who) : before(term) {
    if (const auto at = term.find(kDots); at != std::string_view::npos)
      before = term.substr(0, at), behind = term.substr(at + kDots.size()), dots = true;
    for (const std::string_view part : {before, behind})
      for (const char c : part)
        require<ValueError>(is_letter(c), who, "expected letters and at most one '...', got '", term, "'");
  }
  int letters() const { return static_cast<int>(before.size() + behind.size()); }
  Labels labels(const Labels& elided) const { return Labels(before) + elided + Labels(behind); }
};

}  // namespace

Equation::Equation(std::string_view subscripts, const std::vector<Shape>& shapes) : text(subscripts) {
  std::string dense;
  std::remove_copy(subscripts.begin(), subscripts.end(), std::back_inserter(dense), ' ');
  const std::string_view whole = dense, left = whole.substr(0, whole.find(kArrow));
  const auto terms = split(left, ',');
  require<ValueError>(terms.size() == shapes.size(), who(), "has ", terms.size(), " operand",
                      terms.size() == 1 ? "" : "s", ", got ", shapes.size());
  for (std::size_t i = 0; i < terms.size(); ++i) read_input(terms[i], i, shapes[i]);

  int elided = 0;
  for (const Labels& input : inputs) {
    const auto count = std::count_if(input.begin(), input.end(), [](char label) { return !is_letter(label); });
    elided = std::max(elided, static_cast<int>(count));
  }
  if (left.size() < whole.size()) {
    read_output(whole.substr(left.size() + kArrow.size()), elided_labels(elided));
    return;
  }
  output = elided_labels(elided);
  std::map<char, int> times;  // in the alphabet's order, capitals first
  for (const Labels& input : inputs)
    for (const char label : input) times[label] += is_letter(label) ? 1 : 0;
  for (const auto& [label, n] : times)
    if (n == 1) output += label;
}

void Equation::read_input(std::string_view term, std::size_t operand, const Shape& shape) {
  const Term parts(term, who());
  const int elided = shape.rank() - parts.letters();
  require<ShapeError>(parts.dots ? elided >= 0 : elided == 0, who(), "operand ", operand, " '", term, "' has ",
                      parts.letters(),
                      parts.dots             ? " or more axes"
                      : parts.letters() == 1 ? " axis"
                                             : " axes",
                      ", got shape ", shape);
  inputs.push_back(parts.labels(elided_labels(elided)));
  std::map<char, std::int64_t> own;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const char label = inputs.back()[static_cast<std::size_t>(axis)];
    const auto [first, is_new] = own.emplace(label, shape[axis]);
    require<ShapeError>(first->second == shape[axis], who(), "label '", label, "' of operand ", operand,
                        " stands for different lengths in shape ", shape);
    std::int64_t& length = lengths.emplace(label, shape[axis]).first->second;
    const std::string named = is_letter(label) ? std::string("label '") + label + "'" : "'...'";
    require<ShapeError>(length == shape[axis] || length == 1 || shape[axis] == 1, who(), named, " has length ", length,
                        ", got ", shape[axis], " in operand ", operand, " of shape ", shape);
    if (length == 1) length = shape[axis];
  }
}

void Equation::read_output(std::string_view term, const Labels& elided) {
  const Term parts(term, who());
  require<ValueError>(parts.dots || elided.empty(), who(), "the output '", term, "' has no '...' for the operands' ",
                      elided.size(), " further ", elided.size() == 1 ? "axis" : "axes");
  output = parts.labels(elided);
  for (std::size_t i = 0; i < output.size(); ++i) {
    require<ValueError>(lengths.contains(output[i]), who(), "the output's label '", output[i], "' is in no operand");
    require<ValueError>(output.find(output[i]) == i, who(), "the output has label '", output[i], "' twice");
  }
}

}  // namespace cornu::ops::internal

#include "cornu/keras/layers/internal/spatial.h"

#include <algorithm>
#include <utility>

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

namespace {

// As Python prints tuples: `(1,)`, `(2, 3)`.
std::string in_brackets(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return "(" + text + (parts.size() == 1 ? ",)" : ")");
}

std::string described(const std::vector<int>& numbers) {
  std::vector<std::string> parts;
  for (const int n : numbers) parts.push_back(std::to_string(n));
  return in_brackets(parts);
}

std::string described(const Margins& margins) {
  std::vector<std::string> parts;
  for (const std::vector<int>& margin : margins)
    parts.push_back(margin.size() == 1 ? std::to_string(margin[0]) : described(margin));
  return in_brackets(parts);
}

}  // namespace

void complete_margins(const std::string& who, const char* argument, Margins& given, int axes) {
  const Margins shown = given;
  if (given.size() == 1) given.assign(static_cast<std::size_t>(axes), given.front());
  bool fits = static_cast<int>(given.size()) == axes;
  for (std::vector<int>& margin : given) {
    if (margin.size() == 1) margin.push_back(margin[0]);
    fits = fits && margin.size() == 2 && margin[0] >= 0 && margin[1] >= 0;
  }
  require<ValueError>(fits, who, "expected ", argument, " of ", axes,
                      " pairs of numbers of at least 0, a number for each, or one for all, got ", described(shown));
}

void complete_margins(const std::string& who, const char* argument, ops::PerAxis& given, int) {
  const std::vector<int> shown = given;
  if (given.size() == 1) given.push_back(given[0]);
  require<ValueError>(given.size() == 2 && given[0] >= 0 && given[1] >= 0, who, "expected ", argument,
                      " of two numbers of at least 0, or one for both, got ", described(shown));
}

namespace {

// Whatever the locale: the words are ASCII.
std::string in_small_letters(std::string word) {
  for (char& c : word)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return word;
}

}  // namespace

void complete_data_format(const std::string& who, std::string& format) {
  const std::string given = std::exchange(format, format.empty() ? "channels_last" : in_small_letters(format));
  require<ValueError>(format == "channels_last" || format == "channels_first", who,
                      "expected data_format 'channels_last' or 'channels_first', got '", given, "'");
}

void complete_padding(const std::string& who, std::string& padding, bool causal) {
  const std::string given = std::exchange(padding, in_small_letters(padding));
  require<ValueError>(padding == "valid" || padding == "same" || (padding == "causal" && causal), who,
                      "expected padding 'valid' or 'same'", causal ? ", or 'causal'" : "", ", got '", given, "'");
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

#include "cornu/keras/callbacks/internal/state_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "cornu/graph/check.h"

namespace cornu::keras::callbacks::internal {

namespace {

// Elements of one dtype behind their number. A visitor that reads has changed the number by then, so that the variable
// has the length of what it reads.
template <class T>
void elements_field(StateVisitor& v, std::string_view name, std::vector<T>& values) {
  auto length = static_cast<std::int64_t>(values.size());
  v(std::string(name) + "_length", length);
  graph::require<FormatError>(length >= 0, "the state of a callback has a list '", name, "' of length ", length);
  values.resize(static_cast<std::size_t>(length));
  if (length == 0) return;
  graph::Variable variable(graph::Array(values), std::string(name), false);
  v(name, variable);
  std::copy_n(static_cast<const T*>(variable.data()), values.size(), values.begin());
}

}  // namespace

void count_field(StateVisitor& v, std::string_view name, int& value) {
  std::int64_t wide = value;
  v(name, wide);
  value = static_cast<int>(wide);
}

void flag_field(StateVisitor& v, std::string_view name, bool& value) {
  std::int64_t wide = value ? 1 : 0;
  v(name, wide);
  value = wide != 0;
}

void figure_field(StateVisitor& v, std::string_view name, std::optional<double>& value) {
  double figure = value.value_or(std::numeric_limits<double>::quiet_NaN());
  v(name, figure);
  value = std::isnan(figure) ? std::nullopt : std::optional(figure);
}

void numbers_field(StateVisitor& v, std::string_view name, std::vector<double>& values) {
  elements_field(v, name, values);
}

void text_field(StateVisitor& v, std::string_view name, std::string& text) {
  std::vector<std::uint8_t> bytes(text.begin(), text.end());
  elements_field(v, name, bytes);
  text.assign(bytes.begin(), bytes.end());
}

void texts_field(StateVisitor& v, std::string_view name, std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += text + '\0';
  text_field(v, name, joined);
  texts.clear();
  for (std::size_t at = 0; at < joined.size();) {
    const std::size_t end = std::min(joined.find('\0', at), joined.size());
    texts.push_back(joined.substr(at, end - at));
    at = end + 1;
  }
}

void logs_field(StateVisitor& v, std::string_view name, Logs& logs) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [key, value] : logs) names.push_back(key), values.push_back(value);
  texts_field(v, std::string(name) + "_names", names);
  numbers_field(v, name, values);
  logs = {};
  for (std::size_t i = 0; i < std::min(names.size(), values.size()); ++i) logs.set(names[i], values[i]);
}

}  // namespace cornu::keras::callbacks::internal

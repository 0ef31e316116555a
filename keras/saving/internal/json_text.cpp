#include "cornu/keras/saving/internal/json_text.h"

#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "cornu/graph/check.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::FormatError;
using graph::require;

constexpr int kMaxDepth = 200;

// JSON has no such numbers. On their way through its parser and printer they are texts that no file holds: each begins
// with the character 0.
struct Number {
  std::string_view text;
  double value;
};
constexpr std::array<Number, 3> kNumbersOfPython = {{{"NaN", std::numeric_limits<double>::quiet_NaN()},
                                                     {"-Infinity", -std::numeric_limits<double>::infinity()},
                                                     {"Infinity", std::numeric_limits<double>::infinity()}}};

std::string stand_in(std::string_view number) {
  std::string text(1, '\0');
  text += number;
  return text;
}
std::string printed_stand_in(std::string_view number) { return "\"\\u0000" + std::string(number) + "\""; }

std::string with_stand_ins(const std::string& text) {
  std::string out;
  bool in_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!in_text) {
      bool found = false;
      for (const Number& number : kNumbersOfPython) {
        if (text.compare(i, number.text.size(), number.text) != 0) continue;
        out += printed_stand_in(number.text);
        i += number.text.size() - 1;
        found = true;
        break;
      }
      if (found) continue;
    }
    if (text[i] == '"') in_text = !in_text;
    out += text[i];
    if (in_text && text[i] == '\\' && i + 1 < text.size()) out += text[++i];
  }
  return out;
}

template <class F>
void for_each_leaf(Json& json, F&& f) {
  if (!json.is_structured()) return f(json);
  for (auto& item : json) for_each_leaf(item, f);
}

bool has_such_numbers(const std::string& text) {
  return text.find("NaN") != std::string::npos || text.find("Infinity") != std::string::npos;
}

std::string print(Json json, bool ascii, Json::error_handler_t on_error) {
  for_each_leaf(json, [](Json& leaf) {
    if (!leaf.is_number_float() || std::isfinite(leaf.get<double>())) return;
    const double value = leaf.get<double>();
    leaf = stand_in(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
  });
  std::string text = json.dump(-1, ' ', ascii, on_error);
  for (const Number& number : kNumbersOfPython) {
    const std::string printed = printed_stand_in(number.text);
    for (std::size_t at; (at = text.find(printed)) != std::string::npos;) text.replace(at, printed.size(), number.text);
  }
  return text;
}

}  // namespace

Json parse_json(const std::string& text, const std::string& what) {
  const bool of_python = has_such_numbers(text);
  try {
    Json json = Json::parse(of_python ? with_stand_ins(text) : text, [&](int depth, Json::parse_event_t, Json&) {
      require<FormatError>(depth <= kMaxDepth, what, ": JSON nested more than ", kMaxDepth, " deep");
      return true;
    });
    if (of_python)
      for_each_leaf(json, [](Json& leaf) {
        for (const Number& number : kNumbersOfPython)
          if (leaf == stand_in(number.text)) return void(leaf = number.value);
      });
    return json;
  } catch (const nlohmann::json::exception& e) {
    throw FormatError(graph::message(what, ": not valid JSON (", e.what(), ")"));
  }
}

std::string write_json(const Json& json, bool ascii) { return print(json, ascii, Json::error_handler_t::strict); }

std::string shortened(const Json& json, std::size_t length) {
  std::string text = print(json, false, Json::error_handler_t::replace);
  if (text.size() > length) text = text.substr(0, length) + "…";
  return text;
}

}  // namespace cornu::keras::saving::internal

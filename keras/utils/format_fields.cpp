#include "cornu/keras/utils/internal/format_fields.h"

#include "cornu/graph/check.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::utils {

using graph::require;

namespace {

/// `conversion`: 0, or r, s or a, which make a text of the value.
std::string fill(std::string_view pattern, std::string_view name, char conversion, std::string_view spec,
                 std::span<const FormatField> fields) {
  std::string known;
  for (const FormatField& field : fields) {
    if (field.name == name) {
      try {
        return std::visit(
            [&](auto value) {
              return conversion == 0 ? python_format(value, spec)
                                     : python_format(std::string_view(python_format(value, "")), spec);
            },
            field.value);
      } catch (const ValueError& e) {
        throw ValueError(graph::message("\"", pattern, "\", field '", name, "': ", e.what()));
      }
    }
    known += (known.empty() ? "" : ", ") + field.name;
  }
  throw ValueError(graph::message("\"", pattern, "\": unknown field '", name, "'; known: ", known));
}

}  // namespace

std::string format_fields(std::string_view pattern, std::span<const FormatField> fields) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '{' && c != '}') {
      text += c;
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == c) {
      text += c;
      ++i;
      continue;
    }
    const std::size_t end = c == '{' ? pattern.find_first_of("{}", i + 1) : std::string_view::npos;
    require<ValueError>(end != std::string_view::npos && pattern[end] == '}', "\"", pattern, "\": a single '", c,
                        "'; write it twice to mean the brace itself");
    const std::string_view field = pattern.substr(i + 1, end - i - 1);
    const std::size_t colon = field.find(':');
    const std::string_view spec = colon == std::string_view::npos ? "" : field.substr(colon + 1);
    std::string_view name = field.substr(0, colon);
    char conversion = 0;
    if (const std::size_t mark = name.find('!'); mark != std::string_view::npos) {
      const std::string_view letter = name.substr(mark + 1);
      require<ValueError>(letter == "r" || letter == "s" || letter == "a", "\"", pattern,
                          "\": expected !r, !s or !a, got '!", letter, "'");
      conversion = letter[0];
      name = name.substr(0, mark);
    }
    text += fill(pattern, name, conversion, spec, fields);
    i = end;
  }
  return text;
}

}  // namespace cornu::keras::utils

#include "cornu/graph/internal/labels.h"

#include "cornu/graph/internal/field_texts.h"

namespace cornu::graph::internal {

std::string shown_fields(const Op& op) {
  FieldTexts fields;
  op.fields(fields);
  std::string text;
  for (const auto& [name, value] : fields.list)
    if (value != "false") text += (text.empty() ? "" : ", ") + name + '=' + value;
  return text;
}

std::string shown_value(const Array& value) {
  if (value.size() > 8) return "…";
  std::string line;
  for (const char c : to_string(value)) {
    const char shown = c == '\n' ? ' ' : c;
    if (shown != ' ' || line.empty() || line.back() != ' ') line += shown;
  }
  return line;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace cornu::graph::internal

#include "cornu/keras/models/internal/table.h"

#include <algorithm>

#include "cornu/keras/utils/internal/text_width.h"

namespace cornu::keras::models::internal {
namespace {

// The part of a field that stands in one line: up to a width, and not beyond the first end of an element.
std::string first_part(const std::string& field, std::size_t width) {
  std::string part(utils::text_prefix(field, width));
  std::size_t cut = std::string::npos;
  for (const char* end : {"),", "},", "],", "',"})
    if (const auto at = part.find(end); at != std::string::npos) cut = std::min(cut, at + std::string(end).size());
  return cut == std::string::npos ? part : part.substr(0, cut);
}

}  // namespace

void Table::print_row(std::vector<std::string> fields, std::size_t level,
                      const std::function<void(const std::string&)>& print_line) const {
  const auto open = [&] {
    return std::any_of(fields.begin(), fields.end(), [](const std::string& field) { return !field.empty(); });
  };
  while (open()) {
    std::string line;
    std::size_t width = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const bool last = i + 1 == fields.size();
      const std::size_t start = i == 0 ? 0 : ends[i - 1], space = last ? 0 : 2;
      std::size_t cutoff = ends[i] - start - space;
      if (!last) cutoff -= 1;
      if (i == 0) cutoff -= level;
      const std::string part = first_part(fields[i], cutoff);
      if (i == 0) line += std::string(level, '|') + " ", width += level + 1;
      line += part + std::string(part.empty() && space == 0 ? 0 : space, ' ');
      width += utils::text_width(part) + space;
      fields[i] = fields[i].substr(part.size());
      std::size_t end = ends[i];
      if (level > 0 && last) end -= level;
      if (width < end) line.append(end - width, ' '), width = end;
    }
    print_line(line + std::string(level, '|'));
  }
}

}  // namespace cornu::keras::models::internal

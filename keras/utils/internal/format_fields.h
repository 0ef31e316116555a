#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace cornu::keras::utils {

struct FormatField {
  std::string name;
  std::variant<std::int64_t, double> value;
};

/// Fills the fields of a text as Python's `str.format`: "{epoch:02d}-{val_loss:.2f}.h5" -> "03-0.54.h5"; `{{` and `}}`
/// are braces. Throws ValueError that quotes the pattern: for an unknown field with the known ones, for a format that
/// does not suit its value, and for braces that do not match.
std::string format_fields(std::string_view pattern, std::span<const FormatField> fields);

}  // namespace cornu::keras::utils

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cornu::io::tensorboard::internal {

/// A field of a message in protobuf's text format: `name: value` or `name { … }`.
struct PbtxtField {
  std::string name;
  std::string value = {};  ///< of a scalar: a string without quotes and escapes, anything else as it is written
  std::vector<PbtxtField> fields = {};  ///< of a message
  bool is_message = false;
  std::size_t begin = 0, end = 0;  ///< where it stands in the text

  /// The value of the first scalar field of that name, or "".
  std::string_view operator[](std::string_view name) const;
};

/// The fields of a message: strings in either quotes, with escapes, in several pieces; messages in `{ }` or `< >`;
/// lists of scalars `[ , ]`, which become several fields; comments; commas and semicolons between fields. `name` is the
/// file's, for the FormatError with the line that is thrown for anything else.
std::vector<PbtxtField> parse_pbtxt(std::string_view text, std::string_view name);

/// The text as a string of that format, in double quotes.
std::string pbtxt_string(std::string_view text);

}  // namespace cornu::io::tensorboard::internal

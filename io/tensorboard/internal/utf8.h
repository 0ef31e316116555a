#pragma once

#include <string>
#include <string_view>

namespace cornu::io::tensorboard::internal {

/// The text with every part that is no UTF-8 replaced by U+FFFD, one for each longest beginning of a character (Unicode
/// 15, 3.9), as Python's `bytes.decode(errors="replace")`: over-long forms, surrogates, code points above U+10FFFF,
/// characters that end too early, stray bytes. Text that is UTF-8 comes back as it was. Readers of event files refuse a
/// message with any other text.
std::string valid_utf8(std::string_view text);

}  // namespace cornu::io::tensorboard::internal

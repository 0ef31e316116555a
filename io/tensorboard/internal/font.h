#pragma once

#include <string_view>

namespace cornu::io::tensorboard::internal {

/// A character of the printable ASCII range as 7 rows of 5 points, apart by spaces: '#' is ink. Any other character is
/// drawn as '?'.
std::string_view glyph(char c);
/// How many rows lower than others the character is drawn: letters whose tail goes below the line.
int drop(char c);

inline constexpr int kGlyphHeight = 7, kGlyphWidth = 5;

inline bool has_ink(std::string_view glyph, int y, int x) { return glyph[y * (kGlyphWidth + 1) + x] == '#'; }

}  // namespace cornu::io::tensorboard::internal

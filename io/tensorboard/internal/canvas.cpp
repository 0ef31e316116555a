#include "cornu/io/tensorboard/internal/canvas.h"

#include <algorithm>

#include "cornu/io/tensorboard/internal/font.h"

namespace cornu::io::tensorboard::internal {

namespace {

constexpr int kAdvance = kGlyphWidth + 1;

}  // namespace

std::int64_t text_width(std::string_view text, int scale) {
  return text.empty() ? 0 : (static_cast<std::int64_t>(text.size()) * kAdvance - 1) * scale;
}

std::int64_t text_height(int scale) { return kGlyphHeight * scale; }

void Canvas::rectangle(std::int64_t top, std::int64_t left, std::int64_t height, std::int64_t width, Color color) {
  const std::int64_t rows = picture_.shape()[0], columns = picture_.shape()[1];
  for (std::int64_t y = std::max<std::int64_t>(top, 0); y < std::min(top + height, rows); ++y)
    for (std::int64_t x = std::max<std::int64_t>(left, 0); x < std::min(left + width, columns); ++x)
      std::copy(color.begin(), color.end(), picture_.data<std::uint8_t>() + (y * columns + x) * 3);
}

void Canvas::text(std::int64_t top, std::int64_t left, std::string_view text, int scale, Color color) {
  for (const char c : text) {
    for (int y = 0; y < kGlyphHeight; ++y)
      for (int x = 0; x < kGlyphWidth; ++x)
        if (has_ink(glyph(c), y, x)) rectangle(top + (y + drop(c)) * scale, left + x * scale, scale, scale, color);
    left += kAdvance * scale;
  }
}

void Canvas::text_upwards(std::int64_t top, std::int64_t left, std::string_view text, int scale, Color color) {
  std::int64_t bottom = top + text_width(text, scale);
  for (const char c : text) {
    for (int y = 0; y < kGlyphHeight; ++y)
      for (int x = 0; x < kGlyphWidth; ++x)
        if (has_ink(glyph(c), y, x))
          rectangle(bottom - (x + 1) * scale, left + (y + drop(c)) * scale, scale, scale, color);
    bottom -= kAdvance * scale;
  }
}

}  // namespace cornu::io::tensorboard::internal

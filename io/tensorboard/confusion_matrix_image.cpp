#include "cornu/io/tensorboard/confusion_matrix_image.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "cornu/io/tensorboard/internal/canvas.h"

namespace cornu::io::tensorboard {

using namespace graph;
using internal::Canvas;
using internal::Color;
using internal::text_height;
using internal::text_width;

namespace {

constexpr std::int64_t kMaxClasses = 2048, kMaxClassesWithText = 64, kSideWithoutText = 1024;
constexpr std::size_t kMaxName = 16;
constexpr int kScale = 2, kPad = 4 * kScale;
constexpr Color kInk{40, 40, 40}, kFaint{170, 170, 170}, kWhite{255, 255, 255}, kLine{222, 222, 222};

/// White for 0 to dark blue for 1, on a straight line of the Oklab color space (B. Ottosson, 2020): equal steps look
/// equal.
Color shade(double share) {
  const double lightness = 1 - 0.6 * share, a = -0.024 * share, b = -0.145 * share;
  const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
  const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
  const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
  const auto channel = [](double linear) {
    const double coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(coded, 0., 1.)));
  };
  return {channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

/// One character for each of the name's, so that the picture does not depend on how they are coded.
std::string ascii(std::string_view name) {
  std::string out;
  for (const char c : name)
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) out += c >= ' ' && c <= '~' ? c : '?';
  return out.size() > kMaxName ? out.substr(0, kMaxName - 2) + ".." : out;
}

std::vector<std::string> names_of(const std::vector<std::string>& classes, std::int64_t n) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < n; ++i) names.push_back(classes.empty() ? std::to_string(i) : ascii(classes[i]));
  return names;
}

std::string digits(double count, bool whole) {
  char text[400];
  const auto end = whole ? std::to_chars(text, text + sizeof text, count, std::chars_format::fixed, 0).ptr
                         : std::to_chars(text, text + sizeof text, count, std::chars_format::general, 3).ptr;
  const std::string all(text, end);
  return all.size() > 9
             ? std::string(text, std::to_chars(text, text + sizeof text, count, std::chars_format::scientific, 1).ptr)
             : all;
}

std::int64_t widest(const std::vector<std::string>& texts) {
  std::int64_t width = 0;
  for (const std::string& text : texts) width = std::max(width, text_width(text, kScale));
  return width;
}

/// Each count divided by the sum of its row: numbers in [0, 1].
std::vector<double> shares(const Array& counts) {
  const std::int64_t n = counts.rows();
  std::vector<double> all;
  for (std::int64_t i = 0; i < n; ++i) {
    const double* row = counts.data<double>() + i * n;
    double sum = 0;
    for (std::int64_t j = 0; j < n; ++j) sum += row[j];
    for (std::int64_t j = 0; j < n; ++j) all.push_back(sum > 0 ? row[j] / sum : 0);
  }
  return all;
}

Array colors_only(const std::vector<double>& shares, std::int64_t n) {
  const std::int64_t side = std::max<std::int64_t>(1, kSideWithoutText / n);
  Canvas canvas(n * side, n * side);
  for (std::int64_t i = 0; i < n * n; ++i) canvas.rectangle(i / n * side, i % n * side, side, side, shade(shares[i]));
  return canvas.picture();
}

}  // namespace

Array confusion_matrix(const Array& y_true, const Array& y_pred, std::int64_t num_classes) {
  for (const Array* labels : {&y_true, &y_pred})
    require<TypeError>(is_integer(labels->dtype()), "confusion_matrix needs labels of an integer dtype, got ",
                       labels->dtype());
  require<ShapeError>(y_true.size() == y_pred.size(),
                      "confusion_matrix needs as many true labels as predicted ones, got shapes ", y_true.shape(),
                      " and ", y_pred.shape());
  require<ValueError>(num_classes > 0, "confusion_matrix needs a positive number of classes, got ", num_classes);
  const Array rows = y_true.astype(int64), columns = y_pred.astype(int64);
  Array counts = zeros({num_classes, num_classes}, int64);
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    const std::int64_t row = rows.data<std::int64_t>()[i], column = columns.data<std::int64_t>()[i];
    for (const std::int64_t label : {row, column})
      require<ValueError>(label >= 0 && label < num_classes, "confusion_matrix: the label ", label, " is not in [0, ",
                          num_classes, ")");
    ++counts.data<std::int64_t>()[row * num_classes + column];
  }
  return counts;
}

Array confusion_matrix_image(const Array& counts, const std::vector<std::string>& classes) {
  const Shape& shape = counts.shape();
  require<ShapeError>(shape.rank() == 2 && shape[0] == shape[1] && shape[0] > 0 && shape[0] <= kMaxClasses,
                      "confusion_matrix_image needs counts of shape (classes, classes) with 1 to ", kMaxClasses,
                      " classes, got ", shape);
  require<TypeError>(counts.dtype() != bool_,
                     "confusion_matrix_image needs counts of integers or floating numbers, got bool");
  const std::int64_t n = shape[0];
  require<ValueError>(classes.empty() || static_cast<std::int64_t>(classes.size()) == n,
                      "confusion_matrix_image needs a name for each of the ", n, " classes or none, got ",
                      classes.size());
  const Array values = counts.astype(float64);
  bool whole = true;
  for (const double value : values.span<double>()) {
    require<ValueError>(std::isfinite(value) && value >= 0,
                        "confusion_matrix_image needs counts that are finite and not negative, got ", value);
    whole = whole && value == std::floor(value);
  }
  const std::vector<double> part = shares(values);
  if (n > kMaxClassesWithText) return colors_only(part, n);

  const std::vector<std::string> names = names_of(classes, n);
  std::vector<std::string> texts;
  for (const double value : values.span<double>()) texts.push_back(digits(value, whole));
  const std::int64_t line = text_height(kScale), cell_height = line + 2 * kPad,
                     cell_width = std::max(widest(texts) + 2 * kPad, cell_height);
  const bool upwards = widest(names) + kPad > cell_width;
  const std::int64_t top = kPad + line + kPad + (upwards ? widest(names) : line) + kPad,
                     left = kPad + line + kPad + widest(names) + kPad;
  const std::int64_t height = n * cell_height + 1, width = n * cell_width + 1;
  const std::string_view rows = "true", columns = "predicted";
  Canvas canvas(top + std::max(height, text_width(rows, kScale)) + kPad,
                left + std::max(width, text_width(columns, kScale)) + kPad);
  const auto centred = [](std::int64_t room, std::int64_t length) {
    return std::max<std::int64_t>(0, (room - length) / 2);
  };

  canvas.text(kPad, left + centred(width, text_width(columns, kScale)), columns, kScale, kInk);
  canvas.text_upwards(top + centred(height, text_width(rows, kScale)), kPad, rows, kScale, kInk);
  canvas.rectangle(top, left, height, width, kLine);
  for (std::int64_t i = 0; i < n; ++i) {
    const std::int64_t length = text_width(names[i], kScale), y = top + i * cell_height, x = left + i * cell_width;
    canvas.text(y + centred(cell_height, line), left - kPad - length, names[i], kScale, kInk);
    if (upwards)
      canvas.text_upwards(top - kPad - length, x + centred(cell_width, line), names[i], kScale, kInk);
    else
      canvas.text(top - kPad - line, x + centred(cell_width, length), names[i], kScale, kInk);
  }
  for (std::int64_t i = 0; i < n * n; ++i) {
    const std::int64_t y = top + i / n * cell_height, x = left + i % n * cell_width;
    canvas.rectangle(y + 1, x + 1, cell_height - 1, cell_width - 1, shade(part[i]));
    const Color ink = texts[i] == "0" ? kFaint : part[i] > 0.45 ? kWhite : kInk;
    canvas.text(y + centred(cell_height, line), x + centred(cell_width, text_width(texts[i], kScale)), texts[i], kScale,
                ink);
  }
  return canvas.picture();
}

}  // namespace cornu::io::tensorboard

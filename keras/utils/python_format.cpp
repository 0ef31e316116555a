#include "cornu/keras/utils/internal/python_format.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/utils/internal/text_width.h"

namespace cornu::keras::utils {

using graph::require;

namespace {

constexpr int kLongest = 1000;  // width or precision

struct FormatSpec {
  std::string fill = " ";
  char align = 0;  // < > ^ =, or 0: the kind's own
  char sign = '-';
  int width = 0;
  int precision = -1;
  char type = 0;
};

bool is_align(char c) { return c == '<' || c == '>' || c == '^' || c == '='; }

FormatSpec parse(std::string_view text, std::string_view types = "deEfFgG%") {
  FormatSpec spec;
  std::string_view rest = text;
  const auto next = [&](auto accepts) { return !rest.empty() && accepts(rest.front()); };
  const auto take = [&] {
    const char c = rest.front();
    rest.remove_prefix(1);
    return c;
  };
  const auto number = [&] {
    int value = 0;
    while (next([](char c) { return c >= '0' && c <= '9'; })) {
      value = value * 10 + (take() - '0');
      require<ValueError>(value <= kLongest, "format '", text, "': width and precision are at most ", kLongest);
    }
    return value;
  };

  const std::string_view fill = text_prefix(rest, 1);
  if (fill.size() < rest.size() && is_align(rest[fill.size()])) {
    spec.fill = fill;
    rest.remove_prefix(fill.size());
    spec.align = take();
  } else if (next(is_align)) {
    spec.align = take();
  }
  if (next([](char c) { return c == '+' || c == '-' || c == ' '; })) spec.sign = take();
  if (next([](char c) { return c == '0'; }) && spec.align == 0) {
    spec.fill = "0";
    spec.align = '=';
  }
  spec.width = number();
  if (next([](char c) { return c == '.'; })) {
    take();
    require<ValueError>(next([](char c) { return c >= '0' && c <= '9'; }), "format '", text,
                        "': digits are missing after the point");
    spec.precision = number();
  }
  if (next([&](char c) { return types.find(c) != std::string_view::npos; })) spec.type = take();
  require<ValueError>(
      rest.empty(), "format '", text, "': '", rest,
      "' is not understood; a format is [[fill]align][sign][0][width][.precision][type] with a type of ", types);
  return spec;
}

template <class... Format>
std::string digits(double magnitude, int room, Format... format) {
  std::string text(static_cast<std::size_t>(room), '\0');
  text.resize(static_cast<std::size_t>(std::to_chars(text.data(), text.data() + text.size(), magnitude, format...).ptr -
                                       text.data()));
  return text;
}

bool plain(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

std::string repr_of_magnitude(double magnitude) {
  if (std::isinf(magnitude)) return "inf";
  std::string text = digits(magnitude, 32, std::chars_format::scientific);
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  if (exponent < -4 || exponent >= 16) return text;
  text = digits(magnitude, 64, std::chars_format::fixed);
  return plain(text) ? text + ".0" : text;
}

// |value| without padding.
std::string body(double magnitude, const FormatSpec& spec) {
  if (std::isnan(magnitude) || std::isinf(magnitude)) return std::isnan(magnitude) ? "nan" : "inf";
  const int precision = spec.precision < 0 ? 6 : spec.precision, room = precision + 400;
  switch (std::tolower(spec.type)) {
    case 'e':
      return digits(magnitude, room, std::chars_format::scientific, precision);
    case 'f':
      return digits(magnitude, room, std::chars_format::fixed, precision);
    case 'g':
      return digits(magnitude, room, std::chars_format::general, precision);
    case '%':
      return digits(magnitude * 100, room, std::chars_format::fixed, precision);
    default:
      break;
  }
  if (spec.precision < 0) return repr_of_magnitude(magnitude);
  std::string text = digits(magnitude, room, std::chars_format::general, precision);
  return plain(text) ? text + ".0" : text;
}

std::string padded(bool negative, std::string text, const FormatSpec& spec) {
  const std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  if (spec.type == '%') text += '%';
  if (spec.type == 'E' || spec.type == 'F' || spec.type == 'G')
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const int missing = std::max(0, spec.width - static_cast<int>(sign.size() + text.size()));
  const auto fill = [&](int n) {
    std::string out;
    for (int i = 0; i < n; ++i) out += spec.fill;
    return out;
  };
  switch (spec.align) {
    case '<':
      return sign + text + fill(missing);
    case '^':
      return fill(missing / 2) + sign + text + fill(missing - missing / 2);
    case '=':
      return sign + fill(missing) + text;
    default:
      return fill(missing) + sign + text;
  }
}

}  // namespace

std::string python_repr(double value) {
  if (std::isnan(value)) return "nan";
  return (std::signbit(value) ? "-" : "") + repr_of_magnitude(std::abs(value));
}

std::string python_format(double value, std::string_view spec) {
  const FormatSpec parsed = parse(spec);
  require<ValueError>(parsed.type != 'd', "format '", spec, "' is for whole numbers, not for ", python_repr(value));
  return padded(!std::isnan(value) && std::signbit(value), body(std::abs(value), parsed), parsed);
}

std::string python_format(std::int64_t value, std::string_view spec) {
  const FormatSpec parsed = parse(spec);
  if (parsed.type != 0 && parsed.type != 'd') return python_format(static_cast<double>(value), spec);
  require<ValueError>(parsed.precision < 0, "format '", spec, "': whole numbers have no precision");
  std::string text = std::to_string(value);
  if (value < 0) text.erase(0, 1);
  return padded(value < 0, std::move(text), parsed);
}

std::string python_format(std::string_view text, std::string_view spec) {
  FormatSpec parsed = parse(spec, "s");
  const bool by_sign = parsed.align == '=' && spec.find('=') != std::string_view::npos;  // not by a 0 before the width
  require<ValueError>(!by_sign && parsed.sign == '-', "format '", spec, "': a text has no sign to align or show");
  if (parsed.align == 0 || parsed.align == '=') parsed.align = '<';
  return padded(false, std::string(parsed.precision < 0 ? text : text_prefix(text, parsed.precision)), parsed);
}

}  // namespace cornu::keras::utils

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "cornu/graph/array/array_view.h"

// Follows NumPy 2.4's str() with its default print options; tests/graph/array_print_test.cpp holds texts of the real
// one.

namespace cornu::graph {
namespace {

constexpr int kPrecision = 8;
constexpr std::int64_t kThreshold = 1000, kEdge = 3;
constexpr std::size_t kLineWidth = 75;

// 0.d1d2d3… times 10^point, without trailing zeros; zero has no digits and point 0.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;
};

// Reads what to_chars wrote in its scientific form.
Decimal parse(const char* begin, const char* end) {
  Decimal d;
  d.negative = *begin == '-';
  const char* e = std::find(begin, end, 'e');
  for (const char* c = begin; c != e; ++c)
    if (*c >= '0' && *c <= '9') d.digits += *c;
  std::from_chars(e + 1 + (e[1] == '+'), end, d.point);
  ++d.point;
  while (!d.digits.empty() && d.digits.back() == '0') d.digits.pop_back();
  if (d.digits.empty()) d.point = 0;
  return d;
}

// The fewest digits that no other number of the type is nearer to.
template <class T>
Decimal shortest(T x) {
  char text[64];
  if constexpr (std::is_same_v<T, BFloat16>) {
    const float wide = x;
    for (int precision = 0;; ++precision) {
      const auto end = std::to_chars(text, text + sizeof(text), wide, std::chars_format::scientific, precision).ptr;
      float back = 0;
      std::from_chars(text, end, back);
      if (precision == kPrecision || BFloat16(back).bits == x.bits) return parse(text, end);
    }
  } else {
    return parse(text, std::to_chars(text, text + sizeof(text), x, std::chars_format::scientific).ptr);
  }
}

// The value itself with so many digits after the first.
Decimal rounded(double x, int places) {
  char text[64];
  return parse(text, std::to_chars(text, text + sizeof(text), x, std::chars_format::scientific, places).ptr);
}

// The shortest digits, or where they are too many the value itself, rounded: not the shortest digits rounded once more.
Decimal limited(Decimal d, double x, bool scientific) {
  const int fraction = static_cast<int>(d.digits.size()) - (scientific ? 1 : d.point);
  if (fraction <= kPrecision) return d;
  // Digits before the fraction: one, or those in front of the point (none, or less than none, for a number below 0.1).
  const int significant = kPrecision + (scientific ? 1 : d.point);
  return significant > 0 ? rounded(x, significant - 1) : Decimal{d.negative, "", 0};
}

std::string integer_part(const Decimal& d) {
  std::string text = d.negative ? "-" : "";
  if (d.point <= 0) return text + "0";
  text += d.digits.substr(0, static_cast<std::size_t>(d.point));
  return text.append(static_cast<std::size_t>(std::max(0, d.point - static_cast<int>(d.digits.size()))), '0');
}
std::string fraction_part(const Decimal& d) {
  if (d.point >= static_cast<int>(d.digits.size())) return "";
  return d.point < 0 ? std::string(static_cast<std::size_t>(-d.point), '0') + d.digits
                     : d.digits.substr(static_cast<std::size_t>(d.point));
}
std::string first_digit(const Decimal& d) {
  return (d.negative ? "-" : "") + (d.digits.empty() ? "0" : d.digits.substr(0, 1));
}
std::string other_digits(const Decimal& d) { return d.digits.empty() ? "" : d.digits.substr(1); }
int exponent(const Decimal& d) { return d.digits.empty() ? 0 : d.point - 1; }

std::string exponent_text(int exponent, std::size_t width) {
  std::string text = std::to_string(std::abs(exponent));
  return (exponent < 0 ? "e-" : "e+") + std::string(width - std::min(width, text.size()), '0') + text;
}

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

const char* special(double x) { return std::isnan(x) ? "nan" : x < 0 ? "-inf" : "inf"; }

// The texts of a column of elements: same width, points below each other.
template <class T>
std::vector<std::string> texts(const std::vector<T>& elements) {
  std::vector<std::string> out;
  out.reserve(elements.size());
  if constexpr (std::is_same_v<T, bool>) {
    for (bool x : elements) out.push_back(x ? " True" : "False");
  } else if constexpr (std::is_integral_v<T>) {
    std::size_t width = 0;
    for (T x : elements) out.push_back(std::to_string(x)), width = std::max(width, out.back().size());
    for (std::string& text : out) text = padded(text, width);
  } else {
    using Real = std::conditional_t<std::is_same_v<T, double>, double, float>;
    Real largest = 0, smallest = std::numeric_limits<Real>::infinity();
    bool all_finite = true, negative_infinity = false;
    for (T element : elements) {
      const Real x = std::fabs(static_cast<Real>(element));
      if (std::isfinite(x) && x != 0) largest = std::max(largest, x), smallest = std::min(smallest, x);
      if (!std::isfinite(x)) all_finite = false, negative_infinity |= static_cast<Real>(element) < 0 && !std::isnan(x);
    }
    // A float32 has 6 sure digits: from a million on NumPy no longer writes all places.
    const Real many = sizeof(Real) == 8 ? Real(1e8) : Real(1e6);
    const bool scientific =
        largest > 0 && (largest >= many || smallest < Real(1e-4) || largest / smallest > Real(1000));

    std::vector<Decimal> decimals;
    decimals.reserve(elements.size());
    std::size_t left = 0, right = 0, power = 0;
    bool any_finite = false;
    for (T element : elements) {
      const Real x = static_cast<Real>(element);
      decimals.push_back(std::isfinite(x) ? limited(shortest(element), static_cast<double>(x), scientific) : Decimal());
      if (!std::isfinite(x)) continue;
      const Decimal& d = decimals.back();
      any_finite = true;
      left = std::max(left, (scientific ? first_digit(d) : integer_part(d)).size());
      right = std::max(right, (scientific ? other_digits(d) : fraction_part(d)).size());
      power = std::max<std::size_t>(power, std::abs(exponent(d)) > 99 ? 3 : 2);
    }
    const std::size_t digits = right;
    if (scientific) right += power + 2;
    if (!any_finite) right = 0;
    const std::size_t widest = negative_infinity ? 4 : 3;  // "-inf" or "nan"
    if (!all_finite) left = std::max(left, widest - std::min(widest, right + 1));

    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Real x = static_cast<Real>(elements[i]);
      const Decimal& d = decimals[i];
      if (!std::isfinite(x)) {
        out.push_back(padded(special(x), left + right + 1));
      } else if (scientific) {
        // All get the places of the longest, with the digits that the number really has there, not with zeros.
        const Decimal exact =
            d.digits.size() == digits + 1 ? d : rounded(static_cast<double>(x), static_cast<int>(digits));
        std::string fraction = other_digits(exact);
        fraction.resize(digits, '0');
        out.push_back(padded(first_digit(exact), left) + "." + fraction + exponent_text(exponent(exact), power));
      } else {
        std::string fraction = fraction_part(d);
        fraction.resize(digits, ' ');
        out.push_back(padded(integer_part(d), left) + "." + fraction);
      }
    }
  }
  return out;
}

// One element alone is written like a Python number: all its digits, no padding.
template <class T>
std::string lone_text(T x) {
  if constexpr (std::is_same_v<T, bool>)
    return x ? "True" : "False";
  else if constexpr (std::is_integral_v<T>)
    return std::to_string(x);
  else {
    const double wide =
        static_cast<double>(static_cast<std::conditional_t<std::is_same_v<T, double>, double, float>>(x));
    if (!std::isfinite(wide)) return special(wide);
    const Decimal d = shortest(x);
    if (wide == 0 || (std::fabs(wide) >= 1e-4 && std::fabs(wide) < (std::is_same_v<T, double> ? 1e16 : 1e6))) {
      const std::string fraction = fraction_part(d);
      return integer_part(d) + "." + (fraction.empty() ? "0" : fraction);
    }
    return first_digit(d) + (d.digits.size() > 1 ? "." + other_digits(d) : "") + exponent_text(exponent(d), 2);
  }
}

// The numbers along an axis that are shown; -1 stands for the dots.
std::vector<std::int64_t> shown(std::int64_t n, bool summarize) {
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < n; ++i) {
    if (summarize && n > 2 * kEdge && i == kEdge) out.push_back(-1), i = n - kEdge;
    out.push_back(i);
  }
  return out;
}

class Printer {
 public:
  explicit Printer(const Array& a) : shape_(a.shape()) {
    for (std::int64_t n : shape_) axes_.push_back(shown(n, a.size() > kThreshold));
    visit(a.dtype(), [&](auto zero) {
      using T = decltype(zero);
      std::vector<T> elements;
      collect(reinterpret_cast<const T*>(a.bytes()), 0, a.size(), elements);
      texts_ = texts(elements);
    });
  }

  std::string print() { return nested(0, kLineWidth); }

 private:
  template <class T>
  void collect(const T* x, int axis, std::int64_t block, std::vector<T>& out) const {
    if (axis == shape_.rank()) return out.push_back(*x);
    block /= shape_[axis];
    for (std::int64_t i : axes_[static_cast<std::size_t>(axis)])
      if (i >= 0) collect(x + i * block, axis + 1, block, out);
  }

  // Visits the elements in the same order as collect did.
  std::string nested(int axis, std::size_t width) {
    const std::string indent(static_cast<std::size_t>(axis) + 1, ' ');
    const int left = shape_.rank() - axis;
    if (left == 1) return row(indent, width - 1);
    const std::string gap(static_cast<std::size_t>(left) - 1, '\n');
    std::string out;
    for (std::int64_t i : axes_[static_cast<std::size_t>(axis)]) {
      if (!out.empty()) out += gap + indent;
      out += i < 0 ? "..." : nested(axis + 1, width - 1);
    }
    return "[" + out + "]";
  }

  std::string row(const std::string& indent, std::size_t width) {
    std::string out, line = indent;
    bool first = true;
    for (std::int64_t i : axes_.back()) {
      const std::string& word = i < 0 ? dots_ : texts_[next_++];
      if (!first) line += ' ';
      first = false;
      if (line.size() + word.size() > width && line.size() > indent.size()) {
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
        line = indent;
      }
      line += word;
    }
    return "[" + (out + line).substr(indent.size()) + "]";
  }

  Shape shape_;
  std::vector<std::vector<std::int64_t>> axes_;
  std::vector<std::string> texts_;
  std::string dots_ = "...";
  std::size_t next_ = 0;
};

}  // namespace

std::string to_string(const Array& a) {
  if (a.size() == 0) return "[]";
  if (a.ndim() == 0)
    return visit(a.dtype(), [&](auto zero) { return lone_text(*reinterpret_cast<decltype(zero)*>(a.bytes())); });
  return Printer(a).print();
}

std::ostream& operator<<(std::ostream& out, const Array& a) { return out << to_string(a); }

}  // namespace cornu::graph

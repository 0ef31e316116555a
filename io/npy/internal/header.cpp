#include "cornu/io/npy/internal/header.h"

#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace cornu::io::npy::internal {

using namespace graph;

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLongestHeader = 1 << 16;  // NumPy's own limit for files it does not trust is 10,000

/// A cursor over the literal of a Python dictionary; only what numpy.lib.format writes is accepted.
class Parser {
 public:
  Parser(std::string_view text, const Source& source) : text_(text), source_(source) {}

  bool accept(std::string_view token) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!accept(token)) fail(message("'", token, "'"));
  }
  std::string_view string() {
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : 0;
    const std::size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail("a string");
    const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return value;
  }
  std::int64_t number() {
    skip_blanks();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc{} || value < 0) fail("a length");
    at_ = end - text_.data();
    accept("L");  // Python 2's long
    return value;
  }
  Shape shape() {
    std::vector<std::int64_t> dims;
    expect("(");
    while (!accept(")")) {
      dims.push_back(number());
      if (!accept(",")) {
        expect(")");
        break;
      }
    }
    if (dims.size() > Shape::kMaxRank)
      source_.malformed("an array of ", dims.size(), " axes; at most ", Shape::kMaxRank, " are possible");
    return Shape(dims);
  }
  void expect_end() {
    skip_blanks();
    if (at_ != text_.size()) fail("its end");
  }
  [[noreturn]] void fail(std::string_view expected) const {
    source_.malformed("damaged .npy header: expected ", expected, " at character ", at_);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }

  std::string_view text_;
  const Source& source_;
  std::size_t at_ = 0;
};

Encoding parse_descr(std::string_view descr, const Source& source, bool objects) {
  const auto unreadable = [&](std::string_view what) {
    throw TypeError(
        message("[", source.name(), "] ", what, " (dtype '", descr, "') cannot be read into an array of numbers"));
  };
  if (descr.size() < 2) source.malformed("damaged .npy header: dtype '", descr, "'");
  const char order = descr[0], kind = descr[1];
  int size = 0;
  const auto [end, error] = std::from_chars(descr.data() + 2, descr.data() + descr.size(), size);
  if (std::string_view("<>|=").find(order) == std::string_view::npos)
    source.malformed("damaged .npy header: dtype '", descr, "'");
  if (kind == 'O' && objects) return {kind, 0};
  if (kind == 'O') unreadable("an array of Python objects");
  if (error != std::errc{} || end != descr.data() + descr.size() || size < 0) {
    if (kind == 'M' || kind == 'm') unreadable("an array of dates");
    source.malformed("damaged .npy header: dtype '", descr, "'");
  }
  if (kind == 'S' || kind == 'U' || kind == 'a') unreadable("an array of text");
  if (kind == 'c') unreadable("an array of complex numbers");
  const Encoding encoding{kind, size,
                          order == '>'   ? std::endian::big
                          : order == '<' ? std::endian::little
                                         : std::endian::native};
  nearest_dtype(encoding, source.name());
  return encoding;
}

}  // namespace

Header parse_header(std::string_view text, const Source& source, bool objects) {
  Parser parser(text, source);
  Header header{{'f', 4}};
  bool has_descr = false, has_order = false, has_shape = false;
  const auto once = [&](bool& has, std::string_view key) {
    if (has) source.malformed("damaged .npy header: '", key, "' twice");
    has = true;
  };
  parser.expect("{");
  while (!parser.accept("}")) {
    const std::string_view key = parser.string();
    parser.expect(":");
    if (key == "descr") {
      once(has_descr, key);
      if (parser.accept("["))
        throw TypeError(message("[", source.name(), "] a structured array cannot be read into an array of numbers"));
      header.encoding = parse_descr(parser.string(), source, objects);
    } else if (key == "fortran_order") {
      once(has_order, key);
      header.fortran_order = parser.accept("True");
      if (!header.fortran_order) parser.expect("False");
    } else if (key == "shape") {
      once(has_shape, key);
      header.shape = parser.shape();
    } else {
      source.malformed("damaged .npy header: unknown key '", key.substr(0, 40), "'");
    }
    if (!parser.accept(",")) {
      parser.expect("}");
      break;
    }
  }
  parser.expect_end();
  if (!has_descr || !has_order || !has_shape)
    source.malformed("damaged .npy header: it lacks 'descr', 'fortran_order' or 'shape'");
  return header;
}

Header read_header(Source& source, bool objects) {
  std::array<unsigned char, 12> start{};
  if (source.left() < 10) source.malformed("not a .npy file: too short for a header");
  source.read(std::as_writable_bytes(std::span(start).first(8)));
  if (std::string_view(reinterpret_cast<const char*>(start.data()), 6) != kMagic)
    source.malformed("not a .npy file: it does not begin with \\x93NUMPY");
  const int version = start[6];
  if (version < 1 || version > 3)
    source.malformed("version ", version, " of the .npy format is unknown (1 to 3 are known)");
  source.read(std::as_writable_bytes(std::span(start).subspan(8, version == 1 ? 2 : 4)));
  const std::size_t length =
      start[8] | start[9] << 8 | (version == 1 ? 0u : start[10] << 16 | static_cast<unsigned>(start[11]) << 24);
  if (length > kLongestHeader)
    source.malformed("a .npy header of ", length, " bytes (at most ", kLongestHeader, " are accepted)");
  if (length > source.left()) source.malformed("ends inside the .npy header (truncated)");
  std::string text(length, ' ');
  source.read(std::as_writable_bytes(std::span(text)));
  return parse_header(text, source, objects);
}

std::string header_of(const Spec& spec) {
  const char* descr = nullptr;
  switch (spec.dtype) {
    case DType::bool_:
      descr = "|b1";
      break;
    case DType::uint8:
      descr = "|u1";
      break;
    case DType::int32:
      descr = "<i4";
      break;
    case DType::int64:
      descr = "<i8";
      break;
    case DType::bfloat16:
      descr = "<V2";
      break;
    case DType::float32:
      descr = "<f4";
      break;
    case DType::float64:
      descr = "<f8";
      break;
  }
  std::string text = message("{'descr': '", descr, "', 'fortran_order': False, 'shape': ", spec.shape, ", }");
  constexpr std::size_t kPrefix = 10, kAlignment = 64;
  text.append(kAlignment - 1 - (kPrefix + text.size()) % kAlignment, ' ');
  text += '\n';
  const char length[] = {static_cast<char>(text.size() & 255), static_cast<char>(text.size() >> 8)};
  return std::string(kMagic) + std::string("\x01\x00", 2) + std::string(length, 2) + text;
}

Array read_array(Source& source) { return read_elements(source, read_header(source)); }

Array read_elements(Source& source, const Header& header) {
  if (!header.fortran_order) return read_elements(source, header.encoding, header.shape);
  // Fortran order is the transpose of what lies row-major in the file.
  const Shape reversed(std::vector<std::int64_t>(std::make_reverse_iterator(header.shape.end()),
                                                 std::make_reverse_iterator(header.shape.begin())));
  return read_elements(source, header.encoding, reversed).transpose();
}

}  // namespace cornu::io::npy::internal

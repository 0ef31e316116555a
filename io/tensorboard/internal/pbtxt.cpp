#include "cornu/io/tensorboard/internal/pbtxt.h"

#include <algorithm>
#include <charconv>

#include "cornu/graph/check.h"

namespace cornu::io::tensorboard::internal {

namespace {

constexpr int kMaxDepth = 100;

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

void append_utf8(std::string& to, unsigned long code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
    return;
  }
  const int rest = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  constexpr unsigned long kFirst[] = {0, 0xc0, 0xe0, 0xf0};
  to += static_cast<char>(kFirst[rest] | code >> (6 * rest));
  for (int i = rest; i-- > 0;) to += static_cast<char>(0x80 | (code >> (6 * i) & 0x3f));
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  /// Up to the character that closes the message, or the end of the text for '\0'.
  std::vector<PbtxtField> fields(char close, int depth) {
    if (depth > kMaxDepth) malformed("messages are nested more than ", kMaxDepth, " deep");
    std::vector<PbtxtField> all;
    for (;;) {
      while (skip(), at(',') || at(';')) ++pos_;
      if (pos_ == text_.size()) {
        if (close != '\0') malformed("the file ends where '", close, "' is missing");
        return all;
      }
      if (close != '\0' && take(close)) return all;
      field(all, depth);
    }
  }

 private:
  void field(std::vector<PbtxtField>& all, int depth) {
    PbtxtField field;
    field.begin = pos_;
    while (pos_ < text_.size() && is_word(text_[pos_])) field.name += text_[pos_++];
    if (field.name.empty()) malformed("expected the name of a field, got '", text_[pos_], "'");
    skip();
    const bool colon = take(':');
    skip();
    if (at('{') || at('<')) {
      const char close = text_[pos_++] == '{' ? '}' : '>';
      field.is_message = true;
      field.fields = fields(close, depth + 1);
      field.end = pos_;
      all.push_back(std::move(field));
      return;
    }
    if (!colon) malformed("expected ':' or '{' after \"", field.name, "\"");
    const std::size_t first = all.size();
    if (take('[')) {
      for (skip(); !take(']'); skip()) {
        if (all.size() > first && !take(',')) malformed("expected ',' or ']' in the list \"", field.name, "\"");
        field.value = scalar(field.name);
        all.push_back(field);
      }
    } else {
      field.value = scalar(field.name);
      all.push_back(field);
    }
    for (std::size_t i = first; i < all.size(); ++i) all[i].end = pos_;
  }

  std::string scalar(const std::string& name) {
    skip();
    std::string value;
    if (at('"') || at('\'')) {
      std::size_t end = pos_;
      for (; at('"') || at('\''); skip()) {
        string(value);
        end = pos_;
      }
      pos_ = end;  // the blanks and comments after the last piece do not belong to the value
      return value;
    }
    while (pos_ < text_.size() &&
           (is_word(text_[pos_]) || text_[pos_] == '-' || text_[pos_] == '+' || text_[pos_] == '.'))
      value += text_[pos_++];
    if (value.empty()) malformed("expected a value of \"", name, "\"");
    return value;
  }

  void string(std::string& to) {
    const char quote = text_[pos_++];
    while (!take(quote)) {
      if (pos_ == text_.size() || at('\n')) malformed("a string without an end");
      if (take('\\'))
        escape(to);
      else
        to += text_[pos_++];
    }
  }

  void escape(std::string& to) {
    if (pos_ == text_.size()) malformed("a string without an end");
    const char c = text_[pos_++];
    constexpr std::string_view kLetters = "abfnrtv\\'\"?", kMeanings = "\a\b\f\n\r\t\v\\'\"?";
    if (const auto i = kLetters.find(c); i != std::string_view::npos) {
      to += kMeanings[i];
    } else if (c >= '0' && c <= '7') {
      --pos_;
      to += static_cast<char>(number(8, 1, 3));
    } else if (c == 'x' || c == 'X') {
      to += static_cast<char>(number(16, 1, 2));
    } else if (c == 'u' || c == 'U') {
      const unsigned long code = c == 'u' ? number(16, 4, 4) : number(16, 8, 8);
      if (code > 0x10ffff) malformed("a character beyond Unicode");
      append_utf8(to, code);
    } else {
      malformed("an unknown escape '\\", c, "' in a string");
    }
  }

  unsigned long number(int base, std::ptrdiff_t least, std::size_t most) {
    const char *begin = text_.data() + pos_, *last = begin + std::min(most, text_.size() - pos_);
    unsigned long value = 0;
    const auto [end, error] = std::from_chars(begin, last, value, base);
    if (error != std::errc() || end - begin < least) malformed("an escape in a string lacks digits");
    pos_ += static_cast<std::size_t>(end - begin);
    return value;
  }

  void skip() {
    while (pos_ < text_.size()) {
      if (at('#'))
        pos_ = std::min(text_.find('\n', pos_), text_.size());
      else if (at(' ') || at('\t') || at('\n') || at('\r') || at('\v') || at('\f'))
        ++pos_;
      else
        return;
    }
  }
  bool at(char c) const { return pos_ < text_.size() && text_[pos_] == c; }
  bool take(char c) { return at(c) && (++pos_, true); }

  template <class... Parts>
  [[noreturn]] void malformed(const Parts&... parts) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(pos_), '\n');
    throw graph::FormatError(graph::message("[", name_, "] line ", line, ": ", parts...));
  }

  std::string_view text_, name_;
  std::size_t pos_ = 0;
};

}  // namespace

std::string_view PbtxtField::operator[](std::string_view wanted) const {
  for (const PbtxtField& field : fields)
    if (field.name == wanted && !field.is_message) return field.value;
  return {};
}

std::vector<PbtxtField> parse_pbtxt(std::string_view text, std::string_view name) {
  return Parser(text, name).fields('\0', 0);
}

std::string pbtxt_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7f)
      for (const int shift : {9, 6, 3, 0}) out += shift == 9 ? '\\' : static_cast<char>('0' + (byte >> shift & 7));
    else
      out += c;
  }
  return out += '"';
}

}  // namespace cornu::io::tensorboard::internal

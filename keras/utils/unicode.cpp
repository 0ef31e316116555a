#include "cornu/keras/utils/unicode.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <memory>

#include "cornu/graph/check.h"

namespace cornu::keras::utils {
namespace {

using graph::require;
using graph::ValueError;

void require_success(UErrorCode code, const char* what) {
  require<ValueError>(U_SUCCESS(code), what, ": ", u_errorName(code));
}

icu::StringPiece piece(std::string_view text) { return {text.data(), static_cast<std::int32_t>(text.size())}; }

std::string in_utf8(const icu::UnicodeString& text) {
  std::string bytes;
  text.toUTF8String(bytes);
  return bytes;
}

// Python's words for encodings that ICU has under others.
std::unique_ptr<UConverter, void (*)(UConverter*)> converter(const std::string& encoding) {
  std::string name = encoding;
  if (name == "latin-1" || name == "latin1" || name == "latin_1") name = "ISO-8859-1";
  if (name == "utf-16-le" || name == "utf_16_le") name = "UTF-16LE";
  if (name == "utf-16-be" || name == "utf_16_be") name = "UTF-16BE";
  UErrorCode code = U_ZERO_ERROR;
  std::unique_ptr<UConverter, void (*)(UConverter*)> opened(ucnv_open(name.c_str(), &code), ucnv_close);
  require<ValueError>(U_SUCCESS(code) && !name.empty(), "expected a known encoding, got '", encoding, "'");
  return opened;
}

}  // namespace

std::string unicode_lower(const std::string& text) {
  icu::UnicodeString wide = icu::UnicodeString::fromUTF8(piece(text));
  return in_utf8(wide.toLower(icu::Locale::getRoot()));
}

std::string unicode_normalize(const std::string& text, std::string_view form) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form == "NFC"    ? icu::Normalizer2::getNFCInstance(code)
                                       : form == "NFD"  ? icu::Normalizer2::getNFDInstance(code)
                                       : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(code)
                                       : form == "NFKD" ? icu::Normalizer2::getNFKDInstance(code)
                                                        : nullptr;
  require<ValueError>(normalizer != nullptr || U_FAILURE(code),
                      "unicode_normalize: expected the form NFC, NFD, NFKC or NFKD, got '", form, "'");
  require_success(code, "unicode_normalize");
  const icu::UnicodeString normal = normalizer->normalize(icu::UnicodeString::fromUTF8(piece(text)), code);
  require_success(code, "unicode_normalize");
  return in_utf8(normal);
}

std::vector<std::string> unicode_split(std::string_view text) {
  std::vector<std::string> characters;
  const char* bytes = text.data();
  const auto length = static_cast<std::int64_t>(text.size());
  for (std::int64_t i = 0; i < length;) {
    const std::int64_t begin = i;
    UChar32 point = 0;
    U8_NEXT(bytes, i, length, point);
    if (point >= 0)
      characters.emplace_back(text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
    else
      characters.emplace_back("\xEF\xBF\xBD");
  }
  return characters;
}

std::string decode(const std::string& bytes, const std::string& encoding) {
  UErrorCode code = U_ZERO_ERROR;
  const icu::UnicodeString wide(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter(encoding).get(), code);
  require_success(code, "decode");
  return in_utf8(wide);
}

std::string encode(const std::string& text, const std::string& encoding) {
  const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(piece(text));
  const auto to = converter(encoding);
  UErrorCode code = U_ZERO_ERROR;
  const std::int32_t size = wide.extract(nullptr, 0, to.get(), code);
  if (code == U_BUFFER_OVERFLOW_ERROR) code = U_ZERO_ERROR;
  require_success(code, "encode");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  wide.extract(bytes.data(), size, to.get(), code);
  require_success(code, "encode");
  return bytes;
}

}  // namespace cornu::keras::utils

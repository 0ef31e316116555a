#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/export.h"

namespace cornu::keras::utils {

/// A text in UTF-8 in lower case, of every script: "ÄΣ" becomes "äς". What is no UTF-8 becomes U+FFFD. Keras'
/// TextVectorization knows the letters from A to Z alone; this is for its `standardize`.
///
///     layers::TextVectorization({.standardize = utils::unicode_lower})
CORNU_EXPORT std::string unicode_lower(const std::string& text);
/// A text in one of Unicode's normal forms, "NFC", "NFD", "NFKC" or "NFKD": an ä is then the same bytes, however it was
/// typed. Throws ValueError for another form. TensorFlow Text: `normalize_utf8`.
CORNU_EXPORT std::string unicode_normalize(const std::string& text, std::string_view form = "NFKC");
/// The characters (code points) of a text in UTF-8; bytes that are none become U+FFFD each. TensorFlow:
/// `strings.unicode_split`.
CORNU_EXPORT std::vector<std::string> unicode_split(std::string_view text);
/// A text from another encoding ("latin-1", "utf-16-le", any that ICU knows) into UTF-8 and back. Throws ValueError for
/// an encoding that is not known.
CORNU_EXPORT std::string decode(const std::string& bytes, const std::string& encoding);
CORNU_EXPORT std::string encode(const std::string& text, const std::string& encoding);

}  // namespace cornu::keras::utils

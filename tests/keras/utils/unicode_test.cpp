#include "cornu/keras/utils/unicode.h"

#include <gmock/gmock.h>

#include "cornu/graph/check.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::utils {
namespace {

using testing::ElementsAre;
using tests::error_text;

TEST(UnicodeTest, LowersEveryScript) {
  EXPECT_EQ(unicode_lower("ÄΣ ДА"), "äς да") << "a sigma at the end of a word";
  EXPECT_EQ(unicode_lower(""), "");
  EXPECT_EQ(unicode_lower("a\xFF"), "a\xEF\xBF\xBD");
}

TEST(UnicodeTest, NormalizesForms) {
  EXPECT_EQ(unicode_normalize("a\u0308"), "ä");
  EXPECT_EQ(unicode_normalize("ä", "NFD"), "a\u0308");
  EXPECT_EQ(unicode_normalize("ﬁ"), "fi");
  EXPECT_EQ(unicode_normalize("ﬁ", "NFC"), "ﬁ");
  EXPECT_EQ(error_text<graph::ValueError>([] { unicode_normalize("a", "NFX"); }),
            "unicode_normalize: expected the form NFC, NFD, NFKC or NFKD, got 'NFX'");
}

TEST(UnicodeTest, SplitsCharacters) {
  EXPECT_THAT(unicode_split("aä字🎉"), ElementsAre("a", "ä", "字", "🎉"));
  EXPECT_THAT(unicode_split("a\xC3"), ElementsAre("a", "\xEF\xBF\xBD"));
  EXPECT_THAT(unicode_split(""), ElementsAre());
}

TEST(UnicodeTest, KnowsEncodings) {
  EXPECT_EQ(decode("\xE4", "latin-1"), "ä");
  EXPECT_EQ(encode("ä", "latin-1"), "\xE4");
  EXPECT_EQ(encode("ab", "utf-16-le"), std::string("a\0b\0", 4));
  EXPECT_EQ(decode(encode("字🎉", "utf-16-be"), "utf-16-be"), "字🎉");
  EXPECT_EQ(encode("", "latin-1"), "");
  EXPECT_EQ(error_text<graph::ValueError>([] { decode("a", "no-such"); }), "expected a known encoding, got 'no-such'");
}

}  // namespace
}  // namespace cornu::keras::utils

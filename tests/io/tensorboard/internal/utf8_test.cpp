#include "cornu/io/tensorboard/internal/utf8.h"

#include <gtest/gtest.h>

namespace cornu::io::tensorboard::internal {
namespace {

const std::string kBad = "\xef\xbf\xbd";

TEST(Utf8, KeepsWhatIsValid) {
  for (const std::string& text :
       {std::string(), std::string("plain"), std::string("a\0b", 3), std::string("\x7f"),
        std::string("\xc2\x80\xdf\xbf"), std::string("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"),
        std::string("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), std::string("K\xc3\xb6rner \xe8\xa7\x92 \xf0\x9f\x8e\xba")})
    EXPECT_EQ(valid_utf8(text), text);
}

// The results are those of Python's bytes.decode("utf-8", "replace").
TEST(Utf8, ReplacesOverLongForms) {
  EXPECT_EQ(valid_utf8("a\xc0\xaf"
                       "b"),
            "a" + kBad + kBad + "b");
  EXPECT_EQ(valid_utf8("\xc1\xbf"), kBad + kBad);
  EXPECT_EQ(valid_utf8("\xe0\x9f\xbf"), kBad + kBad + kBad);
  EXPECT_EQ(valid_utf8("\xf0\x8f\xbf\xbf"), kBad + kBad + kBad + kBad);
}

TEST(Utf8, ReplacesSurrogatesAndWhatIsBeyondUnicode) {
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), kBad + kBad + kBad);
  EXPECT_EQ(valid_utf8("\xed\xbf\xbf!"), kBad + kBad + kBad + "!");
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80"), kBad + kBad + kBad + kBad);
  EXPECT_EQ(valid_utf8("\xf5\xff"), kBad + kBad);
}

TEST(Utf8, ReplacesTruncatedCharactersOnceEach) {
  EXPECT_EQ(valid_utf8("\xe8\xa7"), kBad);
  EXPECT_EQ(valid_utf8("\xf0\x9f\x8ex"), kBad + "x");
  EXPECT_EQ(valid_utf8("\xc3"), kBad);
  EXPECT_EQ(valid_utf8("\xc3\xc3\xb6"), kBad + "\xc3\xb6");
  EXPECT_EQ(valid_utf8("\xf0\x9f\xe8\xa7\x92"), kBad + "\xe8\xa7\x92");
  EXPECT_EQ(valid_utf8("\x80 \xbf\xbf"), kBad + " " + kBad + kBad);
}

}  // namespace
}  // namespace cornu::io::tensorboard::internal

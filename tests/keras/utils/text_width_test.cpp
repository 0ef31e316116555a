#include "cornu/keras/utils/internal/text_width.h"

#include <gtest/gtest.h>

namespace cornu::keras::utils {
namespace {

TEST(TextWidth, CountsCharactersNotBytes) {
  EXPECT_EQ(text_width(""), 0u);
  EXPECT_EQ(text_width("loss"), 4u);
  EXPECT_EQ(text_width("précision"), 9u);
  EXPECT_EQ(text_width("損失"), 2u);
}

TEST(TextWidth, PrefixCutsBetweenCharacters) {
  EXPECT_EQ(text_prefix("loss", 2), "lo");
  EXPECT_EQ(text_prefix("loss", 9), "loss");
  EXPECT_EQ(text_prefix("loss", 0), "");
  EXPECT_EQ(text_prefix("précision", 3), "pré");
  EXPECT_EQ(text_prefix("損失", 1), "損");
}

}  // namespace
}  // namespace cornu::keras::utils

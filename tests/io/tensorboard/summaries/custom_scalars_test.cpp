#include "cornu/io/tensorboard/summaries/custom_scalars.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Shape;
using graph::ValueError;
using testing::ElementsAre;
using tests::error_text;
using tests::from_hex;

TEST(CustomScalarsSummary, IsASerialisedLayout) {
  const Summary s = custom_scalars({.categories = {{"p", {{.title = "loss", .tags = {"a", "b"}}}},
                                                   {"q", {{.title = "", .margins = {{"v", "l", "u"}}}}, true}}});
  EXPECT_EQ(s.tag, "custom_scalars__config__");
  EXPECT_EQ(s.plugin, "custom_scalars");
  EXPECT_EQ(s.content, "");
  EXPECT_EQ(s.data_class, DataClass::tensor);
  EXPECT_EQ(s.shape, Shape{});
  const std::string first = from_hex(
      "1213"
      "0a0170"
      "120e"
      "0a046c6f7373"
      "1206"
      "0a0161"
      "0a0162");
  const std::string second = from_hex(
      "1214"
      "0a0171"
      "120d"
      "1a0b"
      "0a09"
      "0a0176"
      "12016c"
      "1a0175"
      "1801");
  EXPECT_THAT(s.strings, ElementsAre(first + second));
  EXPECT_THAT(custom_scalars({}).strings, ElementsAre(""));
}

TEST(CustomScalarsSummary, RepairsTexts) {
  EXPECT_THAT(custom_scalars({.categories = {{"\xff", {}}}}).strings, ElementsAre(from_hex("12050a03efbfbd")));
}

TEST(CustomScalarsSummary, RefusesChartsWithBothKindsOrNone) {
  EXPECT_EQ(error_text<ValueError>([] {
              custom_scalars({.categories = {{"c", {{.title = "x"}}}}});
            }),
            "[custom_scalars] the chart \"x\" needs tags or margins, got none");
  EXPECT_EQ(error_text<ValueError>([] {
              custom_scalars({.categories = {{"c", {{.title = "x", .tags = {"a"}, .margins = {{"v", "l", "u"}}}}}}});
            }),
            "[custom_scalars] the chart \"x\" has both tags and margins; one chart shows one of them");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries

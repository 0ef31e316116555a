#include "cornu/io/tensorboard/summaries/text.h"

#include <gmock/gmock.h>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::Shape;
using graph::ValueError;
using testing::ElementsAre;
using tests::error_text;
using Rows = std::vector<std::vector<std::string>>;

TEST(TextSummary, IsOneString) {
  const Summary s = text("note", "learning rate **0.001**");
  EXPECT_EQ(s.plugin, "text");
  EXPECT_EQ(s.content, "");
  EXPECT_EQ(s.data_class, DataClass::tensor);
  EXPECT_EQ(s.shape, Shape{});
  EXPECT_THAT(s.strings, ElementsAre("learning rate **0.001**"));
  EXPECT_FALSE(s.numbers);
  EXPECT_THAT(text("note", "").strings, ElementsAre(""));
}

TEST(TextSummary, RepairsWhatIsNoUtf8) {
  EXPECT_THAT(text("note",
                   "a\xff"
                   "b")
                  .strings,
              ElementsAre("a\xef\xbf\xbd"
                          "b"));
  EXPECT_THAT(text("note", Rows{{"\xed\xa0\x80"}}).strings, ElementsAre("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
}

TEST(TextSummary, IsATableRowByRow) {
  const Summary s = text("table", Rows{{"layer", "units"}, {"dense", "512"}, {"dense_1", "10"}});
  EXPECT_EQ(s.shape, (Shape{3, 2}));
  EXPECT_THAT(s.strings, ElementsAre("layer", "units", "dense", "512", "dense_1", "10"));
}

TEST(TextSummary, RefusesRaggedAndEmptyTables) {
  EXPECT_EQ(error_text<ValueError>([] {
              text("t", Rows{{"a", "b"}, {"c"}});
            }),
            "[text \"t\"] row 1 of a table has 1 cells, the first one has 2");
  const std::string empty = "[text \"t\"] a table needs at least one row and one column";
  EXPECT_EQ(error_text<ValueError>([] { text("t", Rows{}); }), empty);
  EXPECT_EQ(error_text<ValueError>([] { text("t", Rows{{}}); }), empty);
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries

#include "cornu/io/tensorboard/summaries/scalar.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/io/mutations.h"

namespace cornu::io::tensorboard::summaries {
namespace {

using graph::ValueError;
using tests::error_text;

TEST(ScalarSummary, IsAFloat32WithoutAxes) {
  const Summary s = scalar("epoch_loss", 0.1, {.display_name = "Loss", .description = "of *an epoch*"});
  EXPECT_EQ(s.tag, "epoch_loss");
  EXPECT_EQ(s.plugin, "scalars");
  EXPECT_EQ(s.content, "");
  EXPECT_EQ(s.data_class, DataClass::scalar);
  EXPECT_EQ(s.description.display_name, "Loss");
  EXPECT_EQ(s.description.description, "of *an epoch*");
  EXPECT_EQ(s.numbers.value().spec(), (graph::Spec{graph::float32, {}}));
  EXPECT_EQ(s.numbers->item<float>(), 0.1f);
  EXPECT_TRUE(s.strings.empty());
}

TEST(ScalarSummary, KeepsWhatIsNoNumber) {
  EXPECT_TRUE(std::isnan(scalar("x", NAN).numbers->item<float>()));
  EXPECT_EQ(scalar("x", -INFINITY).numbers->item<float>(), -INFINITY);
  EXPECT_EQ(scalar("x", 1e300).numbers->item<float>(), INFINITY);
}

TEST(ScalarSummary, RepairsTagsAndRefusesEmptyOnes) {
  EXPECT_EQ(scalar("a\xff", 0, {"\xc0", "\xe8"}).tag, "a\xef\xbf\xbd");
  EXPECT_EQ(scalar("a", 0, {"\xc0", "x\xe8"}).description.display_name, "\xef\xbf\xbd");
  EXPECT_EQ(scalar("a", 0, {"\xc0", "x\xe8"}).description.description, "x\xef\xbf\xbd");
  EXPECT_EQ(error_text<ValueError>([] { scalar("", 0); }),
            "a value for the dashboard \"scalars\" needs a tag that is not empty");
}

}  // namespace
}  // namespace cornu::io::tensorboard::summaries

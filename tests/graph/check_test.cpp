#include "cornu/graph/check.h"

#include <gtest/gtest.h>

namespace cornu::graph {
namespace {

TEST(Check, RequireThrowsTheJoinedParts) {
  try {
    require<ShapeError>(false, "[Dense \"dense_1\"] expected last input axis ", 784, ", got ", 100);
    FAIL();
  } catch (const ShapeError& e) {
    EXPECT_STREQ(e.what(), "[Dense \"dense_1\"] expected last input axis 784, got 100");
  }
  EXPECT_NO_THROW(require<ShapeError>(true, "not thrown"));
}

struct Counted {
  int* count;
};
std::ostream& operator<<(std::ostream& out, const Counted& c) {
  ++*c.count;
  return out;
}

TEST(Check, PartsAreWrittenOnFailureOnly) {
  int count = 0;
  require<ValueError>(true, Counted{&count});
  EXPECT_EQ(count, 0);
  EXPECT_THROW(require<ValueError>(false, Counted{&count}), ValueError);
  EXPECT_EQ(count, 1);
}

TEST(Check, EveryErrorIsAnError) {
  EXPECT_THROW(throw ShapeError("x"), Error);
  EXPECT_THROW(throw TypeError("x"), Error);
  EXPECT_THROW(throw ValueError("x"), Error);
  EXPECT_THROW(throw FormatError("x"), Error);
  EXPECT_THROW(throw IoError("x"), Error);
  EXPECT_THROW(throw Error("x"), std::runtime_error);
}

TEST(Check, Message) { EXPECT_EQ(message("a", 1, ' ', 2.5), "a1 2.5"); }

}  // namespace
}  // namespace cornu::graph

#include "cornu/keras/utils/internal/numpy_random.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"

namespace cornu::keras::utils::internal {
namespace {

using testing::ElementsAre;

// As numpy 2.4: a = np.arange(n); np.random.RandomState(seed).shuffle(a)
TEST(NumpyRandomState, GivesNumpysOrder) {
  EXPECT_THAT(NumpyRandom(113).shuffled(10), ElementsAre(9, 3, 6, 1, 0, 7, 4, 8, 2, 5));
  EXPECT_THAT(NumpyRandom(0).shuffled(7), ElementsAre(6, 2, 1, 3, 0, 5, 4));
  EXPECT_THAT(NumpyRandom(4294967295).shuffled(12), ElementsAre(11, 8, 5, 9, 1, 10, 6, 0, 4, 7, 2, 3));
  EXPECT_THAT(NumpyRandom(3).shuffled(1), ElementsAre(0));
  EXPECT_THAT(NumpyRandom(3).shuffled(0), ElementsAre());
  const auto many = NumpyRandom(1337).shuffled(1000);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < many.size(); ++i) sum += many[i] * static_cast<std::int64_t>(i);
  EXPECT_EQ(sum, 253262704);
}

TEST(NumpyRandomState, GoesOn) {
  NumpyRandom random(113);
  EXPECT_THAT(random.shuffled(2), ElementsAre(0, 1));
  EXPECT_THAT(random.shuffled(10), ElementsAre(4, 3, 8, 7, 1, 0, 5, 6, 9, 2));
}

TEST(NumpyRandomState, RefusesSeedsThatNumpyRefuses) {
  EXPECT_EQ(tests::error_text<ValueError>([] { NumpyRandom(4294967296).shuffled(3); }),
            "expected a seed from 0 to 4294967295, as NumPy takes it, got 4294967296");
}

}  // namespace
}  // namespace cornu::keras::utils::internal

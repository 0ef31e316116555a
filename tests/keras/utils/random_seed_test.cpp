#include "cornu/keras/utils/random_seed.h"

#include <gtest/gtest.h>

#include <vector>

#include "cornu/keras/layers/core/dense.h"

namespace cornu::keras {
namespace {

TEST(RandomSeedTest, TheSameSeedGivesTheSameStream) {
  const auto draw = [](std::uint64_t seed) {
    utils::set_random_seed(seed);
    const std::uint64_t first = utils::next_random_seed();
    return std::vector<std::uint64_t>{first, utils::next_random_seed()};
  };
  const auto one = draw(1);
  EXPECT_EQ(draw(1), one);
  EXPECT_NE(draw(2), one);
  EXPECT_NE(one[0], one[1]);
}

TEST(RandomSeedTest, LayersTakeTheirSeedWhenTheyAreMade) {
  const auto kernel = [](layers::Dense dense) {
    dense->ensure_built({kUnknown, 4});
    return dense->get_weights()[0];
  };
  utils::set_random_seed(7);
  const layers::Dense a(3), b(3);
  utils::set_random_seed(7);
  const layers::Dense c(3);
  utils::set_random_seed(99);
  EXPECT_TRUE(graph::array_equal(kernel(c), kernel(a)));
  EXPECT_FALSE(graph::array_equal(kernel(a), kernel(b)));
}

}  // namespace
}  // namespace cornu::keras

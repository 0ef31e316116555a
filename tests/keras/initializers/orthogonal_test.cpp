#include "cornu/keras/initializers/orthogonal.h"

#include <gtest/gtest.h>

#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::initializers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"initializer", "Orthogonal", R"({"gain": 2.0, "seed": 3})"},
  };
});

TEST(OrthogonalTest, TheShorterSideIsOrthonormal) {
  graph::random::Generator rng(2);
  const Array tall = Orthogonal()({40, 30}, rng), wide = Orthogonal()({30, 40}, rng),
              square = Orthogonal({.gain = 2})({16, 16}, rng);
  EXPECT_TRUE(allclose(graph::matmul(tall.transpose(), tall), graph::eye(30), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(graph::matmul(wide, wide.transpose()), graph::eye(30), 1e-5, 1e-6));
  EXPECT_TRUE(allclose(graph::matmul(square, square.transpose()), graph::eye(16) * 4, 1e-5, 1e-5));
}

TEST(OrthogonalTest, LeadingAxesAreJoined) {
  graph::random::Generator rng(2);
  const Array kernel = Orthogonal()({3, 3, 4, 8}, rng);
  EXPECT_EQ(kernel.shape(), (Shape{3, 3, 4, 8}));
  const Array matrix = kernel.reshape({36, 8});
  EXPECT_TRUE(allclose(graph::matmul(matrix.transpose(), matrix), graph::eye(8), 1e-5, 1e-6));
}

TEST(OrthogonalTest, DiffersWithTheSeedAlone) {
  graph::random::Generator rng(2);
  EXPECT_TRUE(array_equal(Orthogonal({.seed = 1})({4, 4}, rng), Orthogonal({.seed = 1})({4, 4}, rng)));
  EXPECT_FALSE(array_equal(Orthogonal({.seed = 1})({4, 4}, rng), Orthogonal({.seed = 2})({4, 4}, rng)));
}

TEST(OrthogonalTest, NeedsAMatrix) {
  graph::random::Generator rng(2);
  EXPECT_EQ(tests::error_text<ValueError>([&] { Orthogonal()({4}, rng); }),
            "initializer Orthogonal: expected a shape of at least two axes, got (4,)");
}

}  // namespace
}  // namespace cornu::keras::initializers

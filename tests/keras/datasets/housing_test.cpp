#include <gmock/gmock.h>

#include "cornu/io/npy/npz.h"
#include "cornu/keras/datasets/boston_housing.h"
#include "cornu/keras/datasets/california_housing.h"
#include "tests/io/mutations.h"
#include "tests/keras/datasets/keras_home.h"

namespace cornu::keras::datasets {
namespace {

using testing::HasSubstr;
using tests::error_text;

class Housing : public testing::Test {
 protected:
  std::filesystem::path written(std::int64_t rows, std::int64_t features) {
    io::npy::savez(
        home_ / "h.npz",
        {{"x", graph::arange(0, static_cast<double>(rows * features)).reshape({rows, features}).astype(graph::float64)},
         {"y", graph::arange(0, static_cast<double>(rows)).astype(graph::float64)}});
    return home_ / "h.npz";
  }
  tests::KerasHome home_;
};

// The orders are those of keras 3.15.
TEST_F(Housing, HasKerasOrderAndSplit) {
  {
    const auto [train, test] = california_housing::load_data({.path = written(10, 8)});
    EXPECT_TRUE(array_equal(train.y, Array{9., 3., 6., 1., 0., 7., 4., 8.}));
    EXPECT_TRUE(array_equal(test.y, Array{2., 5.}));
    EXPECT_TRUE(array_equal(train.x[0], Array{72., 73., 74., 75., 76., 77., 78., 79.}));
    EXPECT_EQ(test.x.spec(), (graph::Spec{graph::float64, {2, 8}}));
  }
  const auto [train, test] = boston_housing::load_data({.path = written(10, 13), .test_split = 0.33, .seed = 3});
  EXPECT_TRUE(array_equal(train.y, Array{5., 4., 1., 2., 9., 6.}));
  EXPECT_TRUE(array_equal(test.y, Array{7., 0., 3., 8.}));
}

TEST_F(Housing, OfCaliforniaHasASmallVersion) {
  const auto [train, test] = california_housing::load_data({.version = "small", .path = written(1000, 8)});
  EXPECT_EQ(train.x.rows(), 480);
  EXPECT_EQ(test.x.rows(), 120);
  EXPECT_EQ(max(train.y).item<double>(), 599);
}

TEST_F(Housing, OtherContentIsNamed) {
  EXPECT_EQ(error_text<ValueError>([] { california_housing::load_data({.version = "tiny"}); }),
            "california_housing::load_data: expected the version 'small' or 'large', got 'tiny'");
  EXPECT_EQ(error_text<ValueError>([] { boston_housing::load_data({.test_split = 1}); }),
            "boston_housing::load_data: expected a test_split from 0 to 1, without 1, got 1");
  EXPECT_THAT(error_text<FormatError>([&] { boston_housing::load_data({.path = written(4, 8)}); }),
              HasSubstr("h.npz: x] expected floating numbers of shape (n, 13), got float64 (4, 8)"));
  EXPECT_THAT(
      error_text<IoError>([] { boston_housing::load_data({.path = "nowhere.npz"}); }),
      HasSubstr("boston_housing::load_data takes an .npz file; called without a path it downloads the data to"));
}

}  // namespace
}  // namespace cornu::keras::datasets

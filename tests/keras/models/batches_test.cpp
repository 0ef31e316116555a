#include "cornu/keras/models/batches.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/keras/expect_error.h"

namespace cornu::keras::models {
namespace {

using cornu::tests::error_text;

TEST(Batches, CutsRowsInOrder) {
  const Array x = arange(0, 14).reshape({7, 2}), y = arange(0, 7, 1, graph::int32);
  Batches batches({x, y}, 3);
  EXPECT_EQ(batches.samples(), 7);
  EXPECT_EQ(batches.count(), 3);
  auto batch = batches.batch(1);
  ASSERT_EQ(batch.size(), 2u);
  EXPECT_TRUE(array_equal(batch[0], x.slice(3, 6)));
  EXPECT_EQ(batch[0].bytes(), x.slice(3, 6).bytes());  // a view
  EXPECT_TRUE(array_equal(batch[1], Array{3, 4, 5}));
  batch = batches.batch(2);
  EXPECT_TRUE(array_equal(batch[0], x.slice(6, 7)));  // the smaller last one
  EXPECT_TRUE(array_equal(batch[1], Array{6}));
}

TEST(Batches, GathersRowsOfAnOrder) {
  const Array x = arange(0, 14).reshape({7, 2}), y = arange(0, 7, 1, graph::int64), w = arange(10, 17);
  Batches batches({x, y, w}, 3);
  batches.set_order({6, 0, 5, 1, 4, 2, 3});
  EXPECT_TRUE(array_equal(batches.batch(0)[1], Array{6, 0, 5}));
  EXPECT_TRUE(array_equal(batches.batch(0)[0], Array{{12.f, 13.f}, {0.f, 1.f}, {10.f, 11.f}}));
  EXPECT_TRUE(array_equal(batches.batch(0)[2], Array{16.f, 10.f, 15.f}));
  EXPECT_TRUE(array_equal(batches.batch(2)[1], Array{3}));
  EXPECT_EQ(batches.batch(2)[1].dtype(), graph::int64);
  EXPECT_TRUE(array_equal(batches.batch(1)[1], Array{1, 4, 2}));
  batches.set_order({});
  EXPECT_TRUE(array_equal(batches.batch(0)[1], Array{0, 1, 2}));
}

TEST(Batches, LargeOnesAreGatheredByThreads) {
  const std::int64_t n = 600, width = 300;  // 720 KB
  const Array x = arange(0, static_cast<double>(n * width)).reshape({n, width});
  for (const int threads : {0, 1, 3}) {
    Batches batches({x}, static_cast<int>(n), "", threads);
    std::vector<std::int64_t> order(n);
    std::iota(order.rbegin(), order.rend(), 0);
    batches.set_order(order);
    EXPECT_TRUE(array_equal(batches.batch(0)[0], x.take(order)));
  }
}

TEST(Batches, AreNeverLargerThanTheData) {
  Batches batches({arange(0, 3)}, 1000);
  EXPECT_EQ(batches.count(), 1);
  EXPECT_EQ(batches.batch(0)[0].shape(), (Shape{3}));
  batches.set_order({2, 1, 0});
  EXPECT_TRUE(array_equal(batches.batch(0)[0], Array{2.f, 1.f, 0.f}));
}

TEST(Batches, TakesFloat64AsFloat32) {
  Batches batches({zeros({4, 2}, graph::float64), zeros({4}, graph::int64), ones({4}, graph::uint8)}, 2);
  EXPECT_EQ(batches.columns()[0].dtype(), graph::float32);
  EXPECT_EQ(batches.columns()[1].dtype(), graph::int64);
  EXPECT_EQ(batches.batch(0)[2].dtype(), graph::uint8);
}

TEST(Batches, SaysWhatIsWrongWithTheData) {
  EXPECT_EQ(error_text<ValueError>([] { Batches({zeros({4, 2}), zeros({3})}, 2); }), "x has 4 samples, y has 3");
  EXPECT_EQ(error_text<ValueError>([] {
              Batches({zeros({4}), zeros({4}), zeros({5})}, 2, "validation: ");
            }),
            "validation: x has 4 samples, sample_weight has 5");
  EXPECT_EQ(error_text<ValueError>([] {
              Batches({zeros({4}), zeros({4})}, 0);
            }),
            "batch_size must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] {
              Batches({zeros({4}), zeros({4})}, -3);
            }),
            "batch_size must be at least 1, got -3");
  EXPECT_EQ(error_text<ValueError>([] {
              Batches({zeros({0, 5}), zeros({0})}, 2);
            }),
            "there are no samples: x has shape (0, 5)");
  EXPECT_EQ(error_text<ShapeError>([] {
              Batches({zeros({4}), zeros({})}, 2);
            }),
            "y needs an axis of samples, got a scalar");
}

}  // namespace
}  // namespace cornu::keras::models

#include "cornu/keras/data/internal/array_source.h"

#include <gmock/gmock.h>

#include <numeric>

#include "tests/keras/expect_error.h"
#include "tests/support/copied_state.h"

namespace cornu::keras::data {
namespace {

using cornu::tests::error_text;
using graph::Array;
using graph::Shape;

TEST(ArraySource, CutsRowsInOrder) {
  const Array x = arange(0, 14).reshape({7, 2}), y = arange(0, 7, 1, graph::int32);
  ArraySource batches({.x = {x}, .y = {y}}, 3);
  EXPECT_EQ(batches.samples(), 7);
  EXPECT_EQ(batches.count(), 3);
  Columns batch = batches.batch(1);
  EXPECT_TRUE(array_equal(batch.x[0], x.slice(3, 6)));
  EXPECT_EQ(batch.x[0].bytes(), x.slice(3, 6).bytes());  // a view
  EXPECT_TRUE(array_equal(batch.y[0], Array{3, 4, 5}));
  EXPECT_TRUE(batch.weight.empty());
  batch = batches.batch(2);
  EXPECT_TRUE(array_equal(batch.x[0], x.slice(6, 7)));  // the smaller last one
  EXPECT_TRUE(array_equal(batch.y[0], Array{6}));
}

TEST(ArraySource, GathersRowsOfAnOrder) {
  const Array x = arange(0, 14).reshape({7, 2}), y = arange(0, 7, 1, graph::int64), w = arange(10, 17);
  ArraySource batches({.x = {x}, .y = {y}, .weight = {w}}, 3);
  batches.set_order({6, 0, 5, 1, 4, 2, 3});
  EXPECT_TRUE(array_equal(batches.batch(0).y[0], Array{6, 0, 5}));
  EXPECT_TRUE(array_equal(batches.batch(0).x[0], Array{{12.f, 13.f}, {0.f, 1.f}, {10.f, 11.f}}));
  EXPECT_TRUE(array_equal(batches.batch(0).weight[0], Array{16.f, 10.f, 15.f}));
  EXPECT_TRUE(array_equal(batches.batch(2).y[0], Array{3}));
  EXPECT_EQ(batches.batch(2).y[0].dtype(), graph::int64);
  EXPECT_TRUE(array_equal(batches.batch(1).y[0], Array{1, 4, 2}));
  batches.set_order({});
  EXPECT_TRUE(array_equal(batches.batch(0).y[0], Array{0, 1, 2}));
}

TEST(ArraySource, LargeOnesAreGatheredByThreads) {
  const std::int64_t n = 600, width = 300;  // 720 KB
  const Array x = arange(0, static_cast<double>(n * width)).reshape({n, width});
  for (const int threads : {0, 1, 3}) {
    ArraySource batches({.x = {x}}, static_cast<int>(n), "", threads);
    std::vector<std::int64_t> order(n);
    std::iota(order.rbegin(), order.rend(), 0);
    batches.set_order(order);
    EXPECT_TRUE(array_equal(batches.batch(0).x[0], x.take(order)));
  }
}

TEST(ArraySource, AreNeverLargerThanTheData) {
  ArraySource batches({.x = {arange(0, 3)}}, 1000);
  EXPECT_EQ(batches.count(), 1);
  EXPECT_EQ(batches.batch(0).x[0].shape(), (Shape{3}));
  batches.set_order({2, 1, 0});
  EXPECT_TRUE(array_equal(batches.batch(0).x[0], Array{2.f, 1.f, 0.f}));
}

TEST(ArraySource, GivesSeveralArraysOfEachPart) {
  const Array a = arange(0, 6), b = arange(10, 16), y = arange(20, 26), z = arange(30, 36);
  ArraySource source({.x = {a, b}, .y = {y, z}}, 4);
  source.set_order({5, 4, 3, 2, 1, 0});
  EXPECT_TRUE(array_equal(source.batch(0).x[1], Array{15.f, 14.f, 13.f, 12.f}));
  EXPECT_TRUE(array_equal(source.batch(1).y[0], Array{21.f, 20.f}));
  EXPECT_TRUE(array_equal(source.batch(1).y[1], Array{31.f, 30.f}));
}

TEST(ArraySource, IsASourceOfPasses) {
  ArraySource source({.x = {arange(0, 5)}}, 2);
  for (int pass = 0; pass < 2; ++pass) {
    source.begin_epoch();
    EXPECT_TRUE(array_equal(source.next()->x[0], Array{0.f, 1.f}));
    EXPECT_TRUE(array_equal(source.next()->x[0], Array{2.f, 3.f}));
    EXPECT_TRUE(array_equal(source.next()->x[0], Array{4.f}));
    EXPECT_EQ(source.next(), nullptr);
  }
  source.shuffle(graph::random::Generator(1));
  std::vector<float> seen[2];
  for (auto& pass : seen) {
    source.begin_epoch();
    while (const Columns* batch = source.next())
      for (const float value : batch->x[0].span<float>()) pass.push_back(value);
    EXPECT_THAT(pass, testing::UnorderedElementsAre(0, 1, 2, 3, 4));
  }
  EXPECT_NE(seen[0], seen[1]);
}

TEST(ArraySource, TakesFloat64AsFloat32) {
  ArraySource batches(
      {.x = {zeros({4, 2}, graph::float64)}, .y = {zeros({4}, graph::int64)}, .weight = {ones({4}, graph::uint8)}}, 2);
  EXPECT_EQ(batches.columns().x[0].dtype(), graph::float32);
  EXPECT_EQ(batches.columns().y[0].dtype(), graph::int64);
  EXPECT_EQ(batches.batch(0).weight[0].dtype(), graph::uint8);
}

TEST(ArraySource, SaysWhatIsWrongWithTheData) {
  EXPECT_EQ(error_text<ValueError>([] {
              ArraySource({.x = {zeros({4, 2})}, .y = {zeros({3})}}, 2);
            }),
            "x has 4 samples, y has 3");
  EXPECT_EQ(error_text<ValueError>(
                [] { ArraySource({.x = {zeros({4})}, .y = {zeros({4})}, .weight = {zeros({5})}}, 2, "validation: "); }),
            "validation: x has 4 samples, sample_weight has 5");
  EXPECT_EQ(error_text<ValueError>([] { ArraySource({.x = {zeros({4})}, .y = {zeros({4})}}, 0); }),
            "batch_size must be at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([] { ArraySource({.x = {zeros({4})}, .y = {zeros({4})}}, -3); }),
            "batch_size must be at least 1, got -3");
  EXPECT_EQ(error_text<ValueError>([] {
              ArraySource({.x = {zeros({0, 5})}, .y = {zeros({0})}}, 2);
            }),
            "there are no samples: x has shape (0, 5)");
  EXPECT_EQ(error_text<ShapeError>([] { ArraySource({.x = {zeros({4})}, .y = {zeros({})}}, 2); }),
            "y needs an axis of samples, got a scalar");
}

TEST(ArraySource, GoesOnWhereAnotherOneWas) {
  const Array x = arange(0, 11).reshape({11, 1});
  const auto shuffled = [&](int batch_size, std::uint64_t seed) {
    ArraySource source({.x = {x}}, batch_size);
    source.shuffle(graph::random::Generator(seed));
    return source;
  };
  ArraySource first = shuffled(4, 5);
  first.begin_epoch(), first.next();
  first.begin_epoch(), first.next(), first.next();
  cornu::tests::CopiedState state;
  first.state(state);
  state.give();
  ArraySource second = shuffled(4, 6);  // another seed, which the state takes the place of
  second.state(state);
  EXPECT_TRUE(array_equal(second.next()->x[0], Array(first.next()->x[0].copy())));
  EXPECT_EQ(second.next(), nullptr);
  EXPECT_EQ(first.next(), nullptr);
  second.begin_epoch(), first.begin_epoch();
  EXPECT_TRUE(array_equal(second.next()->x[0], Array(first.next()->x[0].copy())));

  ArraySource other = shuffled(3, 5);
  EXPECT_EQ(error_text<ValueError>([&] { other.state(state); }),
            "the data has 11 samples in batches of 4 there, and 11 in batches of 3 here");
  // Between two passes, and before the first one.
  ArraySource fresh = shuffled(4, 9), copy = shuffled(4, 10);
  cornu::tests::CopiedState early;
  fresh.state(early);
  early.give();
  copy.state(early);
  fresh.begin_epoch(), copy.begin_epoch();
  EXPECT_TRUE(array_equal(copy.next()->x[0], Array(fresh.next()->x[0].copy())));
}

}  // namespace
}  // namespace cornu::keras::data

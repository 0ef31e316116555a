#include "cornu/keras/data/dataset.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <set>
#include <thread>

#include "cornu/keras/data/strings.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/keras/data/elements.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::data {
namespace {

using graph::int64;
using tests::error_text;
using tests::lists;
using tests::numbers;
using Numbers = std::vector<std::int64_t>;
using Lists = std::vector<Numbers>;

Numbers up_to(std::int64_t n) {
  Numbers list(static_cast<std::size_t>(n));
  std::iota(list.begin(), list.end(), 0);
  return list;
}

Element twice(const Element& e) { return e[0] * 2; }

TEST(DatasetTest, ElementsAreRowsOfArrays) {
  const Array x = arange(0, 6).reshape({3, 2}), y{7, 8, 9};
  const Dataset dataset = Dataset::from_tensor_slices({x, y});
  EXPECT_EQ(dataset.cardinality(), 3);
  std::int64_t i = 0;
  for (const Element& e : dataset) {
    EXPECT_EQ(e.size(), 2u);
    EXPECT_TRUE(array_equal(e[0], x[i]));
    EXPECT_EQ(e[0].bytes(), x[i].bytes()) << "views";
    EXPECT_EQ(e[1].item<int>(), 7 + i);
    EXPECT_EQ(e[1].shape(), Shape{});
    ++i;
  }
  EXPECT_EQ(i, 3);
  EXPECT_EQ(lists(Dataset::from_tensor_slices(Array{{1, 2}, {3, 4}})), (Lists{{1, 2}, {3, 4}}));
  EXPECT_EQ(lists(Dataset::from_tensors(Array{1, 2})), (Lists{{1, 2}}));
}

TEST(DatasetTest, PartsHaveNames) {
  const Dataset dataset =
      Dataset::from_tensor_slices({{{"left", Array{1, 2}}, {"right", Array{3, 4}}}, Array{5, 6}, Array{0.5f, 1.f}});
  for (const Element& e : dataset.shuffle(2, {.seed = 1}).batch(2)) {
    EXPECT_EQ(e.x().names(), (std::vector<std::string>{"left", "right"}));
    EXPECT_EQ(e.x()["left"].shape(), Shape{2});
    EXPECT_TRUE(array_equal(e.x()["left"] + 2, e.x()["right"]));
    EXPECT_TRUE(array_equal(e.x()["left"] + 4, e.y()[0]));
    EXPECT_EQ(e.sample_weight().size(), 1u);
    EXPECT_EQ(error_text<ValueError>([&e = e] { e[0]; }),
              "part 0 of the element has 2 arrays: write part(0) and take one of them");
    EXPECT_EQ(error_text<ValueError>([&e = e] { e[3]; }), "an element of 3 parts has no part number 3");
    EXPECT_EQ(graph::message(e), "({\"left\": int32(2,), \"right\": int32(2,)}, int32(2,), float32(2,))");
  }
}

TEST(DatasetTest, TextsAreElements) {
  const Dataset words = Dataset::from_tensor_slices(Strings{"earth", "wind", "fire"});
  std::vector<std::string> all;
  for (const Element& e : words.batch(2)) {
    const Strings batch = Strings::of(e[0]);
    all.insert(all.end(), batch.values().begin(), batch.values().end());
  }
  EXPECT_EQ(all, (std::vector<std::string>{"earth", "wind", "fire"}));
  // Of different lengths they are filled up with zeros, which end them.
  std::vector<Array> texts{Strings{"a"}.array(), Strings{"a longer text"}.array()};
  const Dataset made = Dataset::from_generator([texts, i = std::size_t{0}]() mutable -> std::optional<Element> {
    if (i == texts.size()) return std::nullopt;
    return Element(texts[i++].reshape({-1}));
  });
  for (const Element& e : made.padded_batch(2)) EXPECT_EQ(Strings::of(e[0]), (Strings{"a", "a longer text"}));
}

TEST(DatasetTest, RangesAreThoseOfPython) {
  EXPECT_EQ(numbers(Dataset::range(4)), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(numbers(Dataset::range(2, 9, 3)), (Numbers{2, 5, 8}));
  EXPECT_EQ(numbers(Dataset::range(5, 0, -2)), (Numbers{5, 3, 1}));
  EXPECT_EQ(numbers(Dataset::range(5, 5)), Numbers{});
  EXPECT_EQ(Dataset::range(-3).cardinality(), 0);
  const auto most = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
  EXPECT_EQ(numbers(Dataset::range(most - 2, most)), (Numbers{most - 2, most - 1}));
  EXPECT_EQ(numbers(Dataset::range(least, most, most)), (Numbers{least, -1, most - 1}));
  EXPECT_EQ(error_text<ValueError>([] { Dataset::range(1, 2, 0); }), "Dataset.range: expected a step other than 0");
}

TEST(DatasetTest, GeneratorsBeginAnewInEachPass) {
  const Dataset dataset = Dataset::from_generator([i = std::int64_t{0}]() mutable -> std::optional<Element> {
    return i < 3 ? std::optional<Element>(Array::scalar(i++)) : std::nullopt;
  });
  EXPECT_EQ(dataset.cardinality(), kUnknownCardinality);
  EXPECT_EQ(dataset.size(), std::nullopt);
  for (int pass = 0; pass < 2; ++pass) EXPECT_EQ(numbers(dataset), (Numbers{0, 1, 2}));
  EXPECT_EQ(numbers(dataset.repeat(2)), (Numbers{0, 1, 2, 0, 1, 2}));
}

TEST(DatasetTest, MapsElementsAndArrays) {
  const Dataset x = Dataset::range(4);
  EXPECT_EQ(numbers(x.map(twice)), (Numbers{0, 2, 4, 6}));
  EXPECT_EQ(numbers(x.map([](const Array& a) { return a + 1; })), (Numbers{1, 2, 3, 4}));
  const Dataset pairs = Dataset::zip({x, x.map(twice)});
  EXPECT_EQ(numbers(pairs.map([](const Array& a, const Array& b) { return a + b; })), (Numbers{0, 3, 6, 9}));
  EXPECT_EQ(pairs.map([](const Array& a, const Array& b) { return Element{b, a}; }).begin()->size(), 2u);
  EXPECT_EQ(numbers(pairs.map([](const auto& a, const auto& b) { return b - a; })), (Numbers{0, 1, 2, 3}));
  EXPECT_EQ(numbers(pairs.map([](const auto& e) { return e[1]; })), (Numbers{0, 2, 4, 6}));
}

TEST(DatasetTest, MapsByThreadsInOrder) {
  const auto slow_at_first = [](const Element& e) {
    if (e[0].item<std::int64_t>() % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return twice(e);
  };
  Numbers expected = up_to(40);
  for (std::int64_t& i : expected) i *= 2;
  for (const int threads : {1, 3, AUTOTUNE})
    EXPECT_EQ(numbers(Dataset::range(40).map(slow_at_first, {.num_parallel_calls = threads})), expected);
  Numbers some = numbers(Dataset::range(40).map(slow_at_first, {.num_parallel_calls = 3, .deterministic = false}));
  std::sort(some.begin(), some.end());
  EXPECT_EQ(some, expected);
  EXPECT_EQ(error_text<ValueError>([] { Dataset::range(1).map(twice, {.num_parallel_calls = 0}); }),
            "Dataset.map: expected num_parallel_calls of at least 1, or AUTOTUNE, got 0");
}

TEST(DatasetTest, RandomNumbersOfAMapDependOnThePlaceAlone) {
  const auto draw = [](const Element& e, random::Generator& rng) { return Element(e[0] * 0 + rng.below(1000000)); };
  const auto pass = [&](std::optional<int> threads) {
    const Dataset dataset = Dataset::range(20).map(draw, {.num_parallel_calls = threads, .seed = 5});
    return std::pair(numbers(dataset), numbers(dataset));
  };
  const auto [first, second] = pass(std::nullopt);
  EXPECT_NE(first, second) << "each pass has its own";
  EXPECT_EQ(std::set<std::int64_t>(first.begin(), first.end()).size(), 20u);
  EXPECT_EQ(pass(3), std::pair(first, second));
}

TEST(DatasetTest, FiltersAndTakesWhile) {
  const auto even = [](const Element& e) { return e[0].item<std::int64_t>() % 2 == 0; };
  EXPECT_EQ(numbers(Dataset::range(7).filter(even)), (Numbers{0, 2, 4, 6}));
  EXPECT_EQ(Dataset::range(7).filter(even).cardinality(), kUnknownCardinality);
  const auto small = [](const Array& a) { return a.item<std::int64_t>() < 3; };
  EXPECT_EQ(numbers(Dataset::range(7).concatenate(Dataset::range(2)).take_while(small)), (Numbers{0, 1, 2}));
}

TEST(DatasetTest, TakesSkipsAndShards) {
  const Dataset x = Dataset::range(7), rows = Dataset::from_tensor_slices(arange(0, 7, 1, int64));
  for (const Dataset& d : {x, rows}) {
    EXPECT_EQ(numbers(d.take(3)), (Numbers{0, 1, 2}));
    EXPECT_EQ(numbers(d.take(-1)), up_to(7));
    EXPECT_EQ(numbers(d.take(0)), Numbers{});
    EXPECT_EQ(numbers(d.skip(5)), (Numbers{5, 6}));
    EXPECT_EQ(numbers(d.skip(9)), Numbers{});
    EXPECT_EQ(numbers(d.skip(-1)), Numbers{});
    EXPECT_EQ(numbers(d.shard(3, 1)), (Numbers{1, 4}));
    EXPECT_EQ(numbers(d.skip(1).take(4).shard(2, 1).repeat(2)), (Numbers{2, 4, 2, 4}));
    EXPECT_EQ(d.take(3).cardinality(), 3);
    EXPECT_EQ(d.take(9).cardinality(), 7);
    EXPECT_EQ(d.skip(2).cardinality(), 5);
    EXPECT_EQ(d.skip(9).cardinality(), 0);
    EXPECT_EQ(d.shard(3, 1).cardinality(), 2);
    EXPECT_EQ(d.repeat().take(20).cardinality(), 20);
    EXPECT_EQ(d.repeat().cardinality(), kInfiniteCardinality);
    EXPECT_EQ(d.repeat().skip(3).cardinality(), kInfiniteCardinality);
    EXPECT_EQ(d.repeat(0).cardinality(), 0);
    EXPECT_EQ(d.repeat(3).cardinality(), 21);
    EXPECT_EQ(numbers(d.take(2).repeat().take(5)), (Numbers{0, 1, 0, 1, 0}));
    EXPECT_EQ(numbers(d.take(0).repeat()), Numbers{}) << "ends all the same";
  }
  EXPECT_EQ(error_text<ValueError>([&] { x.shard(2, 2); }), "Dataset.shard: expected an index from 0 to 1, got 2");
  EXPECT_EQ(error_text<ValueError>([&] { x.take(-2); }),
            "Dataset.take: expected a count of at least 0, or -1 for all, got -2");
}

TEST(DatasetTest, ShufflesDifferentlyInEachPass) {
  const Dataset rows = Dataset::from_tensor_slices(arange(0, 50, 1, int64));
  for (const Dataset& d : {Dataset::range(50), rows}) {
    const Dataset shuffled = d.shuffle(50, {.seed = 3});
    const Numbers first = numbers(shuffled), second = numbers(shuffled);
    EXPECT_NE(first, up_to(50));
    EXPECT_NE(first, second);
    Numbers sorted = first;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, up_to(50));
    const Dataset again = d.shuffle(50, {.seed = 3});
    EXPECT_EQ(numbers(again), first);
    EXPECT_EQ(numbers(again), second);
    EXPECT_NE(numbers(d.shuffle(50, {.seed = 4})), first);
    const Dataset fixed = d.shuffle(50, {.seed = 3, .reshuffle_each_iteration = false});
    EXPECT_EQ(numbers(fixed), numbers(fixed));
    const Numbers two = numbers(d.shuffle(50, {.seed = 3}).repeat(2));
    EXPECT_EQ(Numbers(two.begin(), two.begin() + 50), first);
    EXPECT_NE(Numbers(two.begin() + 50, two.end()), first) << "repetitions, too";
    EXPECT_EQ(d.shuffle(50).cardinality(), 50);
    // A small buffer can only draw from what has come so far.
    const Numbers nearly = numbers(d.shuffle(4, {.seed = 3}));
    for (std::size_t i = 0; i < nearly.size(); ++i) EXPECT_LE(nearly[i], static_cast<std::int64_t>(i) + 3);
    EXPECT_NE(nearly, up_to(50));
  }
  EXPECT_EQ(error_text<ValueError>([] { Dataset::range(3).shuffle(0); }),
            "Dataset.shuffle: expected a buffer_size of at least 1, got 0");
}

TEST(DatasetTest, WithoutASeedTheProcessHasOne) {
  const auto order = [](std::uint64_t seed) {
    utils::set_random_seed(seed);
    return numbers(Dataset::range(50).shuffle(50).shuffle(50));
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST(DatasetTest, ZippedShufflesOfOneSeedStayTogether) {
  const auto x = [] { return Dataset::range(20).shuffle(20, {.seed = 8}); };
  for (const Element& e : Dataset::zip({x(), x().map(twice)}))
    EXPECT_EQ(2 * e[0].item<std::int64_t>(), e[1].item<std::int64_t>());
}

TEST(DatasetTest, BatchesElements) {
  const auto pairs = [](const Element& e) { return Element{e[0], stack({e[0], e[0] * 10})}; };
  const Dataset rows = Dataset::from_tensor_slices(arange(0, 7, 1, int64));
  for (const Dataset& d : {Dataset::range(7), rows})
    for (const std::optional<int> threads : {std::optional<int>(), std::optional(2)}) {
      const BatchingConfig config{.num_parallel_calls = threads};
      EXPECT_EQ(lists(d.batch(3, config)), (Lists{{0, 1, 2}, {3, 4, 5}, {6}}));
      EXPECT_EQ(lists(d.map(pairs).map([](const Array&, const Array& b) { return b; }).batch(4, config)),
                (Lists{{0, 0, 1, 10, 2, 20, 3, 30}, {4, 40, 5, 50, 6, 60}}));
      EXPECT_EQ(lists(d.batch(3, {.drop_remainder = true})), (Lists{{0, 1, 2}, {3, 4, 5}}));
      EXPECT_EQ(d.batch(3).cardinality(), 3);
      EXPECT_EQ(d.batch(3, {.drop_remainder = true}).cardinality(), 2);
      EXPECT_EQ(lists(d.take(4).batch(2).batch(2)), (Lists{{0, 1, 2, 3}}));
    }
}

TEST(DatasetTest, RaggedBatchesSayWhichElement) {
  const Dataset ragged = Dataset::range(1, 5).map([](const Array& n) { return zeros({n.item<std::int64_t>() / 3}); });
  EXPECT_EQ(error_text<ShapeError>([&] { lists(ragged.batch(4)); }),
            "Dataset.batch: expected elements of one shape and dtype, got (float32(1,)) as number 2 after "
            "(float32(0,)); padded_batch fills up shorter ones");
  const Dataset mixed = Dataset::range(2).map([](const Element& e) {
    return e[0].item<std::int64_t>() == 0 ? Element(e[0]) : Element{e[0], e[0]};
  });
  EXPECT_EQ(error_text<ValueError>([&] { lists(mixed.batch(2)); }),
            "Dataset.batch: expected elements with the same parts, got (int64(), int64()) as number 1 after (int64())");
  EXPECT_EQ(error_text<ValueError>([&] { mixed.batch(0); }),
            "Dataset.batch: expected a batch_size of at least 1, got 0");
  EXPECT_EQ(error_text<ValueError>([&] {
              Dataset::from_tensor_slices({zeros({2}), zeros({3})});
            }),
            "Dataset.from_tensor_slices: expected as many rows in each array, got float32(2,) and float32(3,)");
}

TEST(DatasetTest, PadsBatches) {
  const Dataset ragged = Dataset::range(1, 5).map([](const Array& n) { return full({n.item<std::int64_t>()}, 7); });
  EXPECT_EQ(lists(ragged.padded_batch(2)), (Lists{{7, 0, 7, 7}, {7, 7, 7, 0, 7, 7, 7, 7}}));
  EXPECT_EQ(lists(ragged.padded_batch(3, {.padded_shapes = {{5}}, .padding_values = {-1}, .drop_remainder = true})),
            (Lists{{7, -1, -1, -1, -1, 7, 7, -1, -1, -1, 7, 7, 7, -1, -1}}));
  EXPECT_EQ(ragged.padded_batch(3).cardinality(), 2);
  const Dataset tables = Dataset::from_tensors(ones({1, 2})).concatenate(Dataset::from_tensors(ones({2, 1})));
  EXPECT_EQ(lists(tables.padded_batch(2, {.padded_shapes = {{kUnknown, 3}}})),
            (Lists{{1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0}}));
  EXPECT_EQ(error_text<ShapeError>([&] { lists(ragged.padded_batch(4, {.padded_shapes = {{3}}})); }),
            "Dataset.padded_batch: an array of length 4 in axis 0 does not fit into the padded shape (3,)");
  EXPECT_EQ(error_text<ValueError>([&] {
              lists(ragged.padded_batch(4, {.padding_values = {1, 2}}));
            }),
            "Dataset.padded_batch: expected 1 padding_values, one for each array of an element, got 2");
}

TEST(DatasetTest, UnbatchesAndRebatches) {
  const Dataset batches = Dataset::range(7).batch(3);
  EXPECT_EQ(numbers(batches.unbatch()), up_to(7));
  EXPECT_EQ(lists(batches.rebatch(4)), (Lists{{0, 1, 2, 3}, {4, 5, 6}}));
  EXPECT_EQ(error_text<ShapeError>([] { numbers(Dataset::range(2).unbatch()); }),
            "Dataset.unbatch: expected arrays with as many rows each, got (int64())");
}

TEST(DatasetTest, ZipsEnumeratesAndConcatenates) {
  const Dataset zipped = Dataset::zip({Dataset::range(3), Dataset::range(10, 20)});
  EXPECT_EQ(zipped.cardinality(), 3);
  EXPECT_EQ(Dataset::zip({Dataset::range(3).repeat(), Dataset::range(4)}).cardinality(), 4);
  EXPECT_EQ(zipped.reduce(std::int64_t{0},
                          [](std::int64_t sum, const Element& e) { return sum + e[1].item<std::int64_t>(); }),
            33);
  const Dataset numbered = Dataset::range(10, 13).enumerate(5);
  EXPECT_EQ(numbers(numbered), (Numbers{5, 6, 7}));
  EXPECT_EQ((*numbered.begin())[1].item<std::int64_t>(), 10);
  const Dataset both = Dataset::range(2).concatenate(Dataset::range(5, 7));
  EXPECT_EQ(numbers(both), (Numbers{0, 1, 5, 6}));
  EXPECT_EQ(numbers(both.skip(1)), (Numbers{1, 5, 6}));
  EXPECT_EQ(both.cardinality(), 4);
}

TEST(DatasetTest, InterleavesAsTensorFlowDoes) {
  const auto repeated = [](const Element& e) { return Dataset::from_tensors(e).repeat(6); };
  // The example of tf.data.Dataset.interleave.
  const Numbers expected{1, 1, 1, 1, 2, 2, 2, 2, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5};
  for (const std::optional<int> threads : {std::optional<int>(), std::optional(2)})
    EXPECT_EQ(numbers(Dataset::range(1, 6).interleave(
                  repeated, {.cycle_length = 2, .block_length = 4, .num_parallel_calls = threads})),
              expected);
  const auto below = [](const Array& n) { return Dataset::range(n.item<std::int64_t>()); };
  EXPECT_EQ(numbers(Dataset::range(4).flat_map(below)), (Numbers{0, 0, 1, 0, 1, 2}));
  EXPECT_EQ(numbers(Dataset::range(4).flat_map(below).skip(3)), (Numbers{0, 1, 2}));
}

TEST(DatasetTest, WindowsAreThoseOfTensorFlow) {
  const auto windows = [](std::int64_t size, WindowConfig config) {
    const Windows all = Dataset::range(7).window(size, config);
    EXPECT_EQ(all.cardinality(), static_cast<std::int64_t>(all.take(-1).size()));
    return lists(all.batch());
  };
  EXPECT_EQ(windows(3, {}), (Lists{{0, 1, 2}, {3, 4, 5}, {6}}));
  EXPECT_EQ(windows(3, {.shift = 1, .drop_remainder = true}),
            (Lists{{0, 1, 2}, {1, 2, 3}, {2, 3, 4}, {3, 4, 5}, {4, 5, 6}}));
  EXPECT_EQ(windows(3, {.shift = 1, .stride = 2, .drop_remainder = true}), (Lists{{0, 2, 4}, {1, 3, 5}, {2, 4, 6}}));
  EXPECT_EQ(windows(2, {.shift = 3}), (Lists{{0, 1}, {3, 4}, {6}})) << "with a gap";
  EXPECT_EQ(windows(2, {.shift = 3, .drop_remainder = true}), (Lists{{0, 1}, {3, 4}}));
  std::int64_t sum = 0;
  for (const Dataset& window : Dataset::range(5).window(2).take(2)) sum += 10 * sum + numbers(window).back();
  EXPECT_EQ(sum, 14);
}

// What TensorFlow 2.15 gives.
TEST(DatasetTest, UnevenWindowsAndTurnsAreThoseOfTensorFlow) {
  EXPECT_EQ(lists(Dataset::range(10).window(3, {.shift = 4, .stride = 2}).batch()), (Lists{{0, 2, 4}, {4, 6, 8}, {8}}));
  EXPECT_EQ(lists(Dataset::range(10).window(3, {.shift = 2, .stride = 2, .drop_remainder = true}).batch()),
            (Lists{{0, 2, 4}, {2, 4, 6}, {4, 6, 8}}));
  EXPECT_EQ(lists(Dataset::range(10).window(2, {.shift = 5, .stride = 3}).batch()), (Lists{{0, 3}, {5, 8}}));
  const auto below = [](const Array& n) { return Dataset::range(n.item<std::int64_t>()); };
  EXPECT_EQ(numbers(Dataset::range(6).interleave(below, {.cycle_length = 3, .block_length = 2})),
            (Numbers{0, 0, 1, 0, 1, 0, 1, 2, 2, 3, 0, 1, 2, 3, 4}));
  const auto tens = [](const Array& n) {
    const auto k = n.item<std::int64_t>();
    return Dataset::range(10 * k, 10 * k + k);
  };
  EXPECT_EQ(numbers(Dataset::range(1, 6).interleave(tens, {.cycle_length = 2})),
            (Numbers{10, 20, 21, 30, 31, 40, 32, 41, 42, 50, 43, 51, 52, 53, 54}));
}

TEST(DatasetTest, CardinalitiesAreThoseOfTensorFlow) {
  const auto all = [](const Element&) { return true; };
  const Dataset seven = Dataset::range(7), some = seven.filter(all), forever = seven.repeat();
  const std::vector<std::pair<Dataset, std::int64_t>> known = {
      {seven.take(3), 3},
      {some.take(3), kUnknownCardinality},
      {forever.take(3), 3},
      {forever.skip(3), kInfiniteCardinality},
      {forever.shard(3, 1), kInfiniteCardinality},
      {forever.batch(3), kInfiniteCardinality},
      {seven.batch(3).unbatch(), kUnknownCardinality},
      {Dataset::range(0).repeat(), 0},
      {seven.repeat(0), 0},
      {seven.take(-1), 7},
      {seven.skip(-1), 0},
      {Dataset::zip({forever, Dataset::range(4)}), 4},
      {seven.concatenate(forever), kInfiniteCardinality},
      {some.concatenate(forever), kInfiniteCardinality},
      {some.concatenate(seven), kUnknownCardinality},
      {seven.flat_map([](const Element&) { return Dataset::range(2); }), kUnknownCardinality},
      {seven.enumerate(), 7},
      {seven.take_while(all), kUnknownCardinality},
      {seven.padded_batch(3), 3},
      {seven.map(twice).prefetch(2).cache(), 7},
  };
  for (std::size_t i = 0; i < known.size(); ++i) EXPECT_EQ(known[i].first.cardinality(), known[i].second) << i;
}

TEST(DatasetTest, CachesTheFirstWholePass) {
  const auto calls = std::make_shared<std::atomic<int>>(0);
  const auto counted = [calls](const Element& e) { return ++*calls, e; };
  const Dataset cached = Dataset::range(20).shuffle(20, {.seed = 1}).map(counted).cache();
  for (const Element& e : cached) {
    if (*calls == 3) break;  // this pass is not whole
    (void)e;
  }
  const Numbers first = numbers(cached);
  EXPECT_EQ(*calls, 23);
  EXPECT_EQ(numbers(cached), first);
  EXPECT_EQ(numbers(cached.skip(15)), Numbers(first.begin() + 15, first.end()));
  EXPECT_EQ(*calls, 23);
  // Whoever knows how many there are does not ask for one more.
  auto i = cached.map(counted).cache().begin();
  const Dataset again = Dataset::range(3).map(counted).cache();
  auto at = again.begin();
  ++at, ++at;
  *calls = 0;
  EXPECT_EQ(numbers(again), up_to(3));
  EXPECT_EQ(*calls, 0);
}

TEST(DatasetTest, IterationsAreIndependent) {
  const Dataset d = Dataset::range(5).prefetch(2);
  auto a = d.begin(), b = d.begin();
  ++a, ++a;
  EXPECT_EQ((*a)[0].item<int>(), 2);
  EXPECT_EQ((*b)[0].item<int>(), 0);
  EXPECT_EQ(numbers(Dataset()), Numbers{});
}

TEST(DatasetTest, PrefetchesAheadAndEndsWithItsIterator) {
  const auto made = std::make_shared<std::atomic<int>>(0);
  const auto counted = [made](const Element& e) { return ++*made, e; };
  const Dataset d = Dataset::range(1000).map(counted).prefetch(3);
  {
    auto i = d.begin();
    while (*made < 4) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(*made, 4) << "one taken, three ahead";
  }
  EXPECT_LE(*made, 5);
  EXPECT_EQ(numbers(Dataset::range(100).prefetch(AUTOTUNE)), up_to(100));
  EXPECT_EQ(numbers(Dataset::range(9).prefetch(0)), up_to(9));
}

TEST(DatasetTest, WhatIsThrownComesInItsPlace) {
  const auto broken = [](const Element& e) {
    if (e[0].item<std::int64_t>() == 5) throw std::domain_error("no five");
    return e;
  };
  for (const Dataset& d : {Dataset::range(9).map(broken), Dataset::range(9).map(broken).prefetch(4),
                           Dataset::range(9).map(broken, {.num_parallel_calls = 3}),
                           Dataset::range(9).map(broken, {.num_parallel_calls = 3}).prefetch(1)}) {
    Numbers before;
    EXPECT_EQ(error_text<std::domain_error>([&] {
                for (const Element& e : d) before.push_back(e[0].item<std::int64_t>());
              }),
              "no five");
    EXPECT_EQ(before, up_to(5));
  }
}

TEST(DatasetTest, ManyThreadsMayGoThroughOne) {
  const Dataset d = Dataset::range(200).shuffle(50).map(twice, {.num_parallel_calls = 2}).cache().batch(8).prefetch(2);
  std::vector<std::jthread> threads;
  std::atomic<std::int64_t> sum = 0;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (const Element& e : d) sum += graph::sum(e[0]).item<std::int64_t>();
    });
  threads.clear();
  EXPECT_EQ(sum, 4 * 200 * 199);
}

}  // namespace
}  // namespace cornu::keras::data

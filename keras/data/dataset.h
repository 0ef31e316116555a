#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/array/random.h"
#include "cornu/io/path.h"
#include "cornu/keras/data/element.h"

namespace cornu::keras::data {

class Dataset;
class Rows;
class Source;
class Windows;
namespace internal {
class Node;
template <class T>
class Stream;
}  // namespace internal

/// What `Dataset::cardinality` gives where there is no number. tf.data: INFINITE_CARDINALITY, UNKNOWN_CARDINALITY.
inline constexpr std::int64_t kInfiniteCardinality = -1, kUnknownCardinality = -2;
/// For `num_parallel_calls` as many as the machine has processors; for `prefetch` two elements. tf.data: AUTOTUNE.
inline constexpr int AUTOTUNE = -1;

/// A function of an element: it takes the element, `[](const Element& e)`, or the arrays of its parts, `[](const Array&
/// x, const Array& y)`. With a random::Generator& as its last argument it gets one whose numbers depend on the seed,
/// the pass and the element's place alone, whatever thread calls it.
template <class R>
class ElementFunction {
 public:
  template <class F>
  requires std::is_invocable_r_v<R, F&, const Element&> ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator&) mutable -> R { return f(e); }) {}
  template <class F>
  requires(!std::is_invocable_v<F&, const graph::Array&, const graph::Array&> &&
           std::is_invocable_r_v<R, F&, const Element&, graph::random::Generator&>)
      ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator& g) mutable -> R { return f(e, g); }),
        random_(true) {}
  template <class F>
  requires(!std::is_invocable_v<F&, const Element&> && std::is_invocable_r_v<R, F&, const graph::Array&>)
      ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator&) mutable -> R { return f(e[0]); }) {}
  template <class F>
  requires(std::is_invocable_r_v<R, F&, const graph::Array&, const graph::Array&>)
      ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator&) mutable -> R { return f(e[0], e[1]); }) {}
  template <class F>
  requires(std::is_invocable_r_v<R, F&, const graph::Array&, const graph::Array&, graph::random::Generator&>)
      ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator& g) mutable -> R {
          return f(e[0], e[1], g);
        }),
        random_(true) {}
  template <class F>
  requires(std::is_invocable_r_v<R, F&, const graph::Array&, const graph::Array&, const graph::Array&>)
      ElementFunction(F f)  // NOLINT: is a function
      : call_([f = std::move(f)](const Element& e, graph::random::Generator&) mutable -> R {
          return f(e[0], e[1], e[2]);
        }) {}

  R operator()(const Element& e, graph::random::Generator& generator) const { return call_(e, generator); }
  /// Whether it wants a generator.
  bool random() const { return random_; }

 private:
  std::function<R(const Element&, graph::random::Generator&)> call_;
  bool random_ = false;
};

struct MapConfig {
  std::optional<int> num_parallel_calls = std::nullopt;  ///< threads that call the function; none: the one that asks
  bool deterministic = true;                             ///< in order; else what is finished first comes first
  std::optional<std::uint64_t> seed = std::nullopt;      ///< of the generators that the function takes
};

struct ShuffleConfig {
  std::optional<std::uint64_t> seed = std::nullopt;  ///< by default from `utils::set_random_seed`
  bool reshuffle_each_iteration = true;              ///< else every pass has the order of the first
};

struct BatchingConfig {
  bool drop_remainder = false;                           ///< leaves out a last batch that is smaller
  std::optional<int> num_parallel_calls = std::nullopt;  ///< threads that put batches together
  bool deterministic = true;
};

struct PaddedBatchConfig {
  /// For each array of an element, in order; kUnknown for the longest of the batch. Empty: all axes so.
  std::vector<graph::Shape> padded_shapes = {};
  /// One for all arrays, or one for each; empty: 0, and the empty text.
  std::vector<double> padding_values = {};
  bool drop_remainder = false;
};

struct InterleaveConfig {
  int cycle_length = AUTOTUNE;                           ///< data sets that are open at a time
  std::int64_t block_length = 1;                         ///< elements that come of each in turn
  std::optional<int> num_parallel_calls = std::nullopt;  ///< if above 1, each open one reads ahead in a thread
};

struct WindowConfig {
  std::optional<std::int64_t> shift = std::nullopt;  ///< from one window's beginning to the next; by default `size`
  std::int64_t stride = 1;                           ///< from one element of a window to the next
  bool drop_remainder = false;                       ///< leaves out windows that the end cuts short
};

/// A stream of elements, described step by step and made when it is gone through. The words, arguments, order and
/// results are those of `tf.data.Dataset`; random orders are others.
///
///     auto batches = data::Dataset::from_tensor_slices({x, y}).shuffle(10000, {.seed = 3})
///                        .map(prepare, {.num_parallel_calls = 2}).batch(128).prefetch(2);
///     model.fit(batches, {.epochs = 3, .validation_data = held_out.batch(500).cache()});
///     for (const data::Element& e : batches) std::cout << e[0].shape() << '\n';
///
/// A value that does not change: each step gives a new one, which shares what it was made of. Going through it begins
/// an iteration that depends on no other; it owns its threads, which end with it. Several threads may go through one
/// data set at the same time. Only the number of the pass is counted, so that `shuffle` gives each another order.
///
/// What a function or a generator of the user's throws comes out of the iteration, at its place, and so out of `fit`.
class CORNU_EXPORT Dataset {
 public:
  /// Goes through the elements once.
  class CORNU_EXPORT Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = Element;

    const Element& operator*() const { return element_; }
    const Element* operator->() const { return &element_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& i, std::default_sentinel_t) { return i.elements_ == nullptr; }

   private:
    friend class Dataset;
    explicit Iterator(std::shared_ptr<internal::Stream<Element>> elements);
    std::shared_ptr<internal::Stream<Element>> elements_;
    Element element_;
  };

  /// Of no elements.
  Dataset();

  // Where elements come from.

  /// One element.
  static Dataset from_tensors(Element element);
  /// The rows of arrays, which must be equally many: elements without the first axis. Throws ShapeError for scalars,
  /// ValueError for different numbers of rows. Rows are views of the arrays.
  static Dataset from_tensor_slices(Element columns);
  /// The rows of files or arrays that are read when their turn comes: each becomes a part, see Rows.
  static Dataset from_tensor_slices(std::initializer_list<Rows> columns);
  static Dataset from_tensor_slices(std::vector<Rows> columns);
  /// What a function gives until it gives nothing. Each pass calls a copy of it as it was handed over.
  ///
  ///     Dataset::from_generator([i = 0]() mutable -> std::optional<Element> {
  ///       return i < 3 ? std::optional<Element>(Array::scalar(i++)) : std::nullopt; });
  static Dataset from_generator(std::function<std::optional<Element>()> generator);
  /// int64 scalars from `start` on, as Python's range. Throws ValueError for a step of 0.
  static Dataset range(std::int64_t stop);
  static Dataset range(std::int64_t start, std::int64_t stop, std::int64_t step = 1);
  /// Elements side by side, as long as all have one: the parts of the first, then of the next.
  static Dataset zip(std::vector<Dataset> datasets);

  // What is done with each element.

  Dataset map(ElementFunction<Element> function, MapConfig config = {}) const;
  Dataset filter(ElementFunction<bool> predicate) const;
  /// Up to the first element for which it is false.
  Dataset take_while(ElementFunction<bool> predicate) const;
  /// The elements of the data sets that the function makes of elements, one after the other.
  Dataset flat_map(ElementFunction<Dataset> function) const;
  /// The same in turns: of `cycle_length` data sets `block_length` elements each.
  Dataset interleave(ElementFunction<Dataset> function, InterleaveConfig config = {}) const;
  /// An int64 number in front of the parts.
  Dataset enumerate(std::int64_t start = 0) const;

  // Which elements come, and in which order.

  /// Draws each element from a buffer of so many, which the next ones fill up: of all orders any, if it holds all.
  /// Throws ValueError for a size below 1.
  Dataset shuffle(std::int64_t buffer_size, ShuffleConfig config = {}) const;
  /// So many passes; without end if count is -1.
  Dataset repeat(std::int64_t count = -1) const;
  /// The first ones; all if count is -1.
  Dataset take(std::int64_t count) const;
  /// All but the first ones; none if count is -1.
  Dataset skip(std::int64_t count) const;
  /// Of each `num_shards` elements that of number `index`. Throws ValueError unless 0 <= index < num_shards.
  Dataset shard(std::int64_t num_shards, std::int64_t index) const;
  Dataset concatenate(const Dataset& other) const;

  // Several elements as one.

  /// Elements of one shape along a new first axis. Another shape is a ShapeError that says which element; throws
  /// ValueError for a size below 1.
  Dataset batch(std::int64_t batch_size, BatchingConfig config = {}) const;
  /// Elements of several shapes, filled up at the end of each axis.
  Dataset padded_batch(std::int64_t batch_size, PaddedBatchConfig config = {}) const;
  /// The rows of each element.
  Dataset unbatch() const;
  /// Batches of another size.
  Dataset rebatch(std::int64_t batch_size, bool drop_remainder = false) const;
  /// Data sets of `size` elements that follow each other: `windows.flat_map([](const Dataset& w) { return w.batch(5);
  /// })`.
  Windows window(std::int64_t size, WindowConfig config = {}) const;

  // When elements are made.

  /// Up to so many elements are made ahead, by a thread of the iteration. 0: none.
  Dataset prefetch(std::int64_t buffer_size) const;
  /// The first whole pass is kept in memory, and is what later ones give; what is random before it is drawn once.
  Dataset cache() const;
  /// The same in a file, which appears once a pass is whole; if it is there, it is read: the elements before it are
  /// not asked for. Throws IoError and FormatError when it is gone through.
  Dataset cache(const io::Path& filename) const;

  /// f(dataset), for steps of one's own in a chain.
  template <class F>
  auto apply(F&& f) const {
    return std::forward<F>(f)(*this);
  }
  /// value = f(value, element) for each element, from an initial value on.
  template <class T, class F>
  T reduce(T value, F&& f) const {
    for (const Element& element : *this) value = f(std::move(value), element);
    return value;
  }

  /// The number of elements, kInfiniteCardinality or kUnknownCardinality.
  std::int64_t cardinality() const;
  /// The number of elements, if it is known and not infinite.
  std::optional<std::int64_t> size() const;

  /// Begins a pass. (In a loop, elements live until the next one.)
  Iterator begin() const;
  std::default_sentinel_t end() const { return {}; }

  /// The elements as the batches of a run: what `fit`, `evaluate` and `predict` read. Parts are x, y and sample
  /// weights; an element of more is a ValueError. Each source of a data set is at a place of its own.
  std::shared_ptr<Source> source() const;
  operator std::shared_ptr<Source>() const { return source(); }  // NOLINT: is data of a model

  explicit Dataset(std::shared_ptr<const internal::Node> node) : node_(std::move(node)) {}
  const std::shared_ptr<const internal::Node>& node() const { return node_; }

 private:
  std::shared_ptr<const internal::Node> node_;
};

/// Data sets of elements that follow each other, made by `Dataset::window`.
class CORNU_EXPORT Windows {
 public:
  using Function = std::function<Dataset(const Dataset& window)>;
  Windows(Dataset dataset, std::int64_t size, WindowConfig config);

  /// The elements of what the function makes of each window, one after the other.
  Dataset flat_map(Function function) const;
  /// Each window as one element, along a new first axis: `flat_map([](const Dataset& w) { return w.batch(size); })`.
  Dataset batch() const;
  /// The windows themselves, for loops.
  std::vector<Dataset> take(std::int64_t count) const;
  /// The number of windows, as `Dataset::cardinality`.
  std::int64_t cardinality() const;

 private:
  Dataset dataset_;
  std::int64_t size_;
  WindowConfig config_;
};

}  // namespace cornu::keras::data

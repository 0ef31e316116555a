#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/array/random.h"
#include "cornu/graph/check.h"
#include "cornu/keras/data/dataset.h"

namespace cornu::keras::data::internal {

/// What is known of the place of an iteration before it begins; everything random follows from it and from the
/// description, so that a pass can be gone through again and its beginning be left out.
struct Iteration {
  std::int64_t pass = 0;   ///< how often the data set has been gone through before
  std::uint64_t seed = 0;  ///< of what was described without a seed of its own
};

/// A number that follows from others, as random as they are.
std::uint64_t mixed(std::uint64_t a, std::uint64_t b);

/// Values one after the other. One thread at a time may call it; after an exception, or the end, it is not called.
template <class T>
class Stream {
 public:
  virtual ~Stream() = default;
  /// The next value; false at the end.
  virtual bool next(T& value) = 0;
  /// As `next`, where the value does not matter: functions of the user's are not called for it, if they do not decide
  /// what comes after.
  virtual bool skip() {
    T value{};
    return next(value);
  }
};
template <class T>
using StreamPointer = std::unique_ptr<Stream<T>>;
/// A stream that finds the next value of an input and skips it on the same way: `Derived` has a template `bool
/// step(F&& take)`, which goes to the input that is next and gives what `take(input)` gives for it.
template <class T, class Derived>
class SteppingStream : public Stream<T> {
 public:
  bool next(T& value) final {
    return static_cast<Derived&>(*this).step([&](Stream<T>& input) { return input.next(value); });
  }
  bool skip() final {
    return static_cast<Derived&>(*this).step([](Stream<T>& input) { return input.skip(); });
  }
};
using Elements = Stream<Element>;
using ElementsPointer = StreamPointer<Element>;
/// Numbers of rows, for elements that are rows of a table.
using Numbers = Stream<std::int64_t>;
using NumbersPointer = StreamPointer<std::int64_t>;

/// Rows that elements are made of.
class Table {
 public:
  virtual ~Table() = default;
  virtual std::int64_t rows() const = 0;
  virtual Element row(std::int64_t i) const = 0;
  /// Those rows, as many as there are numbers, along the first axis of each array. Many threads may call it. `kept`, if
  /// it is not null, holds the memory of the last call, which may be written over.
  virtual Element gather(const std::vector<std::int64_t>& numbers, Element* kept) const = 0;
};

/// The description of a data set. It does not change; what changes is how often it was gone through.
class Node : public std::enable_shared_from_this<Node> {
 public:
  virtual ~Node() = default;
  /// Begins to go through it. What it gives may outlive the node.
  virtual ElementsPointer elements(const Iteration& iteration) const = 0;
  /// The same for one who needs an element no longer once he asks for the next: its memory may be used again, which is
  /// in the processor's caches.
  virtual ElementsPointer borrowed_elements(const Iteration& iteration) const { return elements(iteration); }
  /// The number of elements, kInfiniteCardinality or kUnknownCardinality.
  virtual std::int64_t cardinality() const = 0;
  /// Of what ends with `batch` the size that was asked for; else 0.
  virtual std::int64_t batch_size() const { return 0; }
  /// Whether a part was described as random without a seed.
  virtual bool needs_seed() const { return false; }

  /// Where elements are rows of a table: the table, and the numbers of those rows. What changes only the order, as
  /// shuffle and take, hands numbers on in place of elements, and batch makes one array of many rows in one step.
  virtual std::shared_ptr<const Table> table() const { return nullptr; }
  virtual NumbersPointer numbers(const Iteration&) const { return nullptr; }

  /// A pass begins: its number is one that no other has.
  Iteration begin_pass() const { return {passes_.fetch_add(1), seed()}; }
  std::int64_t passes() const { return passes_; }
  void set_passes(std::int64_t passes) const { passes_ = passes; }
  /// For what has none of its own; drawn from the process' stream when it is first asked for.
  std::uint64_t seed() const;

 private:
  mutable std::atomic<std::int64_t> passes_{0};
  mutable std::once_flag drawn_;
  mutable std::uint64_t seed_ = 0;
};
using NodePointer = std::shared_ptr<const Node>;

/// The rows of a table that numbers say.
ElementsPointer rows_of(std::shared_ptr<const Table> table, NumbersPointer numbers);

/// What is made of one other data set.
class NodeOfOne : public Node {
 public:
  explicit NodeOfOne(NodePointer input) : input_(std::move(input)) {}
  bool needs_seed() const override { return input_->needs_seed(); }

 protected:
  const Node& input() const { return *input_; }

 private:
  NodePointer input_;
};

/// What says which elements come and in which order, and does not look at them. `Derived` has a template
/// `StreamPointer<T> ordered<T>(const Iteration&) const`, which goes through the input by `open<T>`, for elements and
/// for numbers of rows.
template <class Derived>
class OrderNode : public NodeOfOne {
 public:
  using NodeOfOne::NodeOfOne;
  ElementsPointer elements(const Iteration& iteration) const override {
    if (auto rows = table()) return rows_of(std::move(rows), numbers(iteration));
    return self().template ordered<Element>(iteration);
  }
  std::shared_ptr<const Table> table() const override { return input().table(); }
  NumbersPointer numbers(const Iteration& iteration) const override {
    return self().template ordered<std::int64_t>(iteration);
  }

 protected:
  template <class T>
  StreamPointer<T> open(const Iteration& iteration) const {
    if constexpr (std::is_same_v<T, Element>)
      return input().elements(iteration);
    else
      return input().numbers(iteration);
  }

 private:
  const Derived& self() const { return static_cast<const Derived&>(*this); }
};

/// Whether there is a number of elements.
inline bool known(std::int64_t cardinality) { return cardinality >= 0; }

/// The description of a data set that is made of this node.
template <class N, class... A>
Dataset dataset_of(A&&... arguments) {
  return Dataset(std::make_shared<const N>(std::forward<A>(arguments)...));
}

}  // namespace cornu::keras::data::internal

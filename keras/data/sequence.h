#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "cornu/keras/data/element.h"
#include "cornu/keras/data/source.h"

namespace cornu::keras::data {

namespace internal {
class OrderedWorkers;
}

struct SequenceConfig {
  int workers = 1;          ///< threads that make batches; 1: the one that trains
  int max_queue_size = 10;  ///< batches that are made or waiting, at most
};

/// Batches by number, made by several threads and given in order. Derive from it; Keras' name is `utils.PyDataset`, and
/// by its older name, which says nothing of Python, `utils.Sequence`.
///
///     struct Noise : data::Sequence {
///       Noise() : Sequence({.workers = 4}) {}
///       std::optional<std::int64_t> size() const override { return 100; }
///       data::Element batch(std::int64_t i) override {
///         Array x = random::Generator(i).normal({32, 2});
///         return {x, sum(x * x, 1)};
///       }
///     };
///     model.fit(std::make_shared<Noise>(), {.epochs = 3});
///
/// With `fit`'s `shuffle`, the batches of each epoch come in an order of its own. What `batch` throws is what the run
/// throws. A run that is resumed goes on at its batch; what a class changes in on_epoch_end it visits itself, in a
/// `state` that calls this one's.
class CORNU_EXPORT Sequence : public Source {
 public:
  /// Throws ValueError for numbers below 1.
  explicit Sequence(SequenceConfig config = {});
  ~Sequence() override;

  /// The number of batches of an epoch; nothing for one without an end, whose length `steps_per_epoch` says.
  std::optional<std::int64_t> size() const override = 0;
  /// Batch `i`: inputs, targets, sample weights. With several workers it is called by several threads at a time, but
  /// not while an epoch begins or ends.
  virtual Element batch(std::int64_t i) = 0;
  virtual void on_epoch_begin() {}
  virtual void on_epoch_end() {}

  // As a source. Whoever calls these by hand ends with end_epoch, so that no thread needs the object when it goes.
  bool endless() const override { return !size(); }
  void begin_epoch() override;
  const Columns* next() override;
  void end_epoch() override;
  void shuffle(const graph::random::Generator& generator) override;
  void state(StateVisitor& v) override;

 private:
  void open();
  std::int64_t number_of(std::int64_t place) const;

  SequenceConfig config_;
  std::int64_t seed_ = 0, shuffles_ = 0, epochs_ = 0, batches_ = 0;  // epochs begun, batches given in this one
  bool in_epoch_ = false, opened_ = false;
  std::vector<std::int64_t> order_;
  Columns columns_;
  std::unique_ptr<internal::OrderedWorkers> workers_;
};

}  // namespace cornu::keras::data

namespace cornu::keras::utils {
using data::Sequence;
using data::SequenceConfig;
}  // namespace cornu::keras::utils

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::keras::data {

/// Rows that elements of a Dataset are made of, of an array in memory or of a file larger than that: only those of the
/// batch at hand are in memory.
///
///     auto data = data::Dataset::from_tensor_slices({data::Rows::npy("x.npy"), data::Rows::hdf5("set.h5", "labels")});
///     model.fit(data.shuffle(100000).batch(128).prefetch(2), {.epochs = 5});
///
/// `shuffle` directly behind it moves numbers of rows in place of rows, so that its buffer costs nothing.
class CORNU_EXPORT Rows {
 public:
  /// What rows are read from; derive from it for files of another form. Many threads may read.
  class CORNU_EXPORT Reader {
   public:
    virtual ~Reader();
    /// Of all rows together.
    virtual graph::Spec spec() const = 0;
    /// Rows [start, stop), one after another.
    virtual void read(std::int64_t start, std::int64_t stop, std::byte* to) const = 0;
  };

  /// Throws ShapeError for a scalar.
  explicit Rows(graph::Array array);
  /// Throws ShapeError unless the reader's shape has an axis of rows.
  explicit Rows(std::shared_ptr<const Reader> reader);
  /// A file of `np.save`. Throws as io::npy::Rows.
  static Rows npy(const io::Path& path);
  /// A dataset of an HDF5 file. Throws as io::hdf5.
  static Rows hdf5(const io::Path& path, const std::string& dataset);

  /// How many there are.
  std::int64_t size() const { return spec_.shape.front(); }
  /// Of all of them together.
  const graph::Spec& spec() const { return spec_; }
  /// The rows of those numbers, along the first axis. Rows of an array that follow each other are a view.
  graph::Array gather(std::span<const std::int64_t> numbers) const;
  /// The same into an array that has at least as many rows of this dtype and shape, of which it gives those, by up to
  /// so many threads. Rows of an array that follow each other are a view of it all the same.
  graph::Array gather_into(std::span<const std::int64_t> numbers, const graph::Array& to, int threads = 1) const;
  /// The row of that number, without the first axis.
  graph::Array row(std::int64_t number) const;

 private:
  bool is_view(std::span<const std::int64_t> numbers) const;

  std::shared_ptr<const Reader> reader_;
  graph::Array array_;  // if there is no reader
  graph::Spec spec_;
};

}  // namespace cornu::keras::data

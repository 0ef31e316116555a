#pragma once

#include <cstdint>
#include <memory>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::npy {

/// The rows of a .npy file, read from it when they are asked for, for files larger than memory: what takes
/// `np.load(path, mmap_mode="r")` in Python. They are read, not mapped: the process' memory does not grow with what was
/// looked at, and a file that becomes shorter is an error and no signal. Copies share the open file; many threads may
/// read.
///
///     io::npy::Rows x("x.npy");
///     Array batch = x.read(0, 128);
class CORNU_EXPORT Rows {
 public:
  /// Reads the header. Throws as `load`; ValueError for an array without axes, and for one in Fortran's order, whose
  /// rows do not lie together.
  explicit Rows(const Path& path);

  /// Of the whole array, with the dtype that `load` gives.
  const graph::Spec& spec() const;
  /// Rows [start, stop). Throws ValueError for rows that are not there, FormatError if the file ends before.
  graph::Array read(std::int64_t start, std::int64_t stop) const;
  /// The same into memory of so many rows.
  void read_into(std::int64_t start, std::int64_t stop, std::byte* to) const;

 private:
  struct Open;
  std::shared_ptr<const Open> open_;
};

/// Writes a .npy file piece by piece, for arrays larger than memory. It appears whole or not at all.
///
///     io::npy::RowWriter file("x.npy", {float32, {1000000, 784}});
///     for (…) file.write(rows);
///     file.commit();
class CORNU_EXPORT RowWriter {
 public:
  /// `spec` of the whole array. Throws ValueError unless it has an axis of rows and all lengths are known, IoError.
  RowWriter(const Path& path, const graph::Spec& spec);
  ~RowWriter();
  RowWriter(RowWriter&&) noexcept;
  RowWriter& operator=(RowWriter&&) noexcept;

  /// Appends rows. Throws ShapeError for another dtype or shape, or more rows than there should be; IoError.
  void write(const graph::Array& rows);
  /// The file takes its name. Throws ValueError unless all rows were written, IoError.
  void commit();

 private:
  struct Open;
  std::unique_ptr<Open> open_;
};

}  // namespace cornu::io::npy

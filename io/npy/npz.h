#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/graph/hidden.h"
#include "cornu/io/path.h"

namespace cornu::io::npy {

/// A file of NumPy's `np.savez` or `np.savez_compressed`: arrays by name. Opening it reads the list, `[]` one array
/// (anew each time).
///
///     io::npy::Archive archive("mnist.npz");
///     Array x = archive["x_train"];
///
/// Members are stored or deflated; ZIP64 is understood, checksums are compared. Nothing is allocated that the file's
/// own length does not justify. Throws IoError if the file cannot be opened, FormatError if it is truncated, damaged or
/// foreign. Several threads may read from one Archive.
class Archive {
 public:
  explicit Archive(const Path& path);
  ~Archive();
  Archive(Archive&&) noexcept;
  Archive& operator=(Archive&&) noexcept;

  /// The arrays' names (without `.npy`), in the file's order.
  const std::vector<std::string>& names() const { return names_; }
  bool contains(std::string_view name) const;
  /// Reads one array, as `npy::load` does. Throws ValueError with the known names if there is none of that name.
  graph::Array operator[](std::string_view name) const;
  /// Lists of whole numbers, each of a length of its own: an array of objects of one axis (`np.array(lists,
  /// dtype=object)`), or the rows of an array of whole numbers of two axes. NumPy pickles such arrays; of the pickle
  /// the data is read, and nothing is run. Throws ValueError as above, FormatError for other objects than lists.
  std::vector<std::vector<std::int64_t>> lists(std::string_view name) const;

 private:
  struct State;
  std::size_t place(std::string_view name) const;
  graph::Hidden<State> state_;
  std::vector<std::string> names_;
};

/// Writes arrays under names into one uncompressed archive that `np.load` reads; it appears whole or not at all.
///
///     io::npy::savez("data.npz", {{"x", x}, {"y", y}});
///
/// Throws IoError; ValueError if a name occurs twice or is empty.
void savez(const Path& path, const std::vector<std::pair<std::string, graph::Array>>& arrays);

}  // namespace cornu::io::npy

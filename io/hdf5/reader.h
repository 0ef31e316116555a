#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::hdf5 {

namespace internal {
class Bytes;
class OpenFile;
}  // namespace internal

/// What a child process may use to read a file.
struct IsolationLimits {
  std::size_t memory = std::size_t{4} << 30;  ///< bytes: of address space beyond what the program has, and of the copy
  std::chrono::seconds cpu_time{60};
};

/// How a file is opened.
struct ReadConfig {
  bool isolated = false;        ///< let a child process read it all, whatever the file is: for files from a stranger
  IsolationLimits limits = {};  ///< of that process
};

/// A place in an HDF5 file: its path and its attributes. Groups and datasets are objects. Copies are cheap and keep the
/// file open.
///
/// All reading throws FormatError naming the file, the object and what is wrong with it: an absent name, another type,
/// damaged bytes.
class Object {
 public:
  /// From the root: `/`, `/model_weights/dense`.
  const std::string& path() const { return path_; }

  /// Names of the attributes, sorted.
  std::vector<std::string> attributes() const;
  bool has_attribute(const std::string& name) const;
  /// True if `texts(name)` finds something: the attribute, or the first part `name0` of a split one.
  bool has_texts(const std::string& name) const;

  /// A scalar text, of fixed or variable length, UTF-8 or ASCII; an array of one text also.
  std::string text(const std::string& name) const;
  /// A list of texts. As Keras reads it: an empty array of any type (Keras writes float64) is an empty list, and a list
  /// that was too long for one attribute is joined from `name0`, `name1`, ...
  std::vector<std::string> texts(const std::string& name) const;
  /// A number of any integer or floating type; an array of one element also.
  double number(const std::string& name) const;
  /// The same for integer (and bool) types only.
  std::int64_t integer(const std::string& name) const;
  /// A scalar or array of numbers; dtypes as `Group::dataset` converts them.
  Array array(const std::string& name) const;

 protected:
  friend class File;
  Object(std::shared_ptr<internal::OpenFile> file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  std::shared_ptr<internal::OpenFile> file_;
  std::string path_;
};

/// An array in the file, with attributes of its own.
class Dataset : public Object {
 public:
  /// Shape, and the dtype that `read` gives.
  Spec spec() const;
  Array read() const;
  /// Rows [start, stop) alone, for datasets that are larger than memory. Throws ValueError for rows that are not there,
  /// and for a dataset without axes. Compressed chunks are undone as a whole: rows that follow each other cost less.
  Array read(std::int64_t start, std::int64_t stop) const;

 private:
  friend class Group;
  using Object::Object;
};

/// A folder in the file. Paths are relative to it, with `/` between names: `group.dataset("dense/kernel:0")`. Links are
/// followed, but not into other files. A path with an empty name or with `.` in it throws FormatError.
class Group : public Object {
 public:
  /// Names of the groups and datasets in it and of links, in HDF5's order: byte by byte, so `10` comes before `2`.
  std::vector<std::string> children() const;
  /// False also for a link to nothing, and for what cannot be a path (an empty name, `.`).
  bool has(const std::string& path) const;
  /// False for a dataset and for what is not there.
  bool is_group(const std::string& path) const;

  Group group(const std::string& path) const;
  Dataset at(const std::string& path) const;
  /// The array of a dataset. float16 and float32 become float32; float64 stays; bool (h5py's enumeration) is bool;
  /// uint8 stays, other integers of up to 32 bits become int32 (uint32: int64), 64-bit ones int64. Both byte orders;
  /// opaque elements of 2 bytes are bfloat16, of which h5py makes such; gzip, shuffle and fletcher32 filters are
  /// undone. Throws FormatError for other types and for more than 8 axes.
  Array dataset(const std::string& path) const { return at(path).read(); }
  Spec dataset_spec(const std::string& path) const { return at(path).spec(); }

 private:
  friend class File;
  using Object::Object;
};

/// An HDF5 file opened for reading. Copies share the open file, which is closed when the last File, Group or Dataset of
/// it goes.
///
///     hdf5::Group root = hdf5::File("model.h5").root();
///     for (const auto& layer : root.group("model_weights").texts("layer_names")) ...
///
/// The structure of the whole file (every address, size and reference that the HDF5 library is going to follow) is
/// checked before the library sees it, so a damaged file is an error and not a crash. A file with parts of HDF5 that
/// this check does not know (groups in the dense form, filters, types beyond numbers and texts...) is read by a forked
/// child process, which hands over a copy in a simple form: it takes longer and needs memory as large as the file's
/// content. What the library cannot read there is an error for whoever asks for it, and not before.
/// docs/formats/hdf5.md says more.
///
/// Any number of threads may read, one at a time: the library is guarded by one lock for the process. A program that
/// replaces the memory allocator by one without fork handlers must open such files before it starts threads.
class File {
 public:
  /// Throws IoError if the file cannot be read, FormatError if it is not a sound HDF5 file or if reading it in a child
  /// process ends in a crash or passes the limits.
  explicit File(const std::filesystem::path& path, const ReadConfig& config = {});
  /// The same for a file that is a part of another one: its bytes, which are copied, and its name for messages.
  File(const std::filesystem::path& name, std::span<const std::byte> content, const ReadConfig& config = {});

  const std::filesystem::path& path() const;
  Group root() const;

 private:
  void open(const internal::Bytes& bytes, const ReadConfig& config);
  std::shared_ptr<internal::OpenFile> file_;
};

}  // namespace cornu::io::hdf5

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/io/hdf5/internal/bytes.h"
#include "cornu/io/hdf5/internal/library.h"

namespace cornu::io::hdf5::internal {

/// A file that the library has open. It lives, is used and is closed within Sessions. Objects are named by their path
/// from the root.
class OpenFile {
 public:
  /// The library reads the file that `bytes` has open; it may be closed afterwards. The structure must have been
  /// checked, unless a crash of the library does no harm.
  explicit OpenFile(const Bytes& bytes);

  const std::filesystem::path& path() const { return path_; }
  hid_t id() const { return id_; }
  /// The start of messages about an object: `model.h5: /dense`.
  std::string where(const std::string& object) const { return path_.string() + ": " + object; }

  /// False also for a link to nothing.
  bool exists(const std::string& object) const;
  bool has_attribute(const std::string& object, const std::string& name) const;
  Id open_object(const std::string& object) const;
  Id open_group(const std::string& object) const;
  Id open_dataset(const std::string& object) const;
  Id open_attribute(const std::string& object, const std::string& name) const;

  std::vector<std::string> children(const std::string& group) const;
  std::vector<std::string> attributes(const std::string& object) const;
  /// The numbers of a dataset or an attribute.
  Array read_dataset(const std::string& object) const;
  Array read_rows(const std::string& object, std::int64_t start, std::int64_t stop) const;
  Array read_attribute(const std::string& object, const std::string& name) const;
  /// The texts of an attribute, of fixed or variable length.
  std::vector<std::string> read_texts(const std::string& object, const std::string& name) const;
  /// The dtype that reading gives, and the shape.
  Spec spec_of_dataset(const std::string& object) const;

 private:
  std::filesystem::path path_;
  Id access_;  // how links are followed
  Id id_;
};

/// How numbers of a type in a file are read.
struct NumberType {
  DType dtype;       ///< of the array they become
  hid_t memory;      ///< what the library converts them to
  bool unsigned_64;  ///< may hold values that int64 cannot
};
/// Nothing if the type is not one of numbers or bool. `type` must outlive the result: bools are read as they are.
std::optional<NumberType> number_type(hid_t type);
/// What the type is, for messages: "texts", "opaque bytes".
std::string describe_type(hid_t type);

/// The shape of a dataspace. Throws FormatError, starting with `where`, if it has no shape or more axes than arrays
/// have.
Shape shape_of(hid_t space, const std::string& where);

}  // namespace cornu::io::hdf5::internal

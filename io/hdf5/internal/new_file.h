#pragma once

#include <filesystem>
#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/atomic_file.h"
#include "cornu/io/hdf5/internal/library.h"
#include "cornu/io/hdf5/writer.h"

namespace cornu::io::hdf5::internal {

/// A file that the library puts together in memory. It lives and is used within Sessions. Objects are named by their
/// path from the root.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& target);

  void make_group(const std::string& group);
  void write_dataset(const std::string& object, const Array& values);
  void write_text(const std::string& object, const std::string& name, const char* text, Charset charset);
  void write_texts(const std::string& object, const std::string& name, const std::vector<const char*>& texts);
  /// Texts padded with NULs to `length` bytes each, as NumPy keeps them.
  void write_fixed_texts(const std::string& object, const std::string& name, const std::vector<std::string>& texts,
                         std::size_t length);
  void write_array(const std::string& object, const std::string& name, const Array& values);

  /// Writes the bytes to the disk and puts them in the target's place.
  void commit();
  /// The start of messages about an object: `model.h5: /dense`.
  std::string where(const std::string& object) const { return target_.string() + ": " + object; }

 private:
  void require_open() const;
  void write_attribute(const std::string& object, const std::string& name, hid_t type, hid_t space, const void* values,
                       hid_t memory_type = H5I_INVALID_HID);

  std::filesystem::path target_;
  AtomicFile disk_;
  Id memory_;
};

}  // namespace cornu::io::hdf5::internal

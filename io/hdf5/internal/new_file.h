#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/atomic_file.h"
#include "cornu/io/hdf5/internal/library.h"
#include "cornu/io/hdf5/writer.h"

namespace cornu::io::hdf5::internal {

/// What an attribute may have at most: HDF5 keeps it in the object's header, where a message has at most 64 KiB. This
/// is Keras' HDF5_OBJECT_HEADER_LIMIT.
inline constexpr std::size_t kHeaderLimit = 64512;
/// What a text of variable length takes of that.
inline constexpr std::size_t kTextReference = 16;

/// A file that the library puts together. It lives and is used within Sessions. Objects are named by their path from
/// the root.
class NewFile {
 public:
  /// In an open file of the library's; messages begin with `name`.
  NewFile(std::filesystem::path name, Id file) : name_(std::move(name)), file_(std::move(file)) {}

  void make_group(const std::string& group);
  void write_dataset(const std::string& object, const Array& values);
  void write_text(const std::string& object, const std::string& name, const char* text, Charset charset);
  void write_texts(const std::string& object, const std::string& name, const std::vector<const char*>& texts);
  /// Texts padded with NULs to `length` bytes each, as NumPy keeps them.
  void write_fixed_texts(const std::string& object, const std::string& name, const std::vector<std::string>& texts,
                         std::size_t length);
  void write_array(const std::string& object, const std::string& name, const Array& values);
  /// A dataset or an attribute that stands for one that cannot be read. Reading it throws `reason`.
  void write_unreadable(const std::string& object, const std::string& reason);
  void write_unreadable(const std::string& object, const std::string& name, const std::string& reason);
  /// A second name of an object that is there, and a name that stands for the path `target`, there or not.
  void link(const std::string& object, const std::string& name);
  void soft_link(const std::string& target, const std::string& name);

  /// Has the library write what it still keeps in memory.
  void flush();
  /// The start of messages about an object: `model.h5: /dense`.
  std::string where(const std::string& object) const { return name_.string() + ": " + object; }

 protected:
  void require_open() const;

  std::filesystem::path name_;
  Id file_;

 private:
  Id make_dataset(const std::string& object, hid_t type, hid_t space);
  void write_attribute(const std::string& object, const std::string& name, hid_t type, hid_t space, const void* values,
                       hid_t memory_type = H5I_INVALID_HID);
};

/// One that is put together in memory and goes to the disk as a whole.
class NewFileInMemory final : public NewFile {
 public:
  explicit NewFileInMemory(const std::filesystem::path& target) : NewFileInMemory(target, target) {}
  /// Without a target it stays in memory; messages begin with `name`.
  NewFileInMemory(std::filesystem::path name, const std::optional<std::filesystem::path>& target);
  /// What the library has put together, as long as this lives and nothing is added.
  std::span<const std::byte> bytes();
  /// Writes the bytes to the disk and puts them in the target's place.
  void commit();

 private:
  std::optional<AtomicFile> disk_;
};

/// Elements of this type are the text that says why a dataset or an attribute of another file cannot be read.
Id unreadable_type(std::size_t size);
bool is_unreadable_type(hid_t type);

}  // namespace cornu::io::hdf5::internal

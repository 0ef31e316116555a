#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::hdf5 {

namespace internal {
class NewFile;
class NewFileInMemory;
}  // namespace internal

/// How HDF5 labels a text: h5py writes a Python `str` as utf8, and `bytes` (which Keras uses for its configs and names)
/// as ascii. The bytes are the same.
enum class Charset { utf8, ascii };

/// Writes an HDF5 file in the form in which h5py writes Keras' models. The target keeps its old content until
/// `commit()` has written, synced and renamed the new one; without `commit()` nothing happens. Equal content gives
/// equal bytes: no times are stored.
///
///     hdf5::Writer file("model.h5");
///     file.root().text("model_config", json, Charset::ascii);
///     auto weights = file.root().group("model_weights");
///     weights.texts("layer_names", {"dense"});
///     weights.dataset("dense/dense/kernel:0", kernel);
///     file.commit();
///
/// The file is put together in memory, so that a full disk cannot leave the HDF5 library in a half-written state.
/// Threads may use different Writers, one at a time; one Writer belongs to one thread.
class Writer {
 public:
  /// Something that has attributes. Valid as long as its Writer. Names that exist already throw ValueError, and so do
  /// those that HDF5 cannot keep: empty ones, and ones with a NUL character.
  class Object {
   public:
    /// A scalar text of variable length. Throws ValueError if it holds a NUL character, as HDF5 would cut it there.
    void text(const std::string& name, std::string_view value, Charset charset = Charset::utf8);
    /// A list of texts of variable length, labelled ascii, as Keras writes `layer_names` and `weight_names`: an empty
    /// list as an empty float64 array; one of more than 64,512 bytes (count times the longest) split into `name0`,
    /// `name1`, ... of fixed length. Throws ValueError if one text alone is longer than that.
    void texts(const std::string& name, const std::vector<std::string>& values);
    void number(const std::string& name, double value);         ///< a float64 scalar
    void integer(const std::string& name, std::int64_t value);  ///< an int64 scalar
    /// Any array up to 64,512 bytes, with its own dtype; throws TypeError for bfloat16, which HDF5 lacks, and
    /// ValueError for a larger one.
    void array(const std::string& name, const Array& value);

   protected:
    friend class Writer;
    Object(internal::NewFile& file, std::string path) : file_(&file), path_(std::move(path)) {}
    internal::NewFile* file_;
    std::string path_;
  };

  /// Paths are relative, with `/` between names. A name that is empty, `.` or `..` throws ValueError.
  class Group : public Object {
   public:
    /// The group of that path, made with all groups on the way if it is not there.
    Group group(const std::string& path);
    /// A contiguous dataset, with the groups on the way; bool as h5py's enumeration. Throws TypeError for bfloat16.
    Object dataset(const std::string& path, const Array& values);

   private:
    friend class Writer;
    using Object::Object;
  };

  /// Throws IoError if the folder is missing or may not be written to.
  explicit Writer(const std::filesystem::path& target);
  /// A file that is to be a part of another one; messages name it so. `hand_over` gives its bytes.
  static Writer in_memory(const std::string& name);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;

  Group root();
  /// Writes the file. Throws IoError naming it if the disk is full or the target cannot be replaced; then the old
  /// content is still there and nothing else is left. Nothing can be added afterwards.
  void commit();
  /// Instead of `commit`: lets `use` have the bytes of the file, which are gone when it returns.
  void hand_over(const std::function<void(std::span<const std::byte>)>& use);

 private:
  explicit Writer(std::unique_ptr<internal::NewFileInMemory> file);
  std::unique_ptr<internal::NewFileInMemory> file_;
};

}  // namespace cornu::io::hdf5

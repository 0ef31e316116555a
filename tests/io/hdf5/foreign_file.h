#pragma once

#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cornu::tests {

/// A file written by the HDF5 library directly, in forms that Cornu's own Writer does not use. Not for use while
/// another thread uses HDF5.
class ForeignFile {
 public:
  explicit ForeignFile(const std::filesystem::path& path, bool latest = false, hsize_t user_block = 0) {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    if (user_block) H5Pset_userblock(creation, user_block);
    if (latest) H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    file_ = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access);
    H5Pclose(creation);
    H5Pclose(access);
  }
  ~ForeignFile() { H5Fclose(file_); }
  ForeignFile(const ForeignFile&) = delete;
  ForeignFile& operator=(const ForeignFile&) = delete;

  hid_t id() const { return file_; }

  /// Values of `memory` type, kept as `type`; `create` may be a dataset creation list, which is closed.
  void dataset(const char* name, hid_t type, hid_t memory, const std::vector<hsize_t>& dims, const void* values,
               hid_t create = H5P_DEFAULT) {
    const hid_t space = space_of(dims);
    const hid_t set = H5Dcreate2(file_, name, type, space, H5P_DEFAULT, create, H5P_DEFAULT);
    if (values) H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    H5Dclose(set);
    H5Sclose(space);
    if (create != H5P_DEFAULT) H5Pclose(create);
  }

  void attribute(const char* name, hid_t type, const std::vector<hsize_t>& dims, const void* values) {
    const hid_t space = space_of(dims);
    const hid_t attribute = H5Acreate2(file_, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, values);
    H5Aclose(attribute);
    H5Sclose(space);
  }

  void group(const char* name) { H5Gclose(H5Gcreate2(file_, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)); }

  /// A text type of `size` bytes, or H5T_VARIABLE. The caller closes it.
  static hid_t text_type(std::size_t size, H5T_str_t padding = H5T_STR_NULLTERM, H5T_cset_t charset = H5T_CSET_UTF8) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, size);
    H5Tset_strpad(type, padding);
    H5Tset_cset(type, charset);
    return type;
  }

  static hid_t chunked(const std::vector<hsize_t>& chunk, bool gzip, bool shuffle = false, bool checksum = false) {
    const hid_t create = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(create, static_cast<int>(chunk.size()), chunk.data());
    if (shuffle) H5Pset_shuffle(create);
    if (gzip) H5Pset_deflate(create, 4);
    if (checksum) H5Pset_fletcher32(create);
    return create;
  }

 private:
  static hid_t space_of(const std::vector<hsize_t>& dims) {
    return dims.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
  }
  hid_t file_;
};

}  // namespace cornu::tests

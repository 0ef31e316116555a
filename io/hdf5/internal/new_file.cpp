#include "cornu/io/hdf5/internal/new_file.h"

#include <algorithm>
#include <atomic>
#include <string_view>

#include "cornu/io/hdf5/internal/names.h"

namespace cornu::io::hdf5::internal {

using graph::DType;
using graph::message;
using graph::require;

namespace {

Id type_in_file(DType dtype, const std::string& where) {
  auto standard = [](hid_t type) { return Id(H5Tcopy(type), H5Tclose); };
  switch (dtype) {
    case DType::float32:
      return standard(H5T_IEEE_F32LE);
    case DType::float64:
      return standard(H5T_IEEE_F64LE);
    case DType::uint8:
      return standard(H5T_STD_U8LE);
    case DType::int32:
      return standard(H5T_STD_I32LE);
    case DType::int64:
      return standard(H5T_STD_I64LE);
    case DType::bool_: {
      Id type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
      const std::int8_t no = 0, yes = 1;
      H5Tenum_insert(type, "FALSE", &no);
      H5Tenum_insert(type, "TRUE", &yes);
      return type;
    }
    case DType::bfloat16:
      break;
  }
  throw TypeError(message(where, ": HDF5 has no ", graph::name_of(dtype), "; convert it with astype(float32)"));
}

// Cornu's arrays are kept as the file keeps them, except for the order of bytes.
hid_t type_in_memory(DType dtype, hid_t in_file) {
  switch (dtype) {
    case DType::float32:
      return H5T_NATIVE_FLOAT;
    case DType::float64:
      return H5T_NATIVE_DOUBLE;
    case DType::int32:
      return H5T_NATIVE_INT32;
    case DType::int64:
      return H5T_NATIVE_INT64;
    default:
      return in_file;
  }
}

Id space_of(const Shape& shape) {
  if (shape.rank() == 0) return {H5Screate(H5S_SCALAR), H5Sclose};
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  return {H5Screate_simple(shape.rank(), dims.data(), nullptr), H5Sclose};
}

Id text_type(std::size_t size, Charset charset, H5T_str_t padding) {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, size);
  H5Tset_cset(type, charset == Charset::utf8 ? H5T_CSET_UTF8 : H5T_CSET_ASCII);
  H5Tset_strpad(type, padding);
  return type;
}

}  // namespace

void NewFile::require_open() const {
  require<ValueError>(bool{file_}, name_.string(), ": nothing can be added after commit()");
}

void NewFile::make_group(const std::string& group) {
  require_open();
  // Every part of the path may be there already; only a dataset in its place is in the way.
  for (std::size_t end = group.find('/', 1);; end = group.find('/', end + 1)) {
    const std::string part = group.substr(0, end);
    if (part != "/") {
      if (H5Lexists(file_, part.c_str(), H5P_DEFAULT) > 0) {
        const Id object(H5Oopen(file_, part.c_str(), H5P_DEFAULT), H5Oclose);
        require<ValueError>(H5Iget_type(object) == H5I_GROUP, where(part), " is a dataset already");
      } else {
        const Id made(H5Gcreate2(file_, part.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
        require_call<ValueError>(bool{made}, where(part), ": the group cannot be made");
      }
    }
    if (end == std::string::npos) return;
  }
}

Id NewFile::make_dataset(const std::string& object, hid_t type, hid_t space) {
  require_open();
  if (const auto slash = object.rfind('/'); slash != 0) make_group(object.substr(0, slash));
  require<ValueError>(H5Lexists(file_, object.c_str(), H5P_DEFAULT) == 0, where(object), " is there already");
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  Id dataset(H5Dcreate2(file_, object.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT), H5Dclose);
  require_call<ValueError>(bool{dataset}, where(object), ": the dataset cannot be made");
  return dataset;
}

void NewFile::write_dataset(const std::string& object, const Array& values) {
  const Id type = type_in_file(values.dtype(), where(object)), space = space_of(values.shape());
  const Id dataset = make_dataset(object, type, space);
  if (values.size() == 0) return;
  const herr_t status =
      H5Dwrite(dataset, type_in_memory(values.dtype(), type), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.bytes());
  require_call<IoError>(status >= 0, where(object), ": the dataset cannot be written");
}

// A message names a path, which may be longer than an attribute can be.
constexpr std::size_t kLongestReason = 4000;

void NewFile::write_unreadable(const std::string& object, const std::string& why) {
  const std::string reason = why.substr(0, kLongestReason);
  const Id type = unreadable_type(reason.size()), space = space_of(Shape{}), set = make_dataset(object, type, space);
  require_call<IoError>(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, reason.data()) >= 0, where(object),
                        ": the dataset cannot be written");
}

void NewFile::write_unreadable(const std::string& object, const std::string& name, const std::string& why) {
  const std::string reason = why.substr(0, kLongestReason);
  const Id type = unreadable_type(reason.size()), space = space_of(Shape{});
  write_attribute(object, name, type, space, reason.data());
}

void NewFile::link(const std::string& object, const std::string& name) {
  require_call<IoError>(H5Lcreate_hard(file_, object.c_str(), file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) >= 0,
                        where(name), ": the link cannot be made");
}

void NewFile::soft_link(const std::string& target, const std::string& name) {
  require_call<IoError>(H5Lcreate_soft(target.c_str(), file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) >= 0, where(name),
                        ": the link cannot be made");
}

void NewFile::write_attribute(const std::string& object, const std::string& name, hid_t type, hid_t space,
                              const void* values, hid_t memory_type) {
  require_open();
  require<ValueError>(!name.empty() && name.find('\0') == std::string::npos, where(object), ": ", quoted(name),
                      " cannot name an attribute (", name.empty() ? "it is empty" : "it holds a NUL character", ")");
  const Id owner(H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose);
  require_call<ValueError>(bool{owner}, where(object), ": not in the file");
  require<ValueError>(H5Aexists(owner, name.c_str()) == 0, where(object), " has an attribute \"", name, "\" already");
  const Id attribute(H5Acreate2(owner, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  require_call<ValueError>(bool{attribute}, where(object), ": attribute \"", name, "\" cannot be made");
  const herr_t status = H5Awrite(attribute, memory_type < 0 ? type : memory_type, values);
  require_call<IoError>(status >= 0, where(object), ": attribute \"", name, "\" cannot be written");
}

void NewFile::write_text(const std::string& object, const std::string& name, const char* text, Charset charset) {
  const Id type = text_type(H5T_VARIABLE, charset, H5T_STR_NULLTERM), space = space_of(Shape{});
  write_attribute(object, name, type, space, &text);
}

void NewFile::write_texts(const std::string& object, const std::string& name, const std::vector<const char*>& texts) {
  const Id type = text_type(H5T_VARIABLE, Charset::ascii, H5T_STR_NULLTERM),
           space = space_of(Shape{static_cast<std::int64_t>(texts.size())});
  write_attribute(object, name, type, space, texts.data());
}

void NewFile::write_fixed_texts(const std::string& object, const std::string& name,
                                const std::vector<std::string>& texts, std::size_t length) {
  std::string bytes;
  for (const std::string& text : texts) bytes.append(text).append(length - text.size(), '\0');
  const Id type = text_type(length, Charset::ascii, H5T_STR_NULLPAD),
           space = space_of(Shape{static_cast<std::int64_t>(texts.size())});
  write_attribute(object, name, type, space, bytes.data());
}

void NewFile::write_array(const std::string& object, const std::string& name, const Array& values) {
  const Id type = type_in_file(values.dtype(), where(object) + ": attribute \"" + name + "\""),
           space = space_of(values.shape());
  const std::byte nothing{};  // an empty array may have no buffer, which the library does not take
  write_attribute(object, name, type, space, values.size() ? values.bytes() : &nothing,
                  type_in_memory(values.dtype(), type));
}

void NewFile::flush() {
  require_open();
  require_call<IoError>(H5Fflush(file_, H5F_SCOPE_GLOBAL) >= 0, name_.string(), ": cannot be put together");
}

NewFileInMemory::NewFileInMemory(std::filesystem::path name, const std::optional<std::filesystem::path>& target)
    : NewFile(std::move(name), Id()) {
  if (target) disk_.emplace(*target);
  static std::atomic<unsigned> count{0};  // the library refuses to make two files of one name at a time
  Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  constexpr std::size_t kGrowth = std::size_t{1} << 20;
  require_call<IoError>(H5Pset_fapl_core(access, kGrowth, false) >= 0, name_.string(), ": no memory for a new file");
  file_ = Id(H5Fcreate(message("cornu-", count++).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
  require_call<IoError>(bool{file_}, name_.string(), ": no memory for a new file");
}

std::span<const std::byte> NewFileInMemory::bytes() {
  flush();
  const ssize_t size = H5Fget_file_image(file_, nullptr, 0);
  void** bytes = nullptr;
  const bool ok =
      size > 0 && H5Fget_vfd_handle(file_, H5P_DEFAULT, reinterpret_cast<void**>(&bytes)) >= 0 && bytes && *bytes;
  require_call<IoError>(ok, name_.string(), ": cannot be put together");
  return {static_cast<const std::byte*>(*bytes), static_cast<std::size_t>(size)};
}

void NewFileInMemory::commit() {
  disk_.value().write(bytes());
  file_.reset();
  disk_->commit();
}

constexpr const char* kUnreadable = "cornu: why this cannot be read";

Id unreadable_type(std::size_t size) {
  Id type(H5Tcreate(H5T_OPAQUE, std::max<std::size_t>(size, 1)), H5Tclose);
  H5Tset_tag(type, kUnreadable);
  return type;
}

bool is_unreadable_type(hid_t type) {
  if (H5Tget_class(type) != H5T_OPAQUE) return false;
  char* const tag = H5Tget_tag(type);
  const bool is = tag && std::string_view(tag) == kUnreadable;
  H5free_memory(tag);
  return is;
}

}  // namespace cornu::io::hdf5::internal

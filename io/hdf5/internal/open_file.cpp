#include "cornu/io/hdf5/internal/open_file.h"

#include <algorithm>

#include "cornu/io/hdf5/internal/descriptor_driver.h"
#include "cornu/io/hdf5/internal/new_file.h"
#include "cornu/io/hdf5/internal/texts.h"

namespace cornu::io::hdf5::internal {

using graph::message;
using graph::require;

namespace {

herr_t collect_attribute(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

herr_t collect_link(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

herr_t refuse_other_file(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) { return -1; }

/// h5py's bool: an enumeration of FALSE = 0 and TRUE = 1 over one byte.
bool is_bool(hid_t type) {
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) return false;
  std::int8_t no = -1, yes = -1;
  return H5Tenum_valueof(type, "FALSE", &no) >= 0 && H5Tenum_valueof(type, "TRUE", &yes) >= 0 && no == 0 && yes == 1;
}

/// Throws if the elements are in another file, or are asked for there.
void require_own_data(hid_t dataset, const std::string& where) {
  const Id creation(H5Dget_create_plist(dataset), H5Pclose);
  require_call<FormatError>(bool{creation}, where, ": cannot be read");
  require<FormatError>(H5Pget_layout(creation) != H5D_VIRTUAL, where,
                       " is made of parts of other datasets (a virtual one), which are not looked up");
  require<FormatError>(H5Pget_external_count(creation) <= 0, where,
                       " has its values in another file, which is not read");
}

/// Throws the reason if the elements of this type, which `read(destination)` gives, are one.
template <class Read>
void require_readable(hid_t type, Read read) {
  if (!is_unreadable_type(type)) return;
  std::string reason(H5Tget_size(type), ' ');
  require_call<FormatError>(read(reason.data()) >= 0, "a part that cannot be read");
  throw FormatError(reason);
}

/// Reads all numbers through `read(memory type, destination)`, which is H5Dread or H5Aread.
template <class Read>
Array read_numbers(hid_t type, hid_t space, const std::string& where, Read read) {
  require_readable(type, [&](void* to) { return read(type, to); });
  const auto numbers = number_type(type);
  require<FormatError>(numbers.has_value(), where, " holds ", describe_type(type), ", not numbers");
  Array values(shape_of(space, where), numbers->dtype);
  if (values.size() == 0) return values;
  require_call<FormatError>(read(numbers->memory, values.bytes()) >= 0, where, ": cannot be read");
  if (numbers->dtype == graph::bool_)
    for (std::byte* b = values.bytes(); b != values.bytes() + values.nbytes(); ++b) *b = std::byte{*b != std::byte{0}};
  if (numbers->unsigned_64)
    for (std::int64_t v : values.span<std::int64_t>())
      require<FormatError>(v >= 0, where, " holds ", static_cast<std::uint64_t>(v), ", which is too large for int64");
  return values;
}

}  // namespace

OpenFile::OpenFile(const Bytes& bytes) : path_(bytes.path()), access_(H5Pcreate(H5P_LINK_ACCESS), H5Pclose) {
  // A file must not make us read another one.
  H5Pset_elink_cb(access_, refuse_other_file, nullptr);
  const Id by_descriptor = access_by_descriptor(bytes.descriptor());
  id_ = Id(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, by_descriptor), H5Fclose);
  require_call<FormatError>(bool{id_}, path_.string(), ": cannot be opened as HDF5");
}

bool OpenFile::exists(const std::string& object) const {
  if (object == "/") return true;
  // The library wants every link on the way to lead to a group.
  for (std::size_t end = object.find('/', 1);; end = object.find('/', end + 1)) {
    const std::string part = object.substr(0, end);
    if (H5Lexists(id_, part.c_str(), access_) <= 0 || H5Oexists_by_name(id_, part.c_str(), access_) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

bool OpenFile::has_attribute(const std::string& object, const std::string& name) const {
  const Id owner = open_object(object);
  return name.find('\0') == std::string::npos && H5Aexists(owner, name.c_str()) > 0;
}

Id OpenFile::open_object(const std::string& object) const {
  require<FormatError>(exists(object), where(object), ": not in the file");
  Id id(H5Oopen(id_, object.c_str(), access_), H5Oclose);
  require_call<FormatError>(bool{id}, where(object), ": cannot be opened");
  return id;
}

Id OpenFile::open_group(const std::string& object) const {
  Id id = open_object(object);
  if (H5Iget_type(id) == H5I_GROUP) return id;
  spec_of_dataset(object);  // a dataset may stand for something else, and then says so
  throw FormatError(message(where(object), " is a dataset, not a group"));
}

Id OpenFile::open_dataset(const std::string& object) const {
  Id id = open_object(object);
  require<FormatError>(H5Iget_type(id) != H5I_GROUP, where(object), " is a group, not a dataset");
  require<FormatError>(H5Iget_type(id) == H5I_DATASET, where(object), " is a datatype, not a dataset");
  require_own_data(id, where(object));
  return id;
}

Id OpenFile::open_attribute(const std::string& object, const std::string& name) const {
  require<FormatError>(has_attribute(object, name), where(object), " has no attribute \"", name, "\"");
  const Id owner = open_object(object);
  Id id(H5Aopen(owner, name.c_str(), H5P_DEFAULT), H5Aclose);
  require_call<FormatError>(bool{id}, where(object), ": attribute \"", name, "\" cannot be opened");
  return id;
}

std::vector<std::string> OpenFile::children(const std::string& group) const {
  const Id id = open_object(group);
  std::vector<std::string> names;
  hsize_t position = 0;
  const bool ok = H5Literate(id, H5_INDEX_NAME, H5_ITER_INC, &position, collect_link, &names) >= 0;
  require_call<FormatError>(ok, where(group), ": its entries cannot be read");
  return names;
}

std::vector<std::string> OpenFile::attributes(const std::string& object) const {
  const Id id = open_object(object);
  std::vector<std::string> names;
  const bool ok = H5Aiterate2(id, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_attribute, &names) >= 0;
  require_call<FormatError>(ok, where(object), ": its attributes cannot be read");
  std::sort(names.begin(), names.end());
  return names;
}

Array OpenFile::read_dataset(const std::string& object) const {
  const Id dataset = open_dataset(object);
  const Id type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  require_call<FormatError>(type && space, where(object), ": cannot be read");
  return read_numbers(type, space, where(object), [&](hid_t memory, void* to) {
    return H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, to);
  });
}

Array OpenFile::read_rows(const std::string& object, std::int64_t start, std::int64_t stop) const {
  const Id dataset = open_dataset(object);
  const Id type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  require_call<FormatError>(type && space, where(object), ": cannot be read");
  require_readable(type, [&](void* to) { return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to); });
  const Shape shape = shape_of(space, where(object));
  require<ValueError>(!shape.empty() && start >= 0 && start <= stop && stop <= shape.front(), where(object),
                      ": there are no rows ", start, " to ", stop, " in shape ", shape);
  std::vector<hsize_t> first(shape.size()), count(shape.begin(), shape.end());
  first[0] = static_cast<hsize_t>(start), count[0] = static_cast<hsize_t>(stop - start);
  const Id rows(H5Screate_simple(shape.rank(), count.data(), nullptr), H5Sclose);
  const bool selected =
      rows && H5Sselect_hyperslab(space, H5S_SELECT_SET, first.data(), nullptr, count.data(), nullptr) >= 0;
  require_call<FormatError>(selected, where(object), ": cannot be read");
  return read_numbers(type, rows, where(object),
                      [&](hid_t memory, void* to) { return H5Dread(dataset, memory, rows, space, H5P_DEFAULT, to); });
}

Array OpenFile::read_attribute(const std::string& object, const std::string& name) const {
  const std::string place = message(where(object), ": attribute \"", name, "\"");
  const Id attribute = open_attribute(object, name);
  const Id type(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  require_call<FormatError>(type && space, place, ": cannot be read");
  return read_numbers(type, space, place, [&](hid_t memory, void* to) { return H5Aread(attribute, memory, to); });
}

std::vector<std::string> OpenFile::read_texts(const std::string& object, const std::string& name) const {
  const Id attribute = open_attribute(object, name), type(H5Aget_type(attribute), H5Tclose);
  require_readable(type, [&](void* to) { return H5Aread(attribute, type, to); });
  return internal::read_texts(attribute, message(where(object), ": attribute \"", name, "\""));
}

Spec OpenFile::spec_of_dataset(const std::string& object) const {
  const Id dataset = open_dataset(object);
  const Id type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  require_call<FormatError>(type && space, where(object), ": cannot be read");
  require_readable(type, [&](void* to) { return H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to); });
  const auto numbers = number_type(type);
  require<FormatError>(numbers.has_value(), where(object), " holds ", describe_type(type), ", not numbers");
  return {numbers->dtype, shape_of(space, where(object))};
}

std::optional<NumberType> number_type(hid_t type) {
  const std::size_t size = H5Tget_size(type);
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      if (size <= 4) return NumberType{graph::float32, H5T_NATIVE_FLOAT, false};
      return NumberType{graph::float64, H5T_NATIVE_DOUBLE, false};
    case H5T_INTEGER: {
      const bool is_signed = H5Tget_sign(type) != H5T_SGN_NONE;
      if (size == 1 && !is_signed) return NumberType{graph::uint8, H5T_NATIVE_UINT8, false};
      if (size < 4 || (size == 4 && is_signed)) return NumberType{graph::int32, H5T_NATIVE_INT32, false};
      if (size == 8 && !is_signed) return NumberType{graph::int64, H5T_NATIVE_UINT64, true};
      return NumberType{graph::int64, H5T_NATIVE_INT64, false};
    }
    case H5T_ENUM:
      if (is_bool(type)) return NumberType{graph::bool_, type, false};
      return std::nullopt;
    case H5T_OPAQUE:  // the bytes of a type that HDF5 lacks: what h5py makes of bfloat16
      if (size == 2 && !is_unreadable_type(type)) return NumberType{graph::bfloat16, type, false};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::string describe_type(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
    case H5T_INTEGER:
      return "numbers";
    case H5T_STRING:
      return "texts";
    case H5T_OPAQUE:
      return message("opaque elements of ", H5Tget_size(type), " bytes");
    default:
      return "elements of an unknown type";
  }
}

Shape shape_of(hid_t space, const std::string& where) {
  require<FormatError>(H5Sget_simple_extent_type(space) != H5S_NULL, where, " holds no value");
  const int rank = H5Sget_simple_extent_ndims(space);
  require<FormatError>(rank >= 0 && rank <= Shape::kMaxRank, where, " has ", rank, " axes (at most ", Shape::kMaxRank,
                       " are read)");
  hsize_t dims[Shape::kMaxRank] = {};
  H5Sget_simple_extent_dims(space, dims, nullptr);
  std::vector<std::int64_t> lengths(dims, dims + rank);
  return Shape(lengths);
}

}  // namespace cornu::io::hdf5::internal

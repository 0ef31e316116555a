// Numbers in ONNX files: as raw bytes, in one of four lists, or in a file beside.
#include "cornu/io/onnx/internal/tensor.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>

#include "cornu/io/internal/source.h"
#include "cornu/io/onnx/model.h"

static_assert(std::endian::native == std::endian::little, "raw bytes of tensors are copied as they are");

namespace cornu::io::onnx {
namespace {

using graph::DType;
namespace fs = std::filesystem;

constexpr ElementType kFloat = 1, kUint8 = 2, kInt32 = 6, kInt64 = 7, kBool = 9, kFloat16 = 10, kDouble = 11,
                      kBFloat16 = 16;
constexpr const char* kTypeNames[] = {
    "undefined", "float",      "uint8",      "int8",         "uint16",         "int16",      "int32",
    "int64",     "string",     "bool",       "float16",      "double",         "uint32",     "uint64",
    "complex64", "complex128", "bfloat16",   "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz",
    "uint4",     "int4",       "float4e2m1", "float8e8m0",   "uint2",          "int2"};

float half_to_float(std::uint16_t half) {
  const int sign = half >> 15, exponent = half >> 10 & 31, mantissa = half & 1023;
  const auto m = static_cast<float>(mantissa);
  float value = 0;
  if (exponent == 31)
    value = mantissa == 0 ? INFINITY : NAN;
  else
    value = exponent == 0 ? std::ldexp(m, -24) : std::ldexp(m + 1024.f, exponent - 25);
  return sign != 0 ? -value : value;
}

// The number of elements, if it can be at all.
std::int64_t count_of(const cornu_onnx::Tensor& tensor, const internal::Origin& origin) {
  if (tensor.dims_size() > graph::Shape::kMaxRank)
    origin.malformed("tensor \"", tensor.name(), "\" has ", tensor.dims_size(), " axes, of which arrays have at most ",
                     graph::Shape::kMaxRank);
  std::int64_t count = 1;
  bool empty = false;
  for (const std::int64_t length : tensor.dims()) {
    if (length < 0) origin.malformed("tensor \"", tensor.name(), "\" has a negative length, ", length);
    empty = empty || length == 0;
    if (__builtin_mul_overflow(count, length == 0 ? 1 : length, &count) || count > (std::int64_t{1} << 48))
      origin.malformed("tensor \"", tensor.name(), "\" is too large");
  }
  return empty ? 0 : count;
}

std::uint64_t number_of(const std::string& text, const char* what, const internal::Origin& origin) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    origin.malformed("external data has the ", what, " '", text, "', which is no number");
  return value;
}

// What a tensor keeps in another file, which must lie in the folder of this one or below.
std::string external_bytes(const cornu_onnx::Tensor& tensor, std::size_t bytes, const internal::Origin& origin) {
  std::string location;
  std::uint64_t offset = 0, length = bytes;
  for (const auto& entry : tensor.external_data()) {
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = number_of(entry.value(), "offset", origin);
    if (entry.key() == "length") length = number_of(entry.value(), "length", origin);
  }
  if (!origin.folder)
    origin.malformed("tensor \"", tensor.name(), "\" keeps its numbers in the file \"", location,
                     "\", which is not read here");
  const fs::path relative(location);
  bool inside = !location.empty() && location.find('\0') == std::string::npos && relative.is_relative();
  for (const fs::path& part : relative) inside = inside && part != "..";
  if (inside) {  // a link may lead out of the folder
    std::error_code error;
    const fs::path folder = fs::canonical(origin.folder->empty() ? fs::path(".") : *origin.folder, error),
                   file = fs::weakly_canonical(folder / relative, error);
    const auto [end, unused] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    inside = !error && end == folder.end();
  }
  if (!inside)
    origin.malformed("tensor \"", tensor.name(), "\" keeps its numbers in \"", location,
                     "\", which is not a file in the model's folder");
  const io::internal::InputFile file(*origin.folder / relative);
  if (length != bytes || offset > file.size() || length > file.size() - offset)
    origin.malformed("tensor \"", tensor.name(), "\" needs ", bytes, " bytes; \"", location, "\" is to have ", length,
                     " from ", offset, " on and has ", file.size(), " in all");
  std::string data(bytes, '\0');
  file.read_at(offset, {reinterpret_cast<std::byte*>(data.data()), data.size()});
  return data;
}

template <class T, class List>
void copy_list(const List& list, Array& to) {
  T* out = to.data<T>();
  for (int i = 0; i < list.size(); ++i) out[i] = static_cast<T>(list[i]);
}

}  // namespace

std::string name_of_type(ElementType type) {
  const auto known = static_cast<ElementType>(std::size(kTypeNames));
  return type >= 0 && type < known ? kTypeNames[type] : graph::message("type ", type);
}

std::optional<DType> dtype_of_type(ElementType type) {
  switch (type) {
    case kFloat:
    case kFloat16:
      return graph::float32;
    case kUint8:
      return graph::uint8;
    case kInt32:
      return graph::int32;
    case kInt64:
      return graph::int64;
    case kBool:
      return graph::bool_;
    case kDouble:
      return graph::float64;
    case kBFloat16:
      return graph::bfloat16;
    default:
      return std::nullopt;
  }
}

ElementType type_of_dtype(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return kBool;
    case DType::uint8:
      return kUint8;
    case DType::int32:
      return kInt32;
    case DType::int64:
      return kInt64;
    case DType::float64:
      return kDouble;
    case DType::bfloat16:
    case DType::float32:
      break;
  }
  return kFloat;
}

namespace internal {

Array array_of(const cornu_onnx::Tensor& tensor, const Origin& origin) {
  const std::int64_t count = count_of(tensor, origin);
  const ElementType type = tensor.data_type();
  const auto dtype = dtype_of_type(type);
  if (!dtype)
    throw TypeError(graph::message("[", origin.name, "] tensor \"", tensor.name(), "\" is of the type ",
                                   name_of_type(type), ", which arrays do not have"));
  const graph::Shape shape(std::vector<std::int64_t>(tensor.dims().begin(), tensor.dims().end()));
  const std::size_t width = type == kFloat16 ? 2 : graph::size_of(*dtype),
                    bytes = static_cast<std::size_t>(count) * width;
  const bool external = tensor.data_location() == 1;
  if (external || tensor.has_raw_data()) {
    const std::string other = external ? external_bytes(tensor, bytes, origin) : std::string();
    const std::string& raw = external ? other : tensor.raw_data();
    if (raw.size() != bytes)
      origin.malformed("tensor \"", tensor.name(), "\" of shape ", shape, " and type ", name_of_type(type), " needs ",
                       bytes, " bytes, got ", raw.size());
    Array array(shape, *dtype);
    if (type == kFloat16) {
      for (std::int64_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        std::memcpy(&half, raw.data() + 2 * i, 2);
        array.data<float>()[i] = half_to_float(half);
      }
    } else if (type == kBool) {
      for (std::int64_t i = 0; i < count; ++i) array.data<bool>()[i] = raw[static_cast<std::size_t>(i)] != 0;
    } else if (bytes != 0) {
      std::memcpy(array.bytes(), raw.data(), bytes);
    }
    return array;
  }
  const std::int64_t given = type == kFloat    ? tensor.float_data_size()
                             : type == kDouble ? tensor.double_data_size()
                             : type == kInt64  ? tensor.int64_data_size()
                                               : tensor.int32_data_size();
  if (given != count)
    origin.malformed("tensor \"", tensor.name(), "\" of shape ", shape, " needs ", count, " numbers, got ", given);
  Array array(shape, *dtype);
  if (type == kFloat16 || type == kBFloat16) {
    for (int i = 0; i < tensor.int32_data_size(); ++i) {
      const auto bits = static_cast<std::uint16_t>(tensor.int32_data(i));
      if (type == kFloat16)
        array.data<float>()[i] = half_to_float(bits);
      else
        array.data<graph::BFloat16>()[i].bits = bits;
    }
  } else if (type == kFloat) {
    copy_list<float>(tensor.float_data(), array);
  } else if (type == kDouble) {
    copy_list<double>(tensor.double_data(), array);
  } else if (type == kInt64) {
    copy_list<std::int64_t>(tensor.int64_data(), array);
  } else {
    graph::visit(*dtype, [&](auto zero) {
      using T = decltype(zero);
      if constexpr (std::is_integral_v<T>) copy_list<T>(tensor.int32_data(), array);
    });
  }
  return array;
}

void set_tensor(cornu_onnx::Tensor& to, const std::string& name, const Array& given) {
  const Array array = given.dtype() == graph::bfloat16 ? given.astype(graph::float32) : given;
  to.set_name(name);
  to.set_data_type(type_of_dtype(array.dtype()));
  for (const std::int64_t length : array.shape()) to.add_dims(length);
  to.set_raw_data(array.bytes(), array.nbytes());
}

}  // namespace internal
}  // namespace cornu::io::onnx

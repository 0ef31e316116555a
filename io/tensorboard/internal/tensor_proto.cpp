#include "cornu/io/tensorboard/internal/tensor_proto.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace cornu::io::tensorboard::internal {

namespace tb = cornu_tensorboard;
using graph::Array;
using graph::BFloat16;
using graph::DType;
using graph::FormatError;
using graph::require;
using graph::Shape;
using graph::ValueError;

namespace {

/// IEEE's 16 bits.
struct Half {
  std::uint16_t bits = 0;
  operator float() const {  // NOLINT: a number, converts like one
    const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
    const float sign = (bits & 0x8000) != 0 ? -1.f : 1.f;
    if (exponent == 31)
      return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
    return exponent == 0 ? sign * std::ldexp(static_cast<float>(fraction), -24)
                         : sign * std::ldexp(static_cast<float>(1024 + fraction), exponent - 25);
  }
};

tb::DataType proto_type(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return tb::DT_BOOL;
    case DType::uint8:
      return tb::DT_UINT8;
    case DType::int32:
      return tb::DT_INT32;
    case DType::int64:
      return tb::DT_INT64;
    case DType::bfloat16:
      return tb::DT_BFLOAT16;
    case DType::float64:
      return tb::DT_DOUBLE;
    case DType::float32:
      break;
  }
  return tb::DT_FLOAT;
}

/// The shape, if an array can have it. Its number of elements fits an int64.
std::optional<Shape> shape_of(const tb::TensorShapeProto& in) {
  if (in.unknown_rank() || in.dim_size() > Shape::kMaxRank) return std::nullopt;
  Shape shape;
  std::int64_t elements = 1;
  for (const auto& dim : in.dim()) {
    require<FormatError>(dim.size() >= 0, "a tensor with an axis of ", dim.size(), " elements");
    shape = shape.append(dim.size());
  }
  for (const std::int64_t dim :
       shape)  // an axis of none does not excuse the others: whoever multiplies the lengths may begin with these
    require<FormatError>(!__builtin_mul_overflow(elements, std::max<std::int64_t>(dim, 1), &elements),
                         "a tensor of shape ", shape, " has more elements than there are numbers");
  return shape;
}

/// So many more bytes than the message has are needed.
void take(std::size_t& room, std::int64_t elements, std::size_t size, const Shape& shape) {
  require<FormatError>(static_cast<std::uint64_t>(elements) <= room / size, "a tensor of shape ", shape,
                       " with few values stands for too many elements");
  room -= static_cast<std::size_t>(elements) * size;
}

/// `Stored` is the element in the bytes, `T` that of the array, `from` makes a Stored of an element of the list.
template <class Stored, class T, class List, class From>
Array numbers(const tb::TensorProto& in, const Shape& shape, std::size_t& room, const List& list, From from) {
  const std::int64_t elements = shape.elements();
  const std::string& bytes = in.tensor_content();
  if (!bytes.empty()) {
    require<FormatError>(
        bytes.size() % sizeof(Stored) == 0 && bytes.size() / sizeof(Stored) == static_cast<std::uint64_t>(elements),
        "a tensor of shape ", shape, " and ", sizeof(Stored), " bytes an element with ", bytes.size(), " bytes");
    Array out(shape, graph::dtype_of<T>);
    const char* at = bytes.data();
    for (T& element : out.span<T>()) {
      if constexpr (std::is_same_v<Stored, bool>)
        element = *at++ != 0;  // any other byte than 0 or 1 would be no bool
      else {
        Stored stored;
        std::memcpy(&stored, at, sizeof stored);
        element = static_cast<T>(stored);
        at += sizeof stored;
      }
    }
    return out;
  }
  require<FormatError>(list.size() <= elements, "a tensor of shape ", shape, " with ", list.size(), " values");
  require<FormatError>(!list.empty() || elements == 0, "a tensor of shape ", shape, " without values");
  take(room, elements - list.size(), sizeof(T), shape);
  Array out(shape, graph::dtype_of<T>);
  T* at = out.data<T>();
  for (const auto& value : list) *at++ = static_cast<T>(from(value));
  for (std::int64_t i = list.size(); i < elements; ++i, ++at) *at = at[-1];
  return out;
}

void read_strings(const tb::TensorProto& in, const Shape& shape, std::size_t& room, Summary& value) {
  const auto& list = in.string_val();
  const std::int64_t elements = shape.elements();
  require<FormatError>(list.size() <= elements, "a tensor of shape ", shape, " with ", list.size(), " strings");
  require<FormatError>(!list.empty() || elements == 0, "a tensor of shape ", shape, " without strings");
  const std::int64_t missing = elements - list.size();
  if (missing > 0) take(room, missing, sizeof(std::string) + list[list.size() - 1].size(), shape);
  value.strings.assign(list.begin(), list.end());
  if (missing > 0)
    value.strings.insert(value.strings.end(), static_cast<std::size_t>(missing), std::string(value.strings.back()));
  value.shape = shape;
}

}  // namespace

void write_tensor(const Summary& value, tb::TensorProto& out) {
  const Shape& shape = value.numbers ? value.numbers->shape() : value.shape;
  auto& dims = *out.mutable_tensor_shape();
  for (const std::int64_t size : shape) dims.add_dim()->set_size(size);
  if (value.numbers) {
    out.set_dtype(proto_type(value.numbers->dtype()));
    out.set_tensor_content(value.numbers->bytes(), value.numbers->nbytes());
    return;
  }
  require<ValueError>(static_cast<std::int64_t>(value.strings.size()) == shape.elements(), "the summary \"", value.tag,
                      "\" has ", value.strings.size(), " strings for the shape ", shape);
  out.set_dtype(tb::DT_STRING);
  for (const std::string& text : value.strings) out.add_string_val(text);
}

void read_tensor(const tb::TensorProto& in, std::size_t& room, Summary& value) {
  const auto shape = shape_of(in.tensor_shape());
  if (!shape) return;
  const auto as_is = [](auto x) { return x; };
  const auto half = [](std::int32_t bits) { return Half{static_cast<std::uint16_t>(bits)}; };
  const auto bfloat16 = [](std::int32_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); };
  switch (in.dtype()) {
    case tb::DT_STRING:
      return read_strings(in, *shape, room, value);
    case tb::DT_FLOAT:
      value.numbers = numbers<float, float>(in, *shape, room, in.float_val(), as_is);
      return;
    case tb::DT_DOUBLE:
      value.numbers = numbers<double, double>(in, *shape, room, in.double_val(), as_is);
      return;
    case tb::DT_HALF:
      value.numbers = numbers<Half, float>(in, *shape, room, in.half_val(), half);
      return;
    case tb::DT_BFLOAT16:
      value.numbers = numbers<BFloat16, BFloat16>(in, *shape, room, in.half_val(), bfloat16);
      return;
    case tb::DT_INT64:
      value.numbers = numbers<std::int64_t, std::int64_t>(in, *shape, room, in.int64_val(), as_is);
      return;
    case tb::DT_INT32:
      value.numbers = numbers<std::int32_t, std::int32_t>(in, *shape, room, in.int_val(), as_is);
      return;
    case tb::DT_INT16:
      value.numbers = numbers<std::int16_t, std::int32_t>(in, *shape, room, in.int_val(), as_is);
      return;
    case tb::DT_UINT16:
      value.numbers = numbers<std::uint16_t, std::int32_t>(in, *shape, room, in.int_val(), as_is);
      return;
    case tb::DT_INT8:
      value.numbers = numbers<std::int8_t, std::int32_t>(in, *shape, room, in.int_val(), as_is);
      return;
    case tb::DT_UINT8:
      value.numbers = numbers<std::uint8_t, std::uint8_t>(in, *shape, room, in.int_val(), as_is);
      return;
    case tb::DT_BOOL:
      value.numbers = numbers<bool, bool>(in, *shape, room, in.bool_val(), as_is);
      return;
    default:
      return;
  }
}

}  // namespace cornu::io::tensorboard::internal

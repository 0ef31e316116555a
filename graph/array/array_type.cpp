#include "cornu/graph/array/array_type.h"

#include <array>
#include <limits>
#include <ostream>
#include <utility>

#include "cornu/graph/array/internal/convert.h"

namespace cornu::graph {
namespace {

struct alignas(64) Line {
  std::byte bytes[64];
};

// The control block and the elements in one allocation.
std::shared_ptr<std::byte[]> allocate(std::size_t bytes) {
  if (bytes == 0) return nullptr;
  std::shared_ptr<Line[]> lines = std::make_shared_for_overwrite<Line[]>((bytes + sizeof(Line) - 1) / sizeof(Line));
  std::byte* first = lines[0].bytes;
  return {std::move(lines), first};
}

void require_countable(const Shape& shape, DType dtype) {
  require<ShapeError>(shape.is_set(), "an array needs a shape");
  std::int64_t left = std::numeric_limits<std::int64_t>::max() / static_cast<std::int64_t>(size_of(dtype));
  bool empty = false;
  for (std::int64_t dim : shape) {
    require<ShapeError>(dim >= 0, "an array needs non-negative lengths, got shape ", shape);
    empty |= dim == 0;
  }
  for (std::int64_t dim : shape) {
    if (empty) break;
    require<ShapeError>(dim <= left, "an array of shape ", shape, " is too large");
    left /= dim;
  }
}

// How reshape's argument was written, where -1 is not yet a known length.
std::string asked(const Shape& shape) {
  std::string text = "(";
  for (std::int64_t dim : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(dim);
  return text + (shape.rank() == 1 ? ",)" : ")");
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Spec& spec) { return out << spec.dtype << spec.shape; }

Array::Array() : shape_{0} {}

Array::Array(const Shape& shape, DType dtype) : shape_(shape), dtype_(dtype) {
  require_countable(shape, dtype);
  data_ = allocate(nbytes());
}

Array::Array(Array&& other) noexcept
    : data_(std::move(other.data_)), shape_(std::exchange(other.shape_, Shape{0})), dtype_(other.dtype_) {}

Array& Array::operator=(Array&& other) & noexcept {
  data_ = std::move(other.data_);
  dtype_ = other.dtype_;
  if (this != &other) shape_ = std::exchange(other.shape_, Shape{0});
  return *this;
}

Array Array::borrow(void* data, const Spec& spec) {
  require_countable(spec.shape, spec.dtype);
  return Array(std::shared_ptr<std::byte[]>(std::shared_ptr<std::byte[]>(), static_cast<std::byte*>(data)), spec.shape,
               spec.dtype);
}

void Array::require_dtype(DType wanted) const {
  require<TypeError>(dtype_ == wanted, "an array of ", dtype_, " was accessed as ", wanted,
                     "; convert it with astype()");
}

Array Array::from(std::int64_t element, const Shape& shape) const {
  std::byte* first = data_ ? data_.get() + static_cast<std::size_t>(element) * size_of(dtype_) : nullptr;
  return Array(std::shared_ptr<std::byte[]>(data_, first), shape, dtype_);
}

Array Array::copy() const {
  Array out(spec());
  if (nbytes()) std::memcpy(out.bytes(), bytes(), nbytes());
  return out;
}

Array Array::astype(DType dtype) const {
  if (dtype == dtype_) return *this;
  Array out(shape_, dtype);
  const std::int64_t n = size();
  visit(dtype_, [&](auto from) {
    visit(dtype, [&](auto to) {
      using From = decltype(from);
      using To = decltype(to);
      const From* x = reinterpret_cast<const From*>(bytes());
      To* y = reinterpret_cast<To*>(out.bytes());
      for (std::int64_t i = 0; i < n; ++i) y[i] = internal::convert<To>(x[i]);
    });
  });
  return out;
}

Array Array::reshape(const Shape& wanted) const {
  Shape shape = wanted;
  int open = -1;
  std::int64_t known = 1;
  for (int i = 0; i < shape.rank(); ++i) {
    if (shape[i] == kUnknown) {
      require<ShapeError>(open < 0, "reshape: only one length can be -1, got ", asked(wanted));
      open = i;
    } else {
      require<ShapeError>(shape[i] >= 0, "reshape: negative length in ", asked(wanted));
      require<ShapeError>(!__builtin_mul_overflow(known, shape[i], &known), "reshape: shape ", asked(wanted),
                          " is too large");
    }
  }
  if (open >= 0 && known > 0 && size() % known == 0) shape[open] = size() / known, known = size();
  require<ShapeError>(wanted.is_set() && known == size() && (open < 0 || shape[open] >= 0),
                      "cannot reshape an array of shape ", shape_, " (", size(), " elements) into shape ",
                      asked(wanted));
  return from(0, shape);
}

Array Array::transpose(std::span<const int> axes) const {
  const int rank = ndim();
  require<ShapeError>(axes.empty() || static_cast<int>(axes.size()) == rank, "transpose: ", axes.size(),
                      " axes given for shape ", shape_);
  std::array<std::int64_t, Shape::kMaxRank> strides{}, step{}, index{};
  for (int i = rank - 1; i >= 0; --i) strides[i] = i == rank - 1 ? 1 : strides[i + 1] * shape_[i + 1];
  Shape shape = shape_;
  unsigned seen = 0;
  for (int i = 0; i < rank; ++i) {
    const int axis = axes.empty() ? rank - 1 - i : shape_.normalize(axes[i]);
    require<ShapeError>(!(seen >> axis & 1u), "transpose: axis ", axis, " is repeated");
    seen |= 1u << axis;
    shape[i] = shape_[axis];
    step[i] = strides[axis];
  }
  Array out(shape, dtype_);
  const std::size_t width = size_of(dtype_);
  const std::int64_t last = rank ? shape[rank - 1] : 1, last_step = rank ? step[rank - 1] : 0;
  std::int64_t from = 0;
  std::byte* to = out.bytes();
  for (std::int64_t left = out.size(); left > 0; left -= last) {
    internal::visit_width(width, [&](auto word) {
      using Word = decltype(word);
      const Word* x = reinterpret_cast<const Word*>(bytes()) + from;
      Word* y = reinterpret_cast<Word*>(to);
      for (std::int64_t i = 0; i < last; ++i) y[i] = x[i * last_step];
    });
    to += static_cast<std::size_t>(last) * width;
    for (int i = rank - 2; i >= 0; --i) {
      from += step[i];
      if (++index[i] < shape[i]) break;
      from -= step[i] * shape[i];
      index[i] = 0;
    }
  }
  return out;
}

}  // namespace cornu::graph

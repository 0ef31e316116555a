#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "cornu/graph/array/array_view.h"
#include "cornu/graph/array/internal/convert.h"
#include "cornu/graph/array/internal/runs.h"

namespace cornu::graph {

using internal::copy_bytes;
using internal::Runs;

// Which runs of the source's elements a selection consists of: its numbers along the middle one of three axes.
struct Array::Selection::Origin {
  Array source;
  Runs runs;
  std::int64_t count;
  std::int64_t start = 0, step = 1;
  std::vector<std::int64_t> numbers;  // instead of start and step, unless empty

  // Calls f(first byte in the source, first byte in the selection, bytes) for each run.
  template <class F>
  void each(F f) const {
    const std::size_t bytes = static_cast<std::size_t>(runs.inner) * size_of(source.dtype());
    std::size_t to = 0;
    for (std::int64_t o = 0; o < runs.outer; ++o)
      for (std::int64_t k = 0; k < count; ++k, to += bytes) {
        const std::int64_t number = numbers.empty() ? start + k * step : numbers[static_cast<std::size_t>(k)];
        f(static_cast<std::size_t>(o * runs.length + number) * bytes, to, bytes);
      }
  }
};

namespace {

std::int64_t required(std::int64_t i, std::int64_t length, const Shape& shape) {
  require<ValueError>(i >= -length && i < length, "index ", i, " is out of bounds for shape ", shape);
  return i < 0 ? i + length : i;
}

std::vector<std::int64_t> places_of(const Array& mask) {
  std::vector<std::int64_t> places;
  const bool* holds = mask.data<bool>();
  for (std::int64_t i = 0, n = mask.size(); i < n; ++i)
    if (holds[i]) places.push_back(i);
  return places;
}

std::vector<std::int64_t> row_numbers(const Array& index, const Shape& shape) {
  const Array wide = index.astype(DType::int64);
  std::vector<std::int64_t> numbers;
  numbers.reserve(static_cast<std::size_t>(wide.size()));
  for (std::int64_t i : wide.span<std::int64_t>()) numbers.push_back(required(i, shape.front(), shape));
  return numbers;
}

Shape joined(const Shape& a, const Shape& b) {
  Shape shape = a;
  for (std::int64_t dim : b) shape = shape.append(dim);
  return shape;
}

}  // namespace

Array::View Array::view(std::int64_t element, const Shape& shape) const {
  Array a = from(element, shape);
  return View(std::move(a.data_), shape, dtype_);
}

Array::View Array::row(std::int64_t i) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be indexed");
  const Shape inner = shape_.drop_front();
  return view(required(i, rows(), shape_) * inner.elements(), inner);
}

Array::View Array::at(std::span<const std::int64_t> index) const {
  require<ValueError>(static_cast<int>(index.size()) <= ndim(), index.size(), " indices for shape ", shape_);
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const std::int64_t length = shape_[static_cast<int>(i)];
    offset = offset * length + required(index[i], length, shape_);
  }
  const Shape inner = shape_.drop_front(static_cast<int>(index.size()));
  return view(offset * inner.elements(), inner);
}

std::int64_t Array::offset_of(std::span<const std::int64_t> index) const {
  require<ValueError>(static_cast<int>(index.size()) == ndim(), "an element of shape ", shape_, " has ", ndim(),
                      " indices, got ", index.size());
  std::int64_t offset = 0;
  for (int i = 0; i < ndim(); ++i)
    offset = offset * shape_[i] + required(index[static_cast<std::size_t>(i)], shape_[i], shape_);
  return offset;
}

Array::View Array::slice(std::int64_t start, std::int64_t stop) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be sliced");
  const std::int64_t n = rows();
  start = std::clamp(start < 0 ? start + n : start, std::int64_t{0}, n);
  stop = std::clamp(stop < 0 ? stop + n : stop, start, n);
  return view(start * shape_.drop_front().elements(), shape_.with(0, stop - start));
}

Array::Selection Array::slice(std::int64_t start, std::int64_t stop, std::int64_t step, int axis) const {
  require<ValueError>(ndim() > 0, "a scalar array cannot be sliced");
  require<ValueError>(step != 0, "slice: step must not be 0");
  axis = shape_.normalize(axis);
  if (axis == 0 && step == 1) return Selection(slice(start, stop));
  const std::int64_t n = shape_[axis], lowest = step > 0 ? 0 : -1, highest = step > 0 ? n : n - 1;
  start = std::clamp(start < 0 ? start + n : start, lowest, highest);
  stop = std::clamp(stop < 0 ? stop + n : stop, lowest, highest);
  const std::int64_t distance = step > 0 ? stop - start : start - stop;
  // Dividing by -step would overflow for the smallest number.
  const std::int64_t count = distance <= 0 ? 0 : 1 + (step > 0 ? (distance - 1) / step : -((distance - 1) / step));
  return {Selection::Origin{*this, Runs(shape_, axis), count, start, step, {}}, shape_.with(axis, count)};
}

Array::Selection Array::operator[](const Array& index) const {
  if (index.dtype() == DType::bool_) {
    bool fits = index.ndim() <= ndim();
    for (int i = 0; fits && i < index.ndim(); ++i) fits = index.shape()[i] == shape_[i];
    require<ShapeError>(fits, "a mask of shape ", index.shape(), " does not fit an array of shape ", shape_);
    std::vector<std::int64_t> places = places_of(index);
    const auto count = static_cast<std::int64_t>(places.size());
    const Shape inner = shape_.drop_front(index.ndim());
    const Runs runs(Shape{index.size(), inner.elements()}, 0);
    return {Selection::Origin{*this, runs, count, 0, 1, std::move(places)}, inner.prepend(count)};
  }
  require<TypeError>(is_integer(index.dtype()), "an index is an array of integers or bools, got ", index.dtype());
  require<ValueError>(ndim() > 0, "a scalar array cannot be indexed");
  const Runs runs(shape_, 0);
  return {Selection::Origin{*this, runs, index.size(), 0, 1, row_numbers(index, shape_)},
          joined(index.shape(), shape_.drop_front())};
}

Array Array::take(std::span<const std::int64_t> rows) const {
  require<ValueError>(ndim() > 0, "take: a scalar array has no rows");
  Array out(shape_.with(0, static_cast<std::int64_t>(rows.size())), dtype_);
  const std::size_t run = static_cast<std::size_t>(shape_.drop_front().elements()) * size_of(dtype_);
  const std::int64_t n = shape_[0];
  std::byte* to = out.bytes();
  for (std::int64_t row : rows) {
    require<ValueError>(row >= -n && row < n, "take: index ", row, " is out of bounds for shape ", shape_);
    copy_bytes(to, bytes() + static_cast<std::size_t>(row < 0 ? row + n : row) * run, run);
    to += run;
  }
  return out;
}

Array::Iterator Array::begin() const {
  require<ValueError>(ndim() > 0, "cannot iterate over a scalar array");
  return {*this, 0};
}
Array::Iterator Array::end() const { return {*this, rows()}; }

Array::Selection::Selection(Origin origin, const Shape& shape)
    : Array(shape, origin.source.dtype()), origin_(std::make_shared<Origin>(std::move(origin))) {
  const std::byte* source = origin_->source.bytes();
  origin_->each([&](std::size_t from, std::size_t to, std::size_t n) { copy_bytes(bytes() + to, source + from, n); });
}

Array Array::Selection::write(const Array& value) {
  if (&value != this) array().assign(value);
  if (!origin_) return *this;
  std::byte* source = origin_->source.bytes();
  origin_->each([&](std::size_t to, std::size_t from, std::size_t n) { copy_bytes(source + to, bytes() + from, n); });
  return *this;
}

const Array::Selection Array::Selection::at(std::span<const std::int64_t> index) const {
  return Selection(Array::at(index));
}
const Array::Selection Array::Selection::at(std::initializer_list<std::int64_t> index) const {
  return Selection(Array::at(index));
}
const Array::Selection Array::Selection::slice(std::int64_t start, std::int64_t stop) const {
  return Selection(Array::slice(start, stop));
}
const Array::Selection Array::Selection::slice(std::int64_t start, std::int64_t stop, std::int64_t step,
                                               int axis) const {
  return Selection(Array::slice(start, stop, step, axis));
}
Array::Selection::Iterator Array::Selection::begin() const {
  require<ValueError>(ndim() > 0, "cannot iterate over a scalar array");
  return {*this, 0};
}
Array::Selection::Iterator Array::Selection::end() const { return {*this, rows()}; }

}  // namespace cornu::graph

#include "cornu/keras/operations/get_item.h"

#include <algorithm>
#include <limits>

#include "cornu/graph/array/array_make.h"
#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/operations/internal/key.h"
#include "cornu/keras/operations/operation.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu {
namespace ops {

using graph::require;
using graph::ShapeError;
using graph::ValueError;

IndexItem IndexItem::slice(std::optional<std::int64_t> start, std::optional<std::int64_t> stop,
                           std::optional<std::int64_t> step) {
  IndexItem item(0);
  item.kind = Kind::slice, item.start = start, item.stop = stop, item.step = step;
  return item;
}
IndexItem IndexItem::new_axis() {
  IndexItem item(0);
  item.kind = Kind::new_axis;
  return item;
}
IndexItem IndexItem::ellipsis() {
  IndexItem item(0);
  item.kind = Kind::ellipsis;
  return item;
}

namespace {

// Python's slice.indices.
Tensor sliced(const Tensor& x, int axis, const IndexItem& item) {
  const std::int64_t length = x.shape()[axis], step = item.step.value_or(1);
  require<ValueError>(step != 0, "get_item: a slice needs a step other than 0");
  const std::int64_t lowest = step < 0 ? -1 : 0, highest = step < 0 ? length - 1 : length;
  const auto bound = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
    if (!given) return otherwise;
    return std::clamp(*given < 0 ? *given + length : *given, lowest, highest);
  };
  const std::int64_t start = bound(item.start, step < 0 ? highest : lowest),
                     stop = bound(item.stop, step < 0 ? lowest : highest);
  if (step == 1) {
    if (start == 0 && stop == length) return x;
    return ops::slice(x, axis, start, std::max(start, stop));
  }
  std::vector<std::int64_t> places;
  for (std::int64_t at = start; step > 0 ? at < stop : at > stop; at += step) places.push_back(at);
  require<ShapeError>(!places.empty(), "get_item: a slice of an axis of length ", length, " is empty");
  return ops::take(x, graph::constant(graph::Array(places)), axis);
}

Tensor numbered(const Tensor& x, int axis, std::int64_t number) {
  const std::int64_t length = x.shape()[axis], at = number < 0 ? number + length : number;
  require<ShapeError>(at >= 0 && at < length, "get_item: index ", number, " is out of bounds for axis ", axis,
                      " with length ", length);
  return ops::squeeze(ops::slice(x, axis, at, at + 1), axis);
}

}  // namespace

Tensor get_item(const Tensor& x, const std::vector<IndexItem>& key) {
  using Kind = IndexItem::Kind;
  const auto count = [&](auto&& is) { return std::count_if(key.begin(), key.end(), is); };
  const auto taken = static_cast<int>(
      count([](const IndexItem& item) { return item.kind == Kind::number || item.kind == Kind::slice; }));
  require<ValueError>(count([](const IndexItem& item) { return item.kind == Kind::ellipsis; }) <= 1,
                      "get_item: an index has one ellipsis at most");
  require<ShapeError>(taken <= x.ndim(), "get_item: ", taken, " indices for a tensor of shape ", x.shape());
  Tensor y = x;
  int axis = 0;
  for (const IndexItem& item : key) switch (item.kind) {
      case Kind::number:
        y = numbered(y, axis, *item.start);
        break;
      case Kind::slice:
        y = sliced(y, axis++, item);
        break;
      case Kind::new_axis:
        y = ops::expand_dims(y, axis++);
        break;
      case Kind::ellipsis:
        axis += x.ndim() - taken;
        break;
    }
  return y;
}

keras::KerasTensor get_item(const keras::KerasTensor& x, const std::vector<IndexItem>& key) {
  namespace operations = keras::operations;
  return operations::apply("GetItem", {{"x", x}, {"key", operations::Literal(operations::internal::numbers_of(key))}});
}

}  // namespace ops

namespace keras::operations {
namespace internal {

using ops::IndexItem;

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();

std::vector<std::int64_t> numbers_of(const std::vector<IndexItem>& key) {
  std::vector<std::int64_t> numbers;
  for (const IndexItem& item : key) {
    numbers.push_back(static_cast<std::int64_t>(item.kind));
    for (const auto& part : {item.start, item.stop, item.step}) numbers.push_back(part.value_or(kNone));
  }
  return numbers;
}

std::vector<IndexItem> key_of(const std::vector<std::int64_t>& numbers) {
  graph::require<graph::ValueError>(numbers.size() % 4 == 0, "get_item: expected an index");
  std::vector<IndexItem> key;
  for (std::size_t i = 0; i < numbers.size(); i += 4) {
    const auto part = [&](std::size_t k) {
      return numbers[i + k] == kNone ? std::nullopt : std::optional(numbers[i + k]);
    };
    IndexItem item = IndexItem::slice(part(1), part(2), part(3));
    graph::require<graph::ValueError>(numbers[i] >= 0 && numbers[i] <= 3 && (numbers[i] != 0 || item.start),
                                      "get_item: expected an index");
    item.kind = static_cast<IndexItem::Kind>(numbers[i]);
    key.push_back(item);
  }
  return key;
}

}  // namespace internal

namespace {

const bool get_item_registered = add(
    {.class_name = "GetItem",
     .module = kNumpy,
     .parameters = {"x", "key"},
     .keras2 = "__operators__.getitem",
     .keras2_names = {"x", "slice_spec"},
     .key = "key",
     .compute = [](const Arguments& a) { return ops::get_item(a.tensor("x"), internal::key_of(a.integers("key"))); }});

}  // namespace
}  // namespace keras::operations
}  // namespace cornu

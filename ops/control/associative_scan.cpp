#include "cornu/ops/control/associative_scan.h"

#include "cornu/graph/check.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::ops {
namespace {

using graph::require;

/// Running results along an axis of `length` places.
class Running {
 public:
  using Function = std::function<Tensors(const Tensors& a, const Tensors& b)>;
  Running(const Function& f, std::vector<int> axes) : f_(f), axes_(std::move(axes)) {}

  // Results of pairs of neighbours are every second result of all; the others take one more step each (Blelloch,
  // "Prefix sums and their applications", 1990).
  Tensors of(const Tensors& x, std::int64_t length) const {
    if (length < 2) return x;
    const std::int64_t pairs = length / 2, evens = length - pairs;
    const Tensors odd = of(combined(every_second(x, 0, pairs), every_second(x, 1, pairs)), pairs);
    const Tensors first = part(x, 0, 1);
    Tensors even = first;
    if (evens > 1) {
      const Tensors later = combined(part(odd, 0, evens - 1), every_second(part(x, 2, length), 0, evens - 1));
      for (std::size_t i = 0; i < x.size(); ++i) even[i] = concatenate({first[i], later[i]}, axes_[i]);
    }
    Tensors all;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int axis = axes_[i];
      const auto apart = [&](const Tensor& t) { return expand_dims(t, axis + 1); };
      const Tensor whole = concatenate({apart(slice(even[i], axis, 0, pairs)), apart(odd[i])}, axis + 1);
      Tensor joined = reshape(whole, x[i].shape().with(axis, 2 * pairs));
      if (evens > pairs) joined = concatenate({joined, slice(even[i], axis, pairs, evens)}, axis);
      all.push_back(joined);
    }
    return all;
  }

 private:
  Tensors part(const Tensors& x, std::int64_t begin, std::int64_t end) const {
    Tensors list;
    for (std::size_t i = 0; i < x.size(); ++i) list.push_back(slice(x[i], axes_[i], begin, end));
    return list;
  }
  // `count` places, each the first or second of two; a place that has no second one stands at the end alone.
  Tensors every_second(const Tensors& x, std::int64_t which, std::int64_t count) const {
    Tensors list;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const int axis = axes_[i];
      Tensor padded = x[i];
      const std::int64_t length = padded.shape()[axis];
      if (length < 2 * count) padded = pad(padded, axis, 0, 2 * count - length);
      if (length > 2 * count) padded = slice(padded, axis, 0, 2 * count);
      const Tensor two = reshape(padded, padded.shape().with(axis, count).insert(axis + 1, 2));
      list.push_back(squeeze(slice(two, axis + 1, which, which + 1), axis + 1));
    }
    return list;
  }
  Tensors combined(const Tensors& a, const Tensors& b) const {
    Tensors made = f_(a, b);
    require<ShapeError>(made.size() == a.size(), "associative_scan: f must give ", a.size(), " tensors, got ",
                        made.size());
    for (std::size_t i = 0; i < a.size(); ++i)
      require<ShapeError>(made[i].defined() && made[i].spec() == a[i].spec(), "associative_scan: f must give element ",
                          i, " as it got it, ", a[i], ", got ", made[i]);
    return made;
  }

  const Function& f_;
  std::vector<int> axes_;
};

}  // namespace

Tensors associative_scan(const std::function<Tensors(const Tensors& a, const Tensors& b)>& f, const Tensors& elems,
                         const AssociativeScanConfig& config) {
  require<ValueError>(!elems.empty(), "associative_scan: expected at least one element");
  std::vector<int> axes;
  std::int64_t length = -1;
  for (std::size_t i = 0; i < elems.size(); ++i) {
    require<ValueError>(elems[i].defined(), "associative_scan: element ", i, " is an undefined tensor");
    axes.push_back(internal::normalize("associative_scan", config.axis, elems[i].shape()));
    const std::int64_t found = elems[i].shape()[axes.back()];
    require<ShapeError>(i == 0 || found == length, "associative_scan: element ", i, " has length ", found,
                        " along axis ", config.axis, ", expected ", length);
    length = found;
  }
  const auto turned = [&](Tensors list) {
    for (std::size_t i = 0; config.reverse && i < list.size(); ++i) list[i] = flip(list[i], axes[i]);
    return list;
  };
  return turned(Running(f, axes).of(turned(elems), length));
}

}  // namespace cornu::ops

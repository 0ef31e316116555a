#include "cornu/ops/composite/tensordot.h"

#include <numeric>
#include <string>

#include "cornu/graph/op.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/einsum.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::ops {
namespace {

using graph::require;

// Along pairs of axes; errors begin with the op's name.
Tensor summed_along(std::string_view op, const Tensor& a, const Tensor& b, const std::vector<int>& axes_a,
                    const std::vector<int>& axes_b) {
  require<ShapeError>(axes_a.size() == axes_b.size(), op, ": expected as many axes of one tensor as of the other, got ",
                      axes_a.size(), " and ", axes_b.size());
  std::string left(a.shape().size(), ' '), right(b.shape().size(), ' '), result;
  for (std::size_t i = 0; i < axes_a.size(); ++i) {
    const int of_a = internal::normalize(op, axes_a[i], a.shape()),
              of_b = internal::normalize(op, axes_b[i], b.shape());
    require<ShapeError>(a.shape()[of_a] == b.shape()[of_b], op, ": axis ", of_a, " of shape ", a.shape(), " and axis ",
                        of_b, " of shape ", b.shape(), " differ in length");
    char &one = left[static_cast<std::size_t>(of_a)], &other = right[static_cast<std::size_t>(of_b)];
    require<ShapeError>(one == ' ' && other == ' ', op, ": an axis is named twice");
    one = other = static_cast<char>('A' + i);
  }
  char next = 'a';
  for (std::string* labels : {&left, &right})
    for (char& label : *labels)
      if (label == ' ') result += label = next++;
  require<ShapeError>(result.size() <= static_cast<std::size_t>(Shape::kMaxRank), op, ": the product of shapes ",
                      a.shape(), " and ", b.shape(), " has ", result.size(), " axes, at most ", Shape::kMaxRank,
                      " are supported");
  return einsum(left + "," + right + "->" + result, a, b);
}

Tensor flat(const Tensor& x) { return reshape(x, {x.shape().elements()}); }

}  // namespace

Tensor tensordot(const Tensor& a, const Tensor& b, int axes) {
  require<ShapeError>(axes >= 0 && axes <= a.ndim() && axes <= b.ndim(), "tensordot: cannot sum along ", axes,
                      " axes of shapes ", a.shape(), " and ", b.shape());
  std::vector<int> of_a(static_cast<std::size_t>(axes)), of_b(of_a);
  std::iota(of_a.begin(), of_a.end(), a.ndim() - axes);
  std::iota(of_b.begin(), of_b.end(), 0);
  return summed_along("tensordot", a, b, of_a, of_b);
}

Tensor tensordot(const Tensor& a, const Tensor& b, const std::vector<int>& axes_a, const std::vector<int>& axes_b) {
  return summed_along("tensordot", a, b, axes_a, axes_b);
}

Tensor dot(const Tensor& a, const Tensor& b) {
  if (a.ndim() == 0 || b.ndim() == 0) return multiply(a, b);
  return summed_along("dot", a, b, {-1}, {b.ndim() == 1 ? 0 : -2});
}

Tensor inner(const Tensor& a, const Tensor& b) {
  if (a.ndim() == 0 || b.ndim() == 0) return multiply(a, b);
  return summed_along("inner", a, b, {-1}, {-1});
}

Tensor vdot(const Tensor& a, const Tensor& b) { return summed_along("vdot", flat(a), flat(b), {0}, {0}); }

Tensor outer(const Tensor& a, const Tensor& b) {
  return multiply(reshape(a, {a.shape().elements(), 1}), reshape(b, {1, b.shape().elements()}));
}

}  // namespace cornu::ops

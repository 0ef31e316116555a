// Products of matrices.
#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/einsum.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::onnx {
namespace {

// Whole numbers are multiplied and added up, which no primitive does.
Tensor whole_product(const Tensor& a, const Tensor& b) {
  const Tensor left = ops::expand_dims(a, -1), right = ops::expand_dims(b, -3);
  return ops::cast(ops::sum(left * right, -2), a.dtype());
}

const bool matmul_read = add_import("MatMul", [](ImportCall& c) -> Tensors {
  const Tensor a = c.in(0), b = c.in(1);
  if (graph::is_floating(a.dtype()) || a.ndim() < 2 || b.ndim() < 2) return {ops::matmul(a, b)};
  return {whole_product(a, b)};
});

const bool gemm_read = add_import("Gemm", [](ImportCall& c) -> Tensors {
  const bool transpose_a = c.flag("transA", false), transpose_b = c.flag("transB", false);
  const double alpha = c.number("alpha", 1), beta = c.number("beta", 1);
  Tensor y = ops::matmul(c.in(0), c.in(1), {.transpose_a = transpose_a, .transpose_b = transpose_b});
  if (alpha != 1) y = y * alpha;
  if (c.has(2)) y = y + (beta == 1 ? c.in(2) : c.in(2) * beta);
  return {y};
});

const bool einsum_read = add_import("Einsum", [](ImportCall& c) -> Tensors {
  std::string equation = c.text("equation", "");
  std::erase(equation, ' ');
  return {ops::einsum(equation, c.all_inputs())};
});

// By minors.
const bool det_read = add_import("Det", [](ImportCall& c) -> Tensors {
  const Tensor x = c.in();
  const std::int64_t n = x.shape().back();
  if (x.ndim() < 2 || n != x.shape()[x.ndim() - 2] || n < 1 || n > 3)
    c.refuse(graph::message("expected square matrices of at most three rows, got shape ", x.shape()));
  const auto at = [&](std::int64_t i, std::int64_t j) {
    return ops::squeeze(ops::slice(ops::slice(x, -2, i, i + 1), -1, j, j + 1),
                        std::vector<int>{x.ndim() - 2, x.ndim() - 1});
  };
  if (n == 1) return {at(0, 0)};
  const auto minor = [&](std::int64_t i, std::int64_t j, std::int64_t a, std::int64_t b) {
    return at(i, a) * at(j, b) - at(i, b) * at(j, a);
  };
  if (n == 2) return {minor(0, 1, 0, 1)};
  return {at(0, 0) * minor(1, 2, 1, 2) - at(0, 1) * minor(1, 2, 0, 2) + at(0, 2) * minor(1, 2, 0, 1)};
});

}  // namespace
}  // namespace cornu::keras::onnx

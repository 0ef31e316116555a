#include "cornu/autodiff/products.h"

#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"

namespace cornu::autodiff {
namespace {

using graph::require;
using graph::Shape;

// The gradients whose product with the vectors is differentiated: texts should speak of the caller's vectors, not of
// cotangents.
void check_vectors(const char* who, const char* what, const Tensors& grads, const Tensors& vectors) {
  require<ValueError>(grads.size() == vectors.size(), who, ": needs one ", what, " for each of the ", grads.size(),
                      " differentiated by, got ", vectors.size());
  for (std::size_t i = 0; i < grads.size(); ++i) {
    require<ValueError>(vectors[i].defined(), who, ": ", what, " ", i, " is an undefined tensor");
    require<ShapeError>(vectors[i].shape() == grads[i].shape(), who, ": ", what, " ", i, " must have shape ",
                        grads[i].shape(), ", got ", vectors[i].shape());
    require<TypeError>(vectors[i].dtype() == grads[i].dtype(), who, ": ", what, " ", i, " must be ", grads[i].dtype(),
                       ", got ", vectors[i].dtype());
  }
}

}  // namespace

Tensors vjp(const Tensor& output, const std::vector<Wrt>& wrt, const Tensor& cotangent) {
  return gradients(Tensors{output}, Tensors{cotangent}, wrt);
}

Tensors vjp(const Tensors& outputs, const std::vector<Wrt>& wrt, const Tensors& cotangents) {
  return gradients(outputs, cotangents, wrt);
}

Tensor jvp(const Tensor& output, const std::vector<Wrt>& wrt, const Tensors& tangents) {
  return jvp(Tensors{output}, wrt, tangents)[0];
}

Tensors jvp(const Tensors& outputs, const std::vector<Wrt>& wrt, const Tensors& tangents) {
  Tensors cotangents;  // nodes of their own to differentiate by; the result does not depend on their numbers
  for (const Tensor& output : outputs) cotangents.push_back(ops::full(output.shape(), 0, output.dtype()));
  const Tensors grads = gradients(outputs, cotangents, wrt);
  check_vectors("jvp", "tangent", grads, tangents);
  return gradients(grads, tangents, std::vector<Wrt>(cotangents.begin(), cotangents.end()));
}

Tensor jacobian(const Tensor& output, const Wrt& wrt) {
  const graph::Spec of = output.spec(), by = wrt.variable().defined() ? wrt.variable().spec() : wrt.tensor().spec();
  std::vector<std::int64_t> dims(of.shape.begin(), of.shape.end());
  dims.insert(dims.end(), by.shape.begin(), by.shape.end());
  const Shape shape(dims), row(std::vector<std::int64_t>{1, by.shape.elements()});

  const std::int64_t n = of.shape.elements();
  if (shape.elements() == 0) return ops::full(shape, 0, by.dtype);
  Tensors rows;
  for (std::int64_t i = 0; i < n; ++i) {
    const Tensor cotangent = ops::cast(ops::one_hot(graph::Array::scalar(i), n), of.dtype);
    rows.push_back(ops::reshape(vjp(output, {wrt}, ops::reshape(cotangent, of.shape))[0], row));
  }
  return ops::reshape(rows.size() == 1 ? rows[0] : ops::concatenate(rows, 0), shape);
}

Tensors hessian_vector_product(const Tensor& loss, const std::vector<Wrt>& wrt, const Tensors& vectors) {
  const Tensors grads = gradients(loss, wrt);
  check_vectors("hessian_vector_product", "vector", grads, vectors);
  return gradients(grads, vectors, wrt);
}

}  // namespace cornu::autodiff

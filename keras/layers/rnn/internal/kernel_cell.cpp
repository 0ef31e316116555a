#include "cornu/keras/layers/rnn/internal/kernel_cell.h"

#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers::internal {

using graph::require;

bool visit_implementation(int& implementation, ConfigVisitor& v) {
  std::optional<int> given;
  if (implementation != 2) given = implementation;
  v("implementation", given, {.until_keras3 = true, .unless_null = true});
  std::string consume_less;
  v("consume_less", consume_less, {.only_read = true});
  if (v.purpose() != ConfigVisitor::Purpose::read) return false;
  if (given) implementation = *given;
  return given.has_value() || !consume_less.empty();
}

void read_sequence_input(ConfigVisitor& v, Shape& input_shape) {
  std::optional<int> input_dim, input_length;
  v("input_dim", input_dim, {.only_read = true});
  v("input_length", input_length, {.only_read = true});
  if (input_dim && !input_shape.is_set()) input_shape = {input_length ? *input_length : graph::kUnknown, *input_dim};
}

Tensor dropout_mask(const Tensor& random_state, const Shape& shape, double rate, DType dtype) {
  if (rate == 1) return ops::full(shape, 0, dtype);
  return ops::where(kept(random_state, shape, rate), graph::constant(1 / (1 - rate), dtype), graph::constant(0, dtype));
}

Tensor MaskedProduct::operator()(const Tensor& x) const { return (*this)(x, 0, 1, 1); }

Tensor MaskedProduct::operator()(const Tensor& given, int first, int last, int parts) const {
  const Tensor x = ops::cast(given, kernel_.dtype());
  const auto columns = [&](std::int64_t from, std::int64_t to, std::int64_t of) {
    const std::int64_t all = kernel_.shape()[1];
    return from == 0 && to == of ? kernel_ : ops::slice(kernel_, 1, all / of * from, all / of * to);
  };
  if (masks_.empty()) return ops::matmul(x, columns(first, last, parts));
  if (masks_.size() == 1) return ops::matmul(x * masks_[0], columns(first, last, parts));
  const int all = static_cast<int>(masks_.size()), each = all / parts;
  Tensors products;
  for (int i = first * each; i < last * each; ++i)
    products.push_back(ops::matmul(x * masks_[static_cast<std::size_t>(i)], columns(i, i + 1, all)));
  return products.size() == 1 ? products[0] : ops::concatenate(products);
}

}  // namespace cornu::keras::layers::internal

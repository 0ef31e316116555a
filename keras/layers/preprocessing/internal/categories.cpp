#include "cornu/keras/layers/preprocessing/internal/categories.h"

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/one_hot.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers::internal {

using graph::require;
using graph::Tensor;
using graph::ValueError;

void require_output_mode(const std::string& who, const std::string& mode, std::initializer_list<const char*> known) {
  std::string list;
  for (const char* word : known) {
    if (mode == word) return;
    list += (list.empty() ? "'" : ", '") + std::string(word) + "'";
  }
  throw ValueError(graph::message(who, "expected an output_mode among ", list, ", got '", mode, "'"));
}

void require_dense(const std::string& who, bool sparse) {
  require<ValueError>(!sparse, who, "sparse = true is not supported: there are no sparse tensors");
}

Tensor encoded(const Tensor& given, const std::string& mode, std::int64_t categories, graph::DType dtype,
               const Tensor& weights) {
  if (mode == "int") return ops::cast(given, dtype);
  Tensor numbers = given.ndim() == 0 ? ops::reshape(given, {1}) : given;
  if (mode == "one_hot") {
    if (numbers.ndim() > 1 && numbers.shape().back() == 1) numbers = ops::squeeze(numbers, -1);
    return ops::cast(ops::one_hot(numbers, categories), dtype);
  }
  const int axis = numbers.ndim() > 1 ? 1 : 0;
  const Tensor ones = ops::one_hot(numbers, categories);
  if (mode == "multi_hot") return ops::cast(ops::max(ones, axis), dtype);
  if (!weights.defined()) return ops::cast(ops::sum(ones, axis), dtype);
  const Tensor none = graph::constant(0, graph::float32), each = ops::reshape(weights, numbers.shape().append(1));
  return ops::cast(ops::sum(ops::where(ops::greater(ones, none), ops::cast(each, graph::float32), none), axis), dtype);
}

}  // namespace cornu::keras::layers::internal

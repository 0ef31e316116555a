// What a program may write that uses all namespaces at once: every function that is there for arrays and for tensors
// alike is called on both, and takes what it was given.
#include <gtest/gtest.h>

#include "cornu/cornu.h"

using namespace cornu;
using namespace cornu::ops;
using namespace cornu::keras;

namespace {

// Fails to compile unless the call is one and gives that type.
template <class Wanted, class Got>
void gives(const Got&) {
  static_assert(std::is_same_v<Got, Wanted>);
}

const Array array_x{{0.25f, 0.5f}, {1.f, 2.f}};
const Array mask = array_x > 0.4;

TEST(UsingNamespaces, FunctionsOfArrays) {
  const Array& x = array_x;
  gives<Array>(abs(x)), gives<Array>(sqrt(x)), gives<Array>(exp(x)), gives<Array>(log(x)), gives<Array>(round(x));
  gives<Array>(clip(x, 0, 1)), gives<Array>(clip(x, 0.0, 1.0)), gives<Array>(clip(x, x, x));
  gives<Array>(power(x, 2)), gives<Array>(power(x, 2.0)), gives<Array>(power(x, x)), gives<Array>(power(2, x));
  gives<Array>(maximum(x, x)), gives<Array>(minimum(x, x)), gives<Array>(maximum(x, 0)), gives<Array>(minimum(1.0, x));
  gives<Array>(where(mask, x, x)), gives<Array>(where(mask, x, 0)), gives<Array>(where(mask, 1.0, 0.0));
  gives<Array>(sum(x)), gives<Array>(sum(x, 0)), gives<Array>(sum(x, 0, keepdims)), gives<Array>(sum(x, {0, 1}));
  gives<Array>(mean(x)), gives<Array>(mean(x, 0)), gives<Array>(mean(x, 0, keepdims)), gives<Array>(mean(x, {0, 1}));
  gives<Array>(max(x)), gives<Array>(max(x, 0)), gives<Array>(max(x, 0, keepdims)), gives<Array>(max(x, {0, 1}));
  gives<Array>(min(x)), gives<Array>(min(x, 0)), gives<Array>(min(x, 0, keepdims)), gives<Array>(min(x, {0, 1}));
  gives<Array>(argmax(x)), gives<Array>(argmax(x, 1)), gives<Array>(argmin(x)), gives<Array>(argmin(x, 1));
  gives<Array>(matmul(x, x)), gives<Array>(sort(x)), gives<Array>(sort(x, 0)), gives<Array>(argsort(x));
  gives<Array>(cumsum(x)), gives<Array>(cumsum(x, 0)), gives<Array>(expand_dims(x, 0));
  gives<Array>(squeeze(expand_dims(x, 0), 0)), gives<Array>(concatenate({x, x})), gives<Array>(concatenate({x, x}, 1));
  gives<Array>(concatenate(std::vector<Array>{x, x})), gives<Array>(stack({x, x})), gives<Histogram>(histogram(x));
  gives<Array>(full({2, 3}, 0.5)), gives<Array>(full({2, 3}, 1, int32)), gives<Array>(full(x.shape(), 0));
  // parts of arrays are arrays
  gives<Array>(exp(x[0])), gives<Array>(power(x[0], 2)), gives<Array>(maximum(x.slice(0, 2, 2), 0)),
      gives<Array>(maximum(x[x > 0], 0));
  gives<Array>(where(x[0] > 0, x[0], 0)), gives<Array>(sum(x[0], 0)), gives<Array>(concatenate({x[0], x[1]}));
  EXPECT_TRUE(array_equal(full({2}, 3), Array{3.f, 3.f}));
  gives<Array>(isnan(x)), gives<Array>(isinf(x)), gives<Array>(isfinite(x)), gives<Array>(round(x, 1));
  gives<Array>(prod(x)), gives<Array>(prod(x, 0)), gives<Array>(prod(x, {0, 1})), gives<Array>(prod(x, 0, keepdims));
  gives<Array>(var(x)), gives<Array>(var(x, 0)), gives<Array>(var(x, {0, 1})), gives<Array>(var(x, {.ddof = 1}));
  gives<Array>(any(x)), gives<Array>(any(x, 0)), gives<Array>(all(x)), gives<Array>(all(x, {0, 1}));
  gives<Array>(cornu::std(x, 0, {.ddof = 1}));
  // without a namesake among the ops
  gives<Array>(unique(x));
  gives<Array>(zeros({2})), gives<Array>(ones({2})), gives<Array>(empty({2})), gives<Array>(eye(2));
  gives<Array>(arange(0, 3)), gives<Array>(linspace(0, 1, 3)), gives<Array>(squeeze(x));
}

TEST(UsingNamespaces, FunctionsOfTensors) {
  Function f([](const Tensor& x, const Tensor& condition) {
    gives<Tensor>(abs(x)), gives<Tensor>(sqrt(x)), gives<Tensor>(exp(x)), gives<Tensor>(log(x));
    gives<Tensor>(round(x)), gives<Tensor>(clip(x, 0, 1)), gives<Tensor>(power(x, 2)), gives<Tensor>(power(x, x));
    gives<Tensor>(maximum(x, x)), gives<Tensor>(minimum(x, x)), gives<Tensor>(where(condition, x, x));
    gives<Tensor>(sum(x)), gives<Tensor>(sum(x, 0)), gives<Tensor>(sum(x, 0, keepdims)), gives<Tensor>(sum(x, {0, 1}));
    gives<Tensor>(mean(x)), gives<Tensor>(mean(x, 0, keepdims)), gives<Tensor>(mean(x, {0, 1}));
    gives<Tensor>(max(x)), gives<Tensor>(max(x, 0, keepdims)), gives<Tensor>(max(x, {0, 1}));
    gives<Tensor>(min(x)), gives<Tensor>(min(x, 0, keepdims)), gives<Tensor>(min(x, {0, 1}));
    gives<Tensor>(argmax(x)), gives<Tensor>(argmin(x, 1)), gives<Tensor>(matmul(x, x)), gives<Tensor>(sort(x));
    gives<Tensor>(argsort(x)), gives<Tensor>(cumsum(x)), gives<Tensor>(expand_dims(x, 0));
    gives<Tensor>(squeeze(expand_dims(x, 0), 0)), gives<Tensor>(concatenate({x, x})), gives<Tensors>(histogram(x));
    gives<Tensor>(squeeze(x)), gives<Tensor>(expand_dims(x, {0, 1})), gives<Tensor>(stack({x, x})),
        gives<Tensors>(split(x, 2)), gives<Tensors>(split(x, {1})), gives<Tensor>(slice(x, 0, 0, 1)),
        gives<Tensor>(slice(x, {0, 0}, {1, 1})), gives<Tensor>(repeat(x, 2)), gives<Tensor>(repeat(x, {1, 2}, 0)),
        gives<Tensor>(roll(x, 1)), gives<Tensor>(tile(x, {2})), gives<Tensor>(flip(x)), gives<Tensor>(flip(x, {0, 1})),
        gives<Tensor>(einsum("ij->ji", x)), gives<Tensor>(einsum("ij,jk->ik", {x, x})), gives<Tensor>(dot(x, x)),
        gives<Tensor>(inner(x, x)), gives<Tensor>(outer(x, x)), gives<Tensor>(diagonal(x)), gives<Tensor>(trace(x));
    gives<Tensor>(isnan(x)), gives<Tensor>(isfinite(x)), gives<Tensor>(round(x, 1)), gives<Tensor>(clip(x, x, x));
    gives<Tensor>(prod(x)), gives<Tensor>(prod(x, 0)), gives<Tensor>(prod(x, {0, 1})), gives<Tensor>(var(x));
    gives<Tensor>(var(x, 0, keepdims)), gives<Tensor>(any(x)), gives<Tensor>(all(x, {0, 1})), gives<Tensor>(median(x));
    gives<Tensor>(argmax(x, 0, keepdims)), gives<Tensor>(cumsum(x, 0)), gives<Tensors>(top_k(x, 1));
    gives<Tensor>(norm(x, 2, 0)), gives<Tensor>(ops::std(x)), gives<Tensor>(log1p(x)), gives<Tensor>(hypot(x, x));
    // beside arrays
    gives<Tensor>(stack({x, array_x})), gives<Tensor>(einsum("ij,jk->ik", x, array_x)), gives<Tensor>(dot(array_x, x));
    gives<Tensor>(maximum(x, array_x)), gives<Tensor>(power(array_x, x)), gives<Tensor>(where(mask, x, array_x));
    gives<Tensor>(concatenate({x, array_x})), gives<Tensor>(matmul(array_x, x)), gives<Tensor>(x + array_x[0]);
    gives<Tensor>(ops::full({2, 2}, 0.5)), gives<Tensor>(ops::full(x.shape(), 1));
    return x * full({2, 2}, 2) + ops::full({2, 2}, 1);
  });
  EXPECT_TRUE(array_equal(f(array_x, mask), array_x * 2 + 1));
}

}  // namespace

#include "cornu/ops/internal/product.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/graph/variable.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "tests/support/float64.h"

namespace cornu::ops::internal {
namespace {

using graph::Array;
using graph::Function;
using graph::Shape;
using graph::Tensor;
using tests::uniform;

struct Case {
  std::int64_t m, k, n;
  bool transpose_a = false, transpose_b = false;
};

// Small ones for plain loops, few rows, sections by columns and by rows, chunks with a rest; operands whose rows are 2
// KB apart and have to be copied on some processors.
const Case kCases[] = {{1, 784, 512},
                       {3, 100, 77},
                       {4, 33, 130},
                       {2, 8, 1},
                       {5, 3, 2},
                       {32, 784, 512},
                       {37, 65, 129},
                       {256, 64, 10},
                       {200, 40, 300, false, true},
                       {300, 50, 270, true},
                       {10, 300, 20, true, true},
                       {1, 50, 60, false, true},
                       {700, 16, 512, true},
                       {130, 24, 512},
                       {512, 20, 130, true},
                       {512, 9, 512, true}};

std::vector<float> reference(const Case& c, const Array& a, const Array& b, const Array& bias) {
  std::vector<float> y(static_cast<std::size_t>(c.m * c.n));
  for (std::int64_t i = 0; i < c.m; ++i)
    for (std::int64_t j = 0; j < c.n; ++j) {
      double sum = bias.data<float>()[j];
      for (std::int64_t l = 0; l < c.k; ++l)
        sum += static_cast<double>(a.data<float>()[c.transpose_a ? l * c.m + i : i * c.k + l]) *
               b.data<float>()[c.transpose_b ? j * c.k + l : l * c.n + j];
      y[static_cast<std::size_t>(i * c.n + j)] = static_cast<float>(sum);
    }
  return y;
}

Array matrix(std::int64_t rows, std::int64_t columns, bool transposed, unsigned seed) {
  return uniform(transposed ? Shape{columns, rows} : Shape{rows, columns}, -1, 1, seed);
}

TEST(Product, EveryCutGivesTheNumbersOfThePlainSum) {
  for (const Case& c : kCases) {
    const Array a = matrix(c.m, c.k, c.transpose_a, 1), b = matrix(c.k, c.n, c.transpose_b, 2),
                bias = uniform({c.n}, -1, 1, 3), mask = uniform({c.m, c.n}, -1, 1, 4), row = uniform({c.n}, -1, 1, 5),
                column = uniform({c.m, 1}, -1, 1, 6);
    const auto want = reference(c, a, b, bias);
    for (const int threads : {1, 2, 3}) {
      const auto product = [&](const Tensor& x, const Tensor& w, const Tensor& t) {
        return matmul(x, w, {.transpose_a = c.transpose_a, .transpose_b = c.transpose_b}) + t;
      };
      const Function plain([&](const Tensor& x, const Tensor& w, const Tensor& t) { return product(x, w, t); },
                           {.threads = threads});
      const Function rectified(
          [&](const Tensor& x, const Tensor& w, const Tensor& t) { return relu(product(x, w, t)); },
          {.threads = threads});
      const Function everything([&](const Tensor& x, const Tensor& w, const Tensor& t, const Tensor& m, const Tensor& r,
                                    const Tensor& q) { return (product(x, w, t) * m + r) * q - 1; },
                                {.threads = threads});
      const Array y = plain(a, b, bias), z = rectified(a, b, bias), e = everything(a, b, bias, mask, row, column);
      for (std::int64_t i = 0; i < c.m * c.n; ++i) {
        const float v = want[static_cast<std::size_t>(i)],
                    bound = 1e-5f * static_cast<float>(std::sqrt(static_cast<double>(c.k)) + 1);
        ASSERT_NEAR(y.data<float>()[i], v, bound)
            << c.m << ' ' << c.k << ' ' << c.n << " at " << i << ", " << threads << " threads";
        ASSERT_NEAR(z.data<float>()[i], std::max(v, 0.f), bound) << c.m << ' ' << c.k << ' ' << c.n << " at " << i;
        const float more = (v * mask.data<float>()[i] + row.data<float>()[i % c.n]) * column.data<float>()[i / c.n] - 1;
        ASSERT_NEAR(e.data<float>()[i], more, bound) << c.m << ' ' << c.k << ' ' << c.n << " at " << i;
      }
    }
  }
}

TEST(Product, TheEpilogueUpdatesVariablesInPlace) {
  // w and a slot of it, updated by a gradient that is a product; and the gradient of the input, which needs the old w.
  for (const std::int64_t rows : {3, 64}) {
    const Array x = uniform({rows, 300}, -1, 1, 1), dy = uniform({rows, 200}, -1, 1, 2),
                start = uniform({300, 200}, -1, 1, 3);
    const auto step = [](const graph::Variable& w, const graph::Variable& slot) {
      return [w, slot](const Tensor& in, const Tensor& d) {
        const Tensor g = matmul(in, d, {.transpose_a = true}), v = Tensor(slot) * 0.9 + g * g * 0.1;
        return graph::Outputs(matmul(d, w, {.transpose_b = true}))
            .update(slot, v)
            .update(w, w - g * 0.01 / (ops::sqrt(v) + 1e-3));
      };
    };
    const graph::Variable w(start, "w"), slot(graph::zeros({300, 200}), "slot"), w_plain(start, "w"),
        slot_plain(graph::zeros({300, 200}), "slot");
    const Function fused(step(w, slot)), plain(step(w_plain, slot_plain), {.disable_passes = "all"});
    for (int i = 0; i < 3; ++i) {
      const Array dx = fused(x, dy), dx_plain = plain(x, dy);
      EXPECT_TRUE(allclose(dx, dx_plain, 1e-5, 1e-5));
    }
    EXPECT_TRUE(allclose(slot.value(), slot_plain.value(), 1e-5, 1e-6));
    EXPECT_TRUE(allclose(w.value(), w_plain.value(), 1e-4, 1e-5));
    const std::string text = fused.describe({x.spec(), dy.spec()});
    EXPECT_NE(text.find("epilogue="), std::string::npos) << text;
    EXPECT_EQ(text.find("copy"), std::string::npos) << "the update is not written in place:\n" << text;
  }
}

TEST(Product, TheBitsAreThoseOfThePartsWhoeverRunsThem) {
  const Array x = uniform({32, 400}, -1, 1, 1), w = uniform({400, 512}, -1, 1, 2);
  const Function f([](const Tensor& a, const Tensor& b) { return relu(matmul(a, b)) * 0.5; }, {.threads = 2});
  const Array alone = f(x, w);
  Array inside;
#pragma omp parallel num_threads(2)
#pragma omp master
  inside = f(x, w);  // in somebody's parallel region one thread does all parts
  EXPECT_TRUE(array_equal(alone, inside));
}

TEST(Product, OperandsThatMeetInTheCacheAreCopied) {
  const auto text = [](const Shape& a, const Shape& b, MatmulConfig config) {
    return Function([=](const Tensor& x, const Tensor& w) { return matmul(x, w, config); })
        .describe({{graph::float32, a}, {graph::float32, b}});
  };
  const auto copied = [](const std::string& plan) { return plan.find("+copy") != std::string::npos; };
  const bool packs = packs_operands();  // elsewhere nothing is copied
  EXPECT_EQ(copied(text({256, 784}, {784, 512}, {})), packs);
  EXPECT_EQ(copied(text({256, 512}, {256, 100}, {.transpose_a = true})), false) << "its copy is used too seldom";
  EXPECT_EQ(copied(text({256, 512}, {256, 300}, {.transpose_a = true})), packs);
  EXPECT_FALSE(copied(text({32, 784}, {784, 512}, {})));
  EXPECT_FALSE(copied(text({256, 784}, {784, 500}, {})));
  EXPECT_FALSE(copied(text({256, 512}, {512, 512}, {.transpose_b = true})));
}

TEST(Product, BFloat16GoesInAndOut) {
  const Array a = uniform({64, 128}, -1, 1, 1), b = uniform({128, 96}, -1, 1, 2);
  const auto f = [](const Tensor& x, const Tensor& w) {
    return relu(matmul(cast(x, graph::bfloat16), cast(w, graph::bfloat16)));
  };
  const Array got = Array(Function(f)(a, b)).astype(graph::float32),
              want = Array(Function(f, {.disable_passes = "all"})(a, b)).astype(graph::float32);
  EXPECT_TRUE(allclose(got, want, 1e-2, 1e-2));
}

}  // namespace
}  // namespace cornu::ops::internal

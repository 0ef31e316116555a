#include "cornu/autodiff/products.h"

#include <gtest/gtest.h>

#include "cornu/graph/array/random.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/reduction.h"
#include "cornu/ops/softmax.h"
#include "tests/autodiff/text_of.h"

namespace cornu::autodiff {
namespace {

using tests::text_of;

Tensor network(const Tensor& x, const Tensor& w) { return ops::softmax(ops::tanh(ops::matmul(x, w)) * 2); }

struct Products : testing::Test {
  random::Generator rng{5};
};
using Jacobian = Products;
using Vjp = Products;
using Jvp = Products;
using HessianVectorProduct = Products;

TEST_F(Jacobian, OfSoftmaxIsItsClosedForm) {
  Function f([](const Tensor& x) {
    const Tensor y = ops::softmax(x);
    return Outputs{y, jacobian(y, x)};
  });
  const auto [y, j] = f(Array{0.5f, -1.f, 2.f, 0.f}).get<2>();
  ASSERT_EQ(j.shape(), (Shape{4, 4}));
  for (int a = 0; a < 4; ++a)
    for (int b = 0; b < 4; ++b) {
      const float ya = y[a].item<float>(), yb = y[b].item<float>();
      EXPECT_NEAR(j[a][b].item<float>(), ya * (static_cast<float>(a == b) - yb), 1e-6) << a << ' ' << b;
    }
}

TEST_F(Jacobian, HasTheShapesOfBoth) {
  Function f([](const Tensor& x, const Tensor& w) {
    const Tensor y = ops::matmul(x, w);
    return Outputs{jacobian(y, x), jacobian(y, w), jacobian(ops::sum(y), w)};
  });
  const Array x = rng.normal({2, 3}), w = rng.normal({3, 4});
  const auto [jx, jw, js] = f(x, w).get<3>();
  ASSERT_EQ(jx.shape(), (Shape{2, 4, 2, 3}));
  ASSERT_EQ(jw.shape(), (Shape{2, 4, 3, 4}));
  ASSERT_EQ(js.shape(), (Shape{3, 4}));
  for (int r = 0; r < 2; ++r)  // y[r, c] = sum_k x[r, k] w[k, c]
    for (int c = 0; c < 4; ++c)
      for (int k = 0; k < 3; ++k) {
        for (int s = 0; s < 2; ++s) EXPECT_EQ(jx[r][c][s][k].item<float>(), r == s ? w[k][c].item<float>() : 0);
        for (int d = 0; d < 4; ++d) EXPECT_EQ(jw[r][c][k][d].item<float>(), c == d ? x[r][k].item<float>() : 0);
      }
  EXPECT_NEAR(js[1][2].item<float>(), (x[0][1] + x[1][1]).item<float>(), 1e-6);
}

TEST_F(Jacobian, OfWhatIsNotConnectedIsZeros) {
  Function f([](const Tensor& x, const Tensor& z) { return jacobian(x * 2, z); });
  EXPECT_TRUE(array_equal(f(ones({2}), ones({3})), zeros({2, 3})));
}

TEST_F(Jacobian, ByAVariable) {
  const Variable w(Array{1.f, 2.f}, "w");
  Function f([&](const Tensor& x) { return jacobian(x * w * w, w); });
  EXPECT_TRUE(array_equal(f(Array{3.f, 5.f}), Array{{6.f, 0.f}, {0.f, 20.f}}));
}

TEST_F(Jacobian, RefusesMoreThanEightAxes) {
  const Tensor x = graph::parameter(0, {float32, {1, 1, 1, 1, 1}});
  EXPECT_EQ(text_of<ShapeError>([&] { jacobian(x, x); }), "a shape has at most 8 axes, got 10");
}

TEST_F(Vjp, IsTheCotangentTimesTheJacobian) {
  Function f([](const Tensor& x, const Tensor& w, const Tensor& u) {
    const Tensor y = network(x, w);
    const Tensor j = ops::reshape(jacobian(y, w), {6, 6});
    return Outputs{vjp(y, {w}, u)[0], ops::matmul(ops::reshape(u, {1, 6}), j)};
  });
  const auto [product, explicitly] = f(rng.normal({3, 3}), rng.normal({3, 2}), rng.normal({3, 2})).get<2>();
  EXPECT_TRUE(allclose(product.flatten(), explicitly.flatten(), 1e-4, 1e-6)) << product << explicitly;
}

TEST_F(Vjp, OfSeveralOutputsAddsUp) {
  Function f([](const Tensor& x, const Tensor& u, const Tensor& v) {
    return vjp(Tensors{x * x, x * 3}, {x}, {u, v})[0];
  });
  EXPECT_TRUE(array_equal(f(Array{1.f, 2.f}, Array{1.f, 1.f}, Array{10.f, 100.f}), Array{32.f, 304.f}));
}

TEST_F(Jvp, IsTheSlopeAlongTheTangents) {
  const Array x = rng.normal({3, 4}), w = rng.normal({4, 2}), tx = rng.normal({3, 4}), tw = rng.normal({4, 2});
  Function value(network);
  Function slope([](const Tensor& x, const Tensor& w, const Tensor& tx, const Tensor& tw) {
    return jvp(network(x, w), {x, w}, {tx, tw});
  });
  const double h = 1.0 / 64;
  const auto central = [&](double step) -> Array {
    const Array up = value(x + tx * step, w + tw * step), down = value(x - tx * step, w - tw * step);
    return (up - down) / (2 * step);
  };
  const Array differences = (central(h) * 4 - central(2 * h)) / 3;  // Richardson: leaves errors of order h^4
  const Array got = slope(x, w, tx, tw);
  ASSERT_EQ(got.shape(), (Shape{3, 2}));
  EXPECT_TRUE(allclose(got, differences, 0, 1e-4)) << got << differences;
  EXPECT_GT(max(abs(got)).item<float>(), 0.01);
}

TEST_F(Jvp, IsTheJacobianTimesTheTangent) {
  Function f([](const Tensor& x, const Tensor& t) {
    const Tensor y = ops::softmax(x);
    return Outputs{jvp(y, {x}, {t}), ops::reshape(ops::matmul(jacobian(y, x), ops::reshape(t, {5, 1})), {5})};
  });
  const auto [product, explicitly] = f(rng.normal({5}), rng.normal({5})).get<2>();
  EXPECT_TRUE(allclose(product, explicitly, 1e-5, 1e-6));
}

TEST_F(Jvp, OfTheIdentityOfNothingAndOfWhatIsUnconnected) {
  Function f([](const Tensor& x, const Tensor& t) {
    const Tensors several = jvp(Tensors{x, graph::constant(ones({3})), x * x}, {x}, {t});
    return Outputs(several);
  });
  const auto r = f(Array{2.f, 3.f}, Array{1.f, 10.f});
  EXPECT_TRUE(array_equal(r[0], Array{1.f, 10.f}));
  EXPECT_TRUE(array_equal(r[1], zeros({3})));
  EXPECT_TRUE(array_equal(r[2], Array{4.f, 60.f}));
}

TEST_F(Jvp, IsDifferentiable) {
  Function f(
      [](const Tensor& x, const Tensor& t) { return gradients(jvp(x * x * x, {x}, {t}), {x})[0]; });  // d 3 x^2 t
  EXPECT_TRUE(allclose(f(Array{1.f, 2.f}, Array{1.f, 0.5f}), Array{6.f, 6.f}));
}

TEST_F(Jvp, RefusesTangentsThatDoNotFit) {
  const Tensor x = graph::parameter(0, {float32, {2}}), n = graph::parameter(1, {int32, {2}}), y = x * x;
  EXPECT_EQ(text_of<ValueError>([&] {
              jvp(y, {x}, {x, x});
            }),
            "jvp: needs one tangent for each of the 1 differentiated by, got 2");
  EXPECT_EQ(text_of<ShapeError>([&] { jvp(y, {x}, {ops::sum(x)}); }), "jvp: tangent 0 must have shape (2,), got ()");
  EXPECT_EQ(text_of<TypeError>([&] { jvp(y, {x}, {n}); }), "jvp: tangent 0 must be float32, got int32");
  EXPECT_EQ(text_of<ValueError>([&] { jvp(y, {x}, {Tensor()}); }), "jvp: tangent 0 is an undefined tensor");
}

TEST_F(HessianVectorProduct, IsTheHessianTimesTheVector) {
  Function f([](const Tensor& x, const Tensor& v) {
    const Tensor loss = ops::sum(ops::exp(x) * ops::tanh(x)) * ops::sum(x * x);
    const Tensor hessian = jacobian(gradients(loss, {x})[0], x);
    return Outputs{hessian_vector_product(loss, {x}, {v})[0],
                   ops::reshape(ops::matmul(hessian, ops::reshape(v, {4, 1})), {4}), hessian};
  });
  const auto [product, explicitly, hessian] = f(rng.uniform({4}, -1, 1), rng.normal({4})).get<3>();
  EXPECT_TRUE(allclose(product, explicitly, 1e-4, 1e-5)) << product << explicitly;
  EXPECT_TRUE(allclose(hessian, hessian.transpose(), 1e-4, 1e-5)) << hessian;
  EXPECT_GT(max(abs(hessian)).item<float>(), 0.1);
}

TEST_F(HessianVectorProduct, TakesVariablesTogether) {
  const Variable a(Array{2.f}, "a"), b(Array{3.f}, "b");
  Function f([&](const Tensor& va, const Tensor& vb) {  // a^2 b: H = {{2 b, 2 a}, {2 a, 0}} = {{6, 4}, {4, 0}}
    return Outputs(hessian_vector_product(Tensor(a) * a * b, {a, b}, {va, vb}));
  });
  const auto r = f(Array{1.f}, Array{10.f});
  EXPECT_EQ(r[0].item<float>(), 46);
  EXPECT_EQ(r[1].item<float>(), 4);
}

TEST_F(HessianVectorProduct, RefusesVectorsThatDoNotFit) {
  const Tensor x = graph::parameter(0, {float32, {2}});
  EXPECT_EQ(text_of<ValueError>([&] { hessian_vector_product(x * x, {x}, {}); }),
            "hessian_vector_product: needs one vector for each of the 1 differentiated by, got 0");
  EXPECT_EQ(text_of<ShapeError>([&] { hessian_vector_product(x * x, {x}, {ops::sum(x)}); }),
            "hessian_vector_product: vector 0 must have shape (2,), got ()");
}

}  // namespace
}  // namespace cornu::autodiff

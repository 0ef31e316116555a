// The Jacobian of a function of vectors, products with it from both sides, and with the matrix of second derivatives.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;

int main() {
  // y_i = x_i sum(x): dy_i / dx_j = x_i, and sum(x) more where i = j.
  auto f = [](const Tensor& x) { return x * ops::sum(x); };
  Array x{1.f, 2.f, 3.f}, first{1.f, 0.f, 0.f};

  Function jacobian([&](const Tensor& x) { return autodiff::jacobian(f(x), x); });
  std::cout << jacobian(x) << '\n';

  // u J, a mix of rows: how the sum of u * y changes with x. Costs as much as one gradient, whatever the sizes.
  Function vjp([&](const Tensor& x, const Tensor& u) { return autodiff::vjp(f(x), {x}, u)[0]; });
  std::cout << vjp(x, first) << '\n';

  // J t, a mix of columns: how y changes when x moves along t.
  Function jvp([&](const Tensor& x, const Tensor& t) { return autodiff::jvp(f(x), {x}, {t}); });
  std::cout << jvp(x, first) << '\n';

  // H v, with H the second derivatives of a loss, without making H; and H itself, the Jacobian of the gradient.
  auto loss = [](const Tensor& x) { return ops::sum(x) * ops::sum(x * x); };
  Function hvp(
      [&](const Tensor& x, const Tensor& v) { return autodiff::hessian_vector_product(loss(x), {x}, {v})[0]; });
  Function hessian([&](const Tensor& x) { return autodiff::jacobian(autodiff::gradients(loss(x), {x})[0], x); });
  std::cout << hvp(x, first) << '\n' << hessian(x) << '\n';
}

// Prints:
//   [[7. 1. 1.]
//    [2. 8. 2.]
//    [3. 3. 9.]]
//   [7. 1. 1.]
//   [7. 2. 3.]
//   [16.  6.  8.]
//   [[16.  6.  8.]
//    [ 6. 20. 10.]
//    [ 8. 10. 24.]]

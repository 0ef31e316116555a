// Gradients by tensors and variables: they are tensors too, made while the computation is described.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;

int main() {
  // d sum(x^2) / dx = 2 x.
  Function square([](const Tensor& x) { return autodiff::gradients(ops::sum(x * x), {x})[0]; });
  std::cout << square(Array{1.f, 2.f, 3.f}) << '\n';

  // By several things at once, variables among them. All reads of a variable count together: w is read twice here.
  Variable w(Array{2.f, 3.f}, "w"), b(Array{1.f}, "b");
  Function line([&](const Tensor& x) {
    Tensor loss = ops::sum(w * x + b) + ops::sum(Tensor(w) * w);
    auto g = autodiff::gradients(loss, {w, b, x});
    return Outputs(g);
  });
  std::cout << line(Array{10.f, 20.f}) << '\n';

  // By a value in between, and by something that the loss does not depend on: zeros of its shape.
  Function between([](const Tensor& x, const Tensor& other) {
    Tensor hidden = ops::square(x);
    return Outputs(autodiff::gradients(hidden * 5, {hidden, other}));
  });
  std::cout << between(Array{1.f, 2.f}, ones({2, 2})) << '\n';

  // stop_gradient makes a constant of a value: d (x * c) / dx = c.
  Function half([](const Tensor& x) { return autodiff::gradients(x * ops::stop_gradient(x), {x})[0]; });
  std::cout << half(Array{1.f, 2.f}) << '\n';

  // A loss that is not a scalar counts as the sum of its elements; weights for them are given as a cotangent.
  Function weighted(
      [](const Tensor& x, const Tensor& u) { return autodiff::gradients(Tensors{x * x}, Tensors{u}, {x})[0]; });
  std::cout << weighted(Array{1.f, 2.f, 3.f}, Array{1.f, 0.f, 10.f}) << '\n';
}

// Prints:
//   [2. 4. 6.]
//   [14. 26.]
//   [2.]
//   [2. 3.]
//   [5. 5.]
//   [[0. 0.]
//    [0. 0.]]
//   [1. 2.]
//   [ 2.  0. 60.]

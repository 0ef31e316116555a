// Is a gradient right? gradient_check compares it with differences of the function's values and says how large the
// error may be.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;

// How far predictions are from labels, in units that grow with the distance: log(cosh(y - p)).
Tensor log_cosh(const Tensor& y, const Tensor& p) {
  Tensor d = ops::abs(y - p);
  return ops::mean(d + ops::log(1 + ops::exp(-2 * d)) - 0.6931472f);
}

// The same, but somebody has stopped a gradient that should flow.
Tensor broken(const Tensor& y, const Tensor& p) { return log_cosh(y, p) * ops::stop_gradient(1 + ops::mean(p)); }

int main() {
  random::Generator rng(1);
  Array y = rng.uniform({4, 3}, 1, 2), p = rng.uniform({4, 3}, -1, 0);

  // First derivatives, then the derivatives of the derivatives too.
  auto first = autodiff::gradient_check(log_cosh, {y, p});
  auto second = autodiff::gradient_check(log_cosh, {y, p}, {.order = 2});
  std::cout << "log_cosh: " << (first ? "passed" : "failed") << ", second order " << (second ? "passed" : "failed")
            << '\n';

  // By the second input only: `wrt` numbers them.
  auto wrong = autodiff::gradient_check(broken, {y, p}, {.wrt = {1}});
  std::cout << "broken: " << (wrong ? "passed" : "failed") << '\n';
  std::cout << "the bound is small: " << (wrong.bound < 0.01) << ", the error is not: " << (wrong.max_error > 0.05)
            << '\n';
  std::cerr << wrong << '\n';  // also tells the place and both numbers

  // Large functions are checked along one random direction.
  Array big = rng.uniform({200, 100}, -1, 1), matrix = rng.uniform({100, 50}, -0.1, 0.1);
  auto large = autodiff::gradient_check([](const Tensor& x, const Tensor& w) { return ops::tanh(ops::matmul(x, w)); },
                                        {big, matrix});
  std::cout << "tanh(x w): " << (large ? "passed" : "failed") << " at " << large.where.substr(0, 20) << '\n';
}

// Prints:
//   log_cosh: passed, second order passed
//   broken: failed
//   the bound is small: 1, the error is not: 1
//   tanh(x w): passed at one random direction

// A gradient is a tensor like any other: differentiate it again. Derivatives of x^3, then Newton's method.
#include <cornu/cornu.h>

#include <iomanip>
#include <iostream>

using namespace cornu;

int main() {
  Function derivatives([](const Tensor& x) {
    Tensor first = autodiff::gradients(x * x * x, {x})[0];
    Tensor second = autodiff::gradients(first, {x})[0];
    Tensor third = autodiff::gradients(second, {x})[0];
    return Outputs{first, second, third};
  });
  auto [first, second, third] = derivatives(Array{1.f, 2.f, 3.f}).get<3>();
  std::cout << "3 x^2: " << first << "\n6 x:   " << second << "\n6:     " << third << '\n';

  // Newton's method: the minimum of f lies near x - f'(x) / f''(x). Three problems at once; the elements do not mix, so
  // the gradient of the gradient's sum is each one's own second derivative. f = x^3 / 3 - a x has its minimum at
  // sqrt(a).
  Function newton([](const Tensor& x, const Tensor& a) {
    Tensor f = x * x * x / 3 - a * x;
    Tensor slope = autodiff::gradients(f, {x})[0];
    Tensor curvature = autodiff::gradients(slope, {x})[0];
    return x - slope / curvature;
  });
  Array x = ones({3}), a{2.f, 3.f, 16.f};
  for (int i = 0; i < 8; ++i) x = newton(x, a);
  std::cout << std::fixed << std::setprecision(4) << "roots:";
  for (const Array& root : x) std::cout << ' ' << root.item<double>();
  std::cout << '\n';
}

// Prints:
//   3 x^2: [ 3. 12. 27.]
//   6 x:   [ 6. 12. 18.]
//   6:     [6. 6. 6.]
//   roots: 1.4142 1.7321 4.0000

// Arrays hold numbers, tensors describe a computation, a Function compiles and runs it, a Variable keeps a value
// between calls.
#include <cornu/cornu.h>

#include <iostream>

using namespace cornu;

int main() {
  // What NumPy calls an array: a dtype, a shape, numbers. Copies share the numbers.
  Array a{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}};
  std::cout << a << ' ' << a.dtype() << ' ' << a.shape() << '\n';
  std::cout << a * 10 + 0.5 << '\n';
  std::cout << mean(a, 0) << ' ' << a[1].slice(0, 2) << ' ' << argmax(a, 1) << '\n';

  // The lambda runs once for each new combination of shapes, on Tensors: they know their shape and dtype but hold no
  // numbers. What it describes is compiled, and every further call with such shapes only runs.
  Function product([](const Tensor& x, const Tensor& w) {
    Tensor y = ops::matmul(x, w);
    std::cout << "traced: " << x << " times " << w << " gives " << y << '\n';
    return ops::relu(y - 10);
  });
  Array w{{1.f, 0.f}, {0.f, 1.f}, {1.f, 2.f}};
  std::cout << product(a, w) << '\n';
  std::cout << product(a * 2, w) << '\n';
  std::cout << product(a.slice(0, 1), w) << '\n';

  // Several results.
  Function statistics([](const Tensor& x) { return Outputs{ops::mean(x), ops::max(x, 1)}; });
  auto [average, largest] = statistics(a).get<2>();
  std::cout << "mean " << average << ", largest of each row " << largest << '\n';

  // State. All updates happen together at the end of a call: what it reads are the old values.
  Variable before(Array{0.f}, "before"), now(Array{1.f}, "now");
  Function fibonacci([&] { return Outputs{now}.update(before, now).update(now, Tensor(before) + now); });
  std::cout << "fibonacci:";
  for (int i = 0; i < 8; ++i) std::cout << ' ' << fibonacci();
  std::cout << '\n';

  // What does not fit is refused when it is described, before anything runs.
  try {
    product(a, a);
  } catch (const ShapeError&) {
    std::cout << "a ShapeError\n";
  }
}

// Prints:
//   [[1. 2. 3.]
//    [4. 5. 6.]] float32 (2, 3)
//   [[10.5 20.5 30.5]
//    [40.5 50.5 60.5]]
//   [2.5 3.5 4.5] [4. 5.] [2 2]
//   traced: float32(2, 3) times float32(3, 2) gives float32(2, 2)
//   [[0. 0.]
//    [0. 7.]]
//   [[ 0.  6.]
//    [10. 24.]]
//   traced: float32(1, 3) times float32(3, 2) gives float32(1, 2)
//   [[0. 0.]]
//   mean 3.5, largest of each row [3. 6.]
//   fibonacci: [1.] [1.] [2.] [3.] [5.] [8.] [13.] [21.]
//   a ShapeError

// A loss of one's own: as a function, and as a class that can be registered, so that its name is known. Both pull a
// line through points with a few wild ones among them, which the squared error follows and the absolute one hardly.
#include <cornu/cornu.h>

#include <cmath>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

// Nearly squares small errors, nearly takes large ones as they are: a smooth Huber loss (Charbonnier et al., 1997).
// Fields make it an object that can be saved and made from its name.
struct PseudoHuber : losses::Loss {
  double delta = 1;

  PseudoHuber(double delta = 1) : Loss("sum_over_batch_size", "pseudo_huber"), delta(delta) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override {
    Tensor error = (y_true - y_pred) / delta;
    return ops::mean(delta * delta * (ops::sqrt(1 + ops::square(error)) - 1), -1);
  }
  void fields(ConfigVisitor& v) override { v("delta", delta); }
};

// The slope of the line that training with this loss ends with. The points lie on y = 3x, but every tenth is 20 too
// high.
double slope(const Arg<losses::Loss>& loss) {
  Array x = arange(0, 1, 1.0 / 100).reshape({-1, 1});
  Array y = 3 * x;
  for (int i = 95; i > 0; i -= 10) y[i] += 20;

  models::Sequential line({layers::Dense(1, {.use_bias = false, .kernel_initializer = "zeros", .input_shape = {1}})});
  line.compile(
      {.optimizer = optimizers::SGD({.learning_rate = 0.1, .momentum = 0.5}), .loss = loss, .metrics = {"mae"}});
  line.fit(x, y, {.batch_size = 100, .epochs = 400, .verbose = 0});
  return line.get_weights()[0].item<double>();
}

int main() {
  losses::registry().add<PseudoHuber>("PseudoHuber", {"pseudo_huber"});

  const double squared = slope("mse");
  const double huber = slope(PseudoHuber(0.5));
  const double by_name = slope("pseudo_huber");
  const double lambda = slope([](const Tensor& y_true, const Tensor& y_pred) {
    return ops::mean(ops::sqrt(ops::abs(y_true - y_pred) + 0.01), -1);
  });
  std::cerr << "slopes: squared error " << squared << ", pseudo-Huber " << huber << " and, with delta 1, " << by_name
            << ", a lambda " << lambda << '\n';
  std::cout << "squared error is led astray: " << (squared > 5) << '\n';
  std::cout << "pseudo-Huber is not: " << (std::abs(huber - 3) < 0.5) << (std::abs(by_name - 3) < 0.7) << '\n';
  std::cout << "nor is the root of the error: " << (std::abs(lambda - 3) < 0.3) << '\n';
}

// Prints:
//   squared error is led astray: 1
//   pseudo-Huber is not: 11
//   nor is the root of the error: 1

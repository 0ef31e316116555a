// A network without layers: variables, a training step with momentum, mini-batches, a second Function that shares the
// weights.
#include <cornu/cornu.h>

#include <iostream>
#include <vector>

using namespace cornu;

int main() {
  // Points of a square; is each one inside of a circle?
  random::Generator rng(7);
  Array points = rng.uniform({512, 2}, -1, 1);
  Array inside = sum(points * points, 1) < 0.5;

  std::vector<Variable> weights{Variable(rng.normal({2, 16}), "w1"), Variable(zeros({16}), "b1"),  //
                                Variable(rng.normal({16, 2}, 0, 0.25), "w2"), Variable(zeros({2}), "b2")};
  std::vector<Variable> velocities;
  for (const Variable& w : weights) velocities.emplace_back(zeros(w.shape()), w.name() + "_velocity", false);

  auto network = [&](const Tensor& x) {
    Tensor hidden = ops::relu(ops::matmul(x, weights[0]) + weights[1]);
    return ops::matmul(hidden, weights[2]) + weights[3];
  };

  // v <- 0.9 v - 0.1 g, w <- w + v. The step is traced and compiled at its first call.
  Function step([&](const Tensor& x, const Tensor& labels) {
    Tensor loss = ops::mean(ops::sparse_softmax_cross_entropy(network(x), labels));
    Tensors g = autodiff::gradients(loss, {weights.begin(), weights.end()});
    Outputs out{loss};
    for (std::size_t i = 0; i < weights.size(); ++i) {
      Tensor v = velocities[i] * 0.9f - g[i] * 0.1f;
      out.update(velocities[i], v).update(weights[i], weights[i] + v);
    }
    return out;
  });
  Function predict([&](const Tensor& x) { return ops::argmax(network(x), -1); });

  const std::int64_t batch = 64;
  double first = 0, last = 0;
  for (int epoch = 0; epoch < 60; ++epoch) {
    std::vector<std::int64_t> order = rng.permutation(points.rows());
    last = 0;
    for (std::int64_t at = 0; at < points.rows(); at += batch) {
      std::span<const std::int64_t> rows(order.data() + at, batch);
      Array loss = step(points.take(rows), inside.take(rows));
      last += loss.item<double>() * batch / points.rows();
    }
    if (epoch == 0) first = last;
  }
  Array right = Array(predict(points)) == inside.astype(int32);
  const double accuracy = mean(right).item<double>();
  std::cerr << "loss " << first << " at first, " << last << " at last; accuracy " << accuracy << '\n';
  std::cout << "the loss fell: " << (last < first / 3) << ", accuracy above 0.95: " << (accuracy > 0.95) << '\n';
}

// Prints:
//   the loss fell: 1, accuracy above 0.95: 1

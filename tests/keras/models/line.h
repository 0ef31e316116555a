#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"

namespace cornu::keras::models {

// y = w x + b with known weights, trained by plain SGD.
struct Line {
  Sequential model{layers::Dense(1, {.input_shape = {1}})};
  double w = 2, b = 1, rate;

  explicit Line(CompileConfig config = {.loss = "mse"}, double learning_rate = 0.05) : rate(learning_rate) {
    model.set_weights({Array{{2.f}}, Array{1.f}});
    config.optimizer = optimizers::SGD({.learning_rate = learning_rate});
    model.compile(std::move(config));
  }
  // One step on these points by hand, in double; gives the loss before it (weights divide by the number of samples, as
  // in Keras).
  double step(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& weights = {}) {
    double loss = 0, dw = 0, db = 0;
    const double n = static_cast<double>(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double e = w * x[i] + b - y[i], s = weights.empty() ? 1 : weights[i];
      loss += s * e * e / n;
      dw += s * 2 * e * x[i] / n;
      db += s * 2 * e / n;
    }
    w -= rate * dw;
    b -= rate * db;
    return loss;
  }
  double loss(const std::vector<double>& x, const std::vector<double>& y) const {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(w * x[i] + b - y[i], 2);
    return sum / static_cast<double>(x.size());
  }
  void expect_weights() const {
    const auto weights = model.get_weights();
    EXPECT_NEAR(weights[0].item<double>(), w, 1e-5);
    EXPECT_NEAR(weights[1].item<double>(), b, 1e-5);
  }
};

inline const std::vector<double> kX = {0, 1, 2, -1, 0.5}, kY = {1, 1, 3, 0, 2};
inline Array column(const std::vector<double>& v) { return Array(v).reshape({-1, 1}).astype(graph::float32); }

}  // namespace cornu::keras::models

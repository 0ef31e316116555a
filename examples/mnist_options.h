#pragma once

#include <cornu/cornu.h>

#include <string>

/// Which data an MNIST example uses: a file or folder, or, without one, what Keras would take.
struct DataOptions {
  std::string dataset = "mnist";  // or "fashion_mnist"
  std::string path;
};

inline auto load(const DataOptions& options) {
  using namespace cornu::keras;
  if (options.dataset == "mnist") return datasets::mnist::load_data(options.path);
  if (options.dataset == "fashion_mnist") return datasets::fashion_mnist::load_data(options.path);
  throw cornu::ValueError("unknown dataset '" + options.dataset + "'; known: mnist, fashion_mnist");
}

/// Images with one channel, of numbers in [0, 1]: (n, 28, 28, 1).
inline cornu::Array images(const cornu::Array& pixels) {
  return pixels.reshape({-1, 28, 28, 1}).astype(cornu::float32) / 255;
}

/// Images as rows of 784 numbers in [0, 1].
inline cornu::Array rows(const cornu::Array& images) {
  return images.reshape({-1, 28 * 28}).astype(cornu::float32) / 255;
}

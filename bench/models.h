#pragma once

#include <cornu/cornu.h>

#include <functional>
#include <map>
#include <string>

namespace bench {

/// What the programs call by `--model`: made, not yet compiled.
inline const std::map<std::string, std::function<cornu::keras::models::Sequential()>>& models() {
  using namespace cornu::keras;
  static const std::map<std::string, std::function<models::Sequential()>> all = {
      {"mlp", [] {  // the introduction's network: 784-512-512-10
         return models::Sequential({layers::Dense(512, {.activation = "relu", .input_shape = {784}}),
                                    layers::Dense(512, {.activation = "relu"}),
                                    layers::Dense(10, {.activation = "softmax"})});
       }}};
  return all;
}

/// Throws ValueError with the names that there are.
inline cornu::keras::models::Sequential model(const std::string& name) {
  std::string known;
  for (const auto& [key, make] : models()) {
    if (key == name) return make();
    known += (known.empty() ? "" : ", ") + key;
  }
  throw cornu::ValueError("--model: there is no model '" + name + "'; known: " + known);
}

/// Compiled as the peers' programs compile theirs.
inline void compile(cornu::keras::models::Sequential& network, int threads = 0) {
  using namespace cornu::keras;
  network.compile({.optimizer = optimizers::RMSprop({.learning_rate = 0.001, .rho = 0.9, .epsilon = 1e-8}),
                   .loss = "categorical_crossentropy",
                   .metrics = {"accuracy"},
                   .threads = threads});
}

/// Rows and one-hot targets of no meaning, for what does not depend on them.
struct RandomData {
  cornu::Array x, y;
  explicit RandomData(std::int64_t rows) {
    cornu::random::Generator rng(1);
    x = rng.uniform({rows, 784});
    y = cornu::keras::utils::to_categorical(rng.integers({rows}, 0, 10), 10);
  }
};

}  // namespace bench

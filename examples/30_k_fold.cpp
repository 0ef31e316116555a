// How good is a model, if there are only few samples? k-fold cross-validation: each sample is held out once, from a
// model that learns from all the others, and the k figures tell how far they can be relied on.
#include <cornu/cornu.h>

#include <cmath>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

int main() {
  utils::set_random_seed(1);
  // Two half-moons that reach into each other.
  const std::int64_t n = 300, folds = 5;
  const Array angle = random::Generator(1).uniform({n}, 0, M_PI), noise = random::Generator(2).normal({n, 2}, 0, 0.25);
  Array x = empty({n, 2}), y = empty({n, 1});
  for (std::int64_t i = 0; i < n; ++i) {
    const bool upper = i % 2 == 0;
    const double a = angle[i].item<double>();
    x.at<float>({i, 0}) = static_cast<float>(upper ? std::cos(a) : 1 - std::cos(a));
    x.at<float>({i, 1}) = static_cast<float>(upper ? std::sin(a) : 0.5 - std::sin(a));
    y.at<float>({i, 0}) = upper ? 1.F : 0.F;
  }
  x += noise;

  // One order for all folds, so that each sample is held out once.
  const auto samples =
      data::Dataset::from_tensor_slices({x, y}).shuffle(n, {.seed = 3, .reshuffle_each_iteration = false});
  std::vector<double> accuracies;
  for (std::int64_t fold = 0; fold < folds; ++fold) {
    data::Dataset others;
    for (std::int64_t k = 0; k < folds; ++k)
      if (k != fold) others = others.concatenate(samples.shard(folds, k));
    models::Sequential model({layers::Dense(24, {.activation = "relu", .input_shape = {2}}),
                              layers::Dense(24, {.activation = "relu"}), layers::Dense(1, {.activation = "sigmoid"})});
    model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.02}),
                   .loss = "binary_crossentropy",
                   .metrics = {"accuracy"}});
    model.fit(others.cache().shuffle(n).batch(20), {.epochs = 30, .verbose = 0});
    accuracies.push_back(model.evaluate(samples.shard(folds, fold).batch(60), {.verbose = 0})["accuracy"]);
    std::cerr << "fold " << fold + 1 << ": " << accuracies.back() << '\n';
  }
  const Array all(accuracies);
  const double accuracy = mean(all).item<double>(), deviation = cornu::std(all).item<double>();
  std::cerr << "accuracy " << accuracy << " +- " << deviation << '\n';
  std::cout << std::boolalpha << "better than 0.88: " << (accuracy > 0.88) << '\n'
            << "alike in all folds: " << (deviation < 0.05) << '\n';
}

// Prints:
//   better than 0.88: true
//   alike in all folds: true

// Trains 784-128-10 on MNIST from several seeds with one optimizer, at its default arguments, and prints the accuracies
// on the test images as one JSON line. bench/compare_accuracy.sh compares them with Keras'.
#include <cornu/cornu.h>

#include <nlohmann/json.hpp>

#include "command_line.h"

using namespace cornu;
using namespace cornu::keras;

static int run(int argc, char** argv) {
  std::string data, optimizer = "adam";
  int epochs = 4, batch_size = 128, seeds = 5;
  bench::po::options_description options("bench_accuracy: accuracies on MNIST over seeds, as one JSON line");
  // clang-format off
  options.add_options()
    ("data", bench::po::value(&data)->required(), "mnist.npz, or a folder of IDX files")
    ("optimizer", bench::po::value(&optimizer)->default_value(optimizer), "by Keras' name")
    ("epochs", bench::po::value(&epochs)->default_value(epochs), "passes over the training images")
    ("batch-size", bench::po::value(&batch_size)->default_value(batch_size), "images per step")
    ("seeds", bench::po::value(&seeds)->default_value(seeds), "0, 1, … so many");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  auto [train, test] = datasets::mnist::load_data(data);
  const Array x = train.x.reshape({-1, 784}).astype(float32) / 255,
              x_test = test.x.reshape({-1, 784}).astype(float32) / 255;
  std::vector<double> accuracies;
  for (int seed = 0; seed < seeds; ++seed) {
    utils::set_random_seed(static_cast<std::uint64_t>(seed));
    models::Sequential model({layers::Input({.shape = {784}}), layers::Dense(128, {.activation = "relu"}),
                              layers::Dense(10, {.activation = "softmax"})});
    model.compile({.optimizer = optimizer, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    model.fit(x, train.y, {.batch_size = batch_size, .epochs = epochs, .verbose = 0});
    accuracies.push_back(model.evaluate(x_test, test.y, {.batch_size = 1000, .verbose = 0})["accuracy"]);
  }
  std::cout << nlohmann::ordered_json{{"optimizer", optimizer}, {"accuracies", accuracies}} << '\n';
  return 0;
}

int main(int argc, char** argv) {
  return bench::guarded("bench_accuracy", [&] { return run(argc, argv); });
}

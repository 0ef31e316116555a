// Trains the Keras introduction's network on MNIST, evaluates it on the test images and saves it.
#include <boost/program_options.hpp>
#include <filesystem>
#include <iomanip>
#include <iostream>

#include "mnist_options.h"

namespace po = boost::program_options;
using namespace cornu;
using namespace cornu::keras;

static int run(int argc, char** argv) {
  DataOptions data;
  std::string save;
  int epochs = 5, batch_size = 256, threads = 0, verbose = 1;
  std::uint64_t seed = 0;
  double learning_rate = 0.001;
  po::options_description options(
      "mnist_mlp: a network of 784-512-512-10 units on MNIST, as in the Keras introduction");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("data", po::value(&data.path), "mnist.npz, or a folder of IDX files; without it ~/.keras/datasets or a download")
    ("dataset", po::value(&data.dataset)->default_value(data.dataset), "mnist or fashion_mnist")
    ("epochs", po::value(&epochs)->default_value(epochs), "passes over the training images")
    ("batch-size", po::value(&batch_size)->default_value(batch_size), "images per step")
    ("learning-rate", po::value(&learning_rate)->default_value(learning_rate, "0.001"), "of RMSprop")
    ("validation", "after each epoch, evaluate on the test images")
    ("seed", po::value(&seed), "of weights and order: the same seed gives the same bits; without it every run differs")
    ("threads", po::value(&threads)->default_value(threads), "0: as many as there are cores")
    ("verbose", po::value(&verbose)->default_value(verbose), "0 silent, 1 progress bars, 2 a line per epoch")
    ("save", po::value(&save), "where to save the trained model (.h5)")
    ("only-load", "load the data and stop");
  // clang-format on
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, options), given);
  po::notify(given);
  if (given.contains("help")) {
    std::cout << options;
    return 0;
  }
  if (given.contains("seed")) utils::set_random_seed(seed);

  if (const auto folder = std::filesystem::absolute(save).parent_path();
      !save.empty() && !std::filesystem::is_directory(folder))
    throw IoError("--save: there is no folder " + folder.string());  // before the training, not after it

  auto [train, test] = load(data);
  if (given.contains("only-load")) return 0;
  Array x_train = rows(train.x), y_train = utils::to_categorical(train.y, 10);
  Array x_test = rows(test.x), y_test = utils::to_categorical(test.y, 10);

  models::Sequential network;
  network.add(layers::Dense(512, {.activation = "relu", .input_shape = {28 * 28}}));
  network.add(layers::Dense(512, {.activation = "relu"}));
  network.add(layers::Dense(10, {.activation = "softmax"}));
  network.compile({.optimizer = optimizers::RMSprop({.learning_rate = learning_rate, .rho = 0.9, .epsilon = 1e-08}),
                   .loss = "categorical_crossentropy",
                   .metrics = {"accuracy"},
                   .threads = threads});
  FitConfig fit{.batch_size = batch_size, .epochs = epochs, .verbose = verbose};
  if (given.contains("validation")) fit.validation_data = {x_test, y_test};
  const History history = network.fit(x_train, y_train, fit);
  const Logs scores = network.evaluate(x_test, y_test, {.batch_size = batch_size, .verbose = 0});
  if (!save.empty()) network.save(save);
  std::cout << "test_loss: " << scores["loss"] << "\ntest_acc: " << scores["accuracy"] << '\n';
  return history.interrupted() ? 130 : 0;
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "mnist_mlp: " << e.what() << '\n';
  return 1;
}

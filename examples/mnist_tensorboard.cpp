// Trains the Keras introduction's network on MNIST and shows it in every dashboard of TensorBoard: then tensorboard
// --logdir DIR
#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <iostream>

#include "mnist_options.h"

namespace po = boost::program_options;
namespace tb = cornu::io::tensorboard;
using namespace cornu;
using namespace cornu::keras;

/// Images (rows, columns, 28, 28) side by side in one.
static Array sheet(const Array& images) {
  return images.transpose({0, 2, 1, 3})
      .reshape({images.shape()[0] * images.shape()[2], images.shape()[1] * images.shape()[3]});
}

/// A sheet whose row d has the first ten images that were taken for digit d and are another.
static Array wrong_ones(const Array& images, const Array& labels, const Array& taken_for) {
  constexpr int kDigits = 10, kColumns = 10;
  Array wrong = zeros({kDigits, kColumns, 28, 28});
  std::array<int, kDigits> found = {};
  for (std::int64_t i = 0; i < images.rows(); ++i) {
    const auto digit = taken_for[i].item<int>();
    if (digit == labels[i].item<int>() || found[digit] == kColumns) continue;
    const auto pixels = images[i].span<float>();
    std::copy(pixels.begin(), pixels.end(), wrong[digit][found[digit]++].data<float>());
  }
  return sheet(wrong);
}

/// A callback of one's own: what the network gets wrong after each epoch, and what its first layer looks for.
struct Mistakes : callbacks::Callback {
  callbacks::TensorBoard board;  // in whose runs it writes
  Array x, labels;

  Mistakes(callbacks::TensorBoard board, Array x, Array labels)
      : board(std::move(board)), x(std::move(x)), labels(std::move(labels)) {}

  void on_epoch_end(int epoch, const Logs&) override {
    const Array probabilities = model().predict(x, {.batch_size = 1000}), taken_for = argmax(probabilities, -1);
    tb::SummaryWriter& writer = board->validation_writer();
    writer.image("mistakes/confusion matrix", tb::confusion_matrix_image(tb::confusion_matrix(labels, taken_for, 10)),
                 epoch);
    writer.image("mistakes/images", wrong_ones(x, labels, taken_for), epoch,
                 {.about = {.description = "Row *d*: test images that were taken for a *d*."}});
    const int wrong = sum(taken_for != labels).item<int>();
    writer.text("mistakes/number", "**" + std::to_string(wrong) + "** of " + std::to_string(x.rows()) + " test images",
                epoch);
    for (int digit = 0; digit < 10; ++digit)
      writer.pr_curve("digits/" + std::to_string(digit), labels == digit,
                      probabilities.slice(digit, digit + 1, 1, 1).flatten(), epoch);
    const Array units = model().get_weights()[0].slice(0, 32, 1, 1).transpose();  // a row of 784 weights for each
    board->train_writer().image(
        "sequential/dense/units", sheet(units.reshape({-1, units.rows() % 8 == 0 ? 8 : 1, 28, 28})), epoch,
        {.rescale = true,
         .about = {.description = "What 32 units look for: bright pixels count for, dark ones against."}});
  }
};

static int run(int argc, char** argv) {
  DataOptions data;
  std::string logdir;
  int epochs = 5, batch_size = 128, units = 512, samples = 1000, threads = 0, verbose = 1;
  std::uint64_t seed = 0;
  double learning_rate = 0.001;
  po::options_description options(
      "mnist_tensorboard: a network of 784-512-512-10 units on MNIST, watched with TensorBoard");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("logdir", po::value(&logdir)->required(),
     "where the log goes: a new folder for each training, side by side to compare them")
    ("data", po::value(&data.path), "mnist.npz, or a folder of IDX files; without it ~/.keras/datasets or a download")
    ("dataset", po::value(&data.dataset)->default_value(data.dataset), "mnist or fashion_mnist")
    ("epochs", po::value(&epochs)->default_value(epochs), "passes over the training images")
    ("batch-size", po::value(&batch_size)->default_value(batch_size), "images per step")
    ("learning-rate", po::value(&learning_rate)->default_value(learning_rate, "0.001"), "of RMSprop")
    ("units", po::value(&units)->default_value(units), "of each hidden layer")
    ("samples", po::value(&samples)->default_value(samples), "test images that become points of the Projector")
    ("seed", po::value(&seed), "of weights and order: the same seed gives the same bits; without it every run differs")
    ("threads", po::value(&threads)->default_value(threads), "0: as many as there are cores")
    ("verbose", po::value(&verbose)->default_value(verbose), "0 silent, 1 progress bars, 2 a line per epoch");
  // clang-format on
  po::variables_map given;
  po::store(po::parse_command_line(argc, argv, options), given);
  if (given.contains("help")) {
    std::cout << options;
    return 0;
  }
  po::notify(given);
  if (given.contains("seed")) utils::set_random_seed(seed);

  auto [train, test] = load(data);
  Array x_train = train.x.astype(float32) / 255, x_test = test.x.astype(float32) / 255;

  models::Sequential network({layers::Flatten({.input_shape = {28, 28}}),  // images, so that the Projector shows them
                              layers::Dense(units, {.activation = "relu"}),
                              layers::Dense(units, {.activation = "relu"}),
                              layers::Dense(10, {.activation = "softmax"})});
  network.compile({.optimizer = optimizers::RMSprop({.learning_rate = learning_rate}),
                   .loss = "sparse_categorical_crossentropy",
                   .metrics = {"accuracy"},
                   .threads = threads});

  // Time series and Scalars, Graphs, Histograms, Distributions, Projector, and the weights under Images.
  callbacks::TensorBoard board({.log_dir = logdir,
                                .histogram_freq = 1,
                                .write_images = true,
                                .write_steps_per_second = true,
                                .update_freq = 50,
                                .profile_batch = {100, 102},
                                .embeddings_freq = 1,
                                .embeddings_samples = samples});
  // HParams: a row for each training whose folder lies beside this one. In a run of its own, so that the dashboard
  // finds it here alone, too.
  const std::string folder = logdir + "/trial";
  callbacks::HParams trial(
      {.log_dir = folder,
       .hparams = {
           {"units", units}, {"learning rate", learning_rate}, {"batch size", batch_size}, {"data", data.dataset}}});
  // Text and Custom scalars, by a writer that knows nothing of Keras.
  tb::SummaryWriter writer(folder);
  writer.text("notes",
              "Trained on **" + data.dataset + "** with RMSprop, batches of " + std::to_string(batch_size) + " images.",
              0);
  std::vector<std::vector<std::string>> table = {{"layer", "parameters"}};
  for (const auto& layer : network.layers())
    table.push_back({"`" + layer->name() + "`", std::to_string(layer->count_params())});
  writer.text("layers", table, 0);
  writer.custom_scalars(
      {.categories = {
           {"Training and validation",
            {{.title = "loss", .tags = {"epoch_loss"}}, {.title = "accuracy", .tags = {"epoch_accuracy"}}}},
           {"Within the epochs",
            {{.title = "loss", .tags = {"batch_loss"}}, {.title = "speed", .tags = {"batch_steps_per_second"}}}}}});

  const History history = network.fit(x_train, train.y,
                                      {.batch_size = batch_size,
                                       .epochs = epochs,
                                       .verbose = verbose,
                                       .callbacks = {board, Mistakes(board, x_test, test.y), trial},
                                       .validation_data = {x_test, test.y}});
  std::cout << "now: tensorboard --logdir " << logdir << '\n';
  return history.interrupted() ? 130 : 0;
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "mnist_tensorboard: " << e.what() << '\n';
  return 1;
}

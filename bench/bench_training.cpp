// Trains on MNIST as a user would, and prints one JSON line: seconds per epoch, accuracy, peak memory. With
// --tensorboard, what the callback TensorBoard costs.
#include <omp.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "command_line.h"
#include "measure.h"
#include "models.h"

using namespace cornu;
using namespace cornu::keras;

namespace {

struct EpochTimes : callbacks::Callback {
  std::vector<double> seconds;
  double start = 0;
  void on_epoch_begin(int, const Logs&) override { start = bench::now(); }
  void on_epoch_end(int, const Logs&) override { seconds.push_back(bench::now() - start); }
};

struct Data {
  Array x, y, x_test, y_test;
};

// Seconds of whole fits with validation on the test images, without and with the callback by turns, each from new
// weights, and the medians' ratio.
nlohmann::ordered_json cost_of_tensorboard(const std::string& name, const Data& data, int batch_size, int epochs,
                                           int threads, int rounds, const std::string& folder) {
  const auto fit_seconds = [&](const std::vector<Shared<callbacks::Callback>>& watching) {
    auto network = bench::model(name);
    bench::compile(network, threads);
    const double start = bench::now();
    network.fit(data.x, data.y,
                {.batch_size = batch_size,
                 .epochs = epochs,
                 .verbose = 0,
                 .callbacks = watching,
                 .validation_data = {data.x_test, data.y_test}});
    return bench::now() - start;
  };
  std::vector<double> plain, watched, ratios;
  for (int i = 0; i < rounds; ++i) {
    const std::filesystem::path logs = std::filesystem::path(folder) / std::to_string(i);
    plain.push_back(fit_seconds({}));
    watched.push_back(fit_seconds({callbacks::TensorBoard({.log_dir = logs, .histogram_freq = 1})}));
    ratios.push_back(watched.back() / plain.back());
  }
  return {{"fit_seconds", plain},
          {"tensorboard_fit_seconds", watched},
          {"tensorboard_ratios", ratios},
          {"tensorboard_ratio", bench::median(ratios)}};
}

int run(int argc, char** argv) {
  std::string name = "mlp", data, dtype = "float32";
  int batch_size = 256, epochs = 5, threads = 0, rounds = 5;
  std::string tensorboard;
  bench::po::options_description options(
      "bench_training: seconds per epoch on MNIST, shuffling and metrics included, as one JSON line");
  // clang-format off
  options.add_options()
    ("model", bench::po::value(&name)->default_value(name), "mlp: 784-512-512-10, RMSprop")
    ("data", bench::po::value(&data)->required(), "mnist.npz, or a folder of IDX files")
    ("batch-size", bench::po::value(&batch_size)->default_value(batch_size), "images per step")
    ("epochs", bench::po::value(&epochs)->default_value(epochs), "passes over the training images")
    ("dtype", bench::po::value(&dtype)->default_value(dtype), "float32, or bfloat16 (the policy mixed_bfloat16)")
    ("threads", bench::po::value(&threads)->default_value(threads), "0: as many as OpenMP gives")
    ("tensorboard", bench::po::value(&tensorboard),
     "instead: whole fits with validation, without and with the callback TensorBoard (histogram_freq 1) writing here")
    ("rounds", bench::po::value(&rounds)->default_value(rounds), "of those fits");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (dtype == "bfloat16")
    mixed_precision::set_global_policy("mixed_bfloat16");
  else if (dtype != "float32")
    throw ValueError("--dtype must be float32 or bfloat16, got '" + dtype + "'");
  if (epochs < 1) throw ValueError("--epochs must be at least 1, got " + std::to_string(epochs));

  auto [train, test] = datasets::mnist::load_data(data);
  const Array x = train.x.reshape({-1, 784}).astype(float32) / 255,
              x_test = test.x.reshape({-1, 784}).astype(float32) / 255;
  const Array y = utils::to_categorical(train.y, 10), y_test = utils::to_categorical(test.y, 10);

  if (!tensorboard.empty()) {
    if (rounds < 1) throw ValueError("--rounds must be at least 1, got " + std::to_string(rounds));
    nlohmann::ordered_json line{{"model", name}, {"batch_size", batch_size}, {"dtype", dtype}, {"epochs", epochs}};
    line.update(cost_of_tensorboard(name, {x, y, x_test, y_test}, batch_size, epochs, threads, rounds, tensorboard));
    std::cout << line << '\n';
    return 0;
  }

  auto network = bench::model(name);
  bench::compile(network, threads);
  const auto times = std::make_shared<EpochTimes>();
  network.fit(x, y, {.batch_size = batch_size, .epochs = epochs, .verbose = 0, .callbacks = {times}});
  const Logs scores = network.evaluate(x_test, y_test, {.batch_size = 256, .verbose = 0});

  std::cout << nlohmann::ordered_json{{"model", name},
                                      {"batch_size", batch_size},
                                      {"dtype", dtype},
                                      {"epoch_seconds", times->seconds},
                                      {"best_epoch_seconds",
                                       *std::min_element(times->seconds.begin(), times->seconds.end())},
                                      {"test_accuracy", scores["accuracy"]},
                                      {"peak_rss_mb", bench::peak_rss_mb()},
                                      {"threads", threads > 0 ? threads : omp_get_max_threads()}}
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_training", [&] { return run(argc, argv); });
}

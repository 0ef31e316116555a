// Trains on MNIST as a user would, and prints one JSON line: seconds per epoch, accuracy, peak memory. With
// --tensorboard, what the callback TensorBoard costs; with --beside, what it takes beside programs that keep the
// processors busy.
#include <omp.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "busy_loops.h"
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

// Seconds per epoch and of predicting one row, alone and beside that many busy processes by turns; medians over the
// rounds, and their ratios.
nlohmann::ordered_json beside_busy_loops(const std::string& name, const Data& data, int batch_size, int epochs,
                                         int threads, int rounds, int processes) {
  constexpr int kRows = 1000;
  struct Figures {
    std::vector<double> epochs, rows;
  };
  Figures alone, beside;
  auto network = bench::model(name);
  bench::compile(network, threads);
  const Array row = data.x_test.slice(0, 1);
  const auto measure = [&](Figures& figures) {
    const auto times = std::make_shared<EpochTimes>();
    network.fit(data.x, data.y, {.batch_size = batch_size, .epochs = epochs, .verbose = 0, .callbacks = {times}});
    figures.epochs.insert(figures.epochs.end(), times->seconds.begin(), times->seconds.end());
    const auto seconds = bench::seconds_of(kRows, 10, [&] { network.predict(row, {.verbose = 0}); });
    figures.rows.insert(figures.rows.end(), seconds.begin(), seconds.end());
  };
  network.fit(data.x.slice(0, 4 * batch_size), data.y.slice(0, 4 * batch_size),
              {.batch_size = batch_size, .verbose = 0});
  for (int i = 0; i < rounds; ++i) {
    measure(alone);
    const bench::BusyLoops busy(processes);
    measure(beside);
  }
  const auto figures = [](const Figures& f) {
    return nlohmann::ordered_json{{"epoch_seconds", f.epochs},
                                  {"epoch_median_seconds", bench::median(f.epochs)},
                                  {"predict_median_us", 1e6 * bench::median(f.rows)},
                                  {"predict_p99_us", 1e6 * bench::quantile(f.rows, 0.99)}};
  };
  return {{"busy_processes", processes},
          {"alone", figures(alone)},
          {"beside", figures(beside)},
          {"epoch_ratio", bench::median(beside.epochs) / bench::median(alone.epochs)}};
}

int run(int argc, char** argv) {
  std::string name = "mlp", data, dtype = "float32";
  int batch_size = 256, epochs = 5, threads = 0, rounds = 5, beside = 0;
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
    ("beside", bench::po::value(&beside)->default_value(beside),
     "instead: epochs and predictions of one row, alone and beside so many busy processes, by turns")
    ("rounds", bench::po::value(&rounds)->default_value(rounds), "of either");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (dtype == "bfloat16")
    mixed_precision::set_global_policy("mixed_bfloat16");
  else if (dtype != "float32")
    throw ValueError("--dtype must be float32 or bfloat16, got '" + dtype + "'");
  if (beside < 0) throw ValueError("--beside must be at least 1, got " + std::to_string(beside));
  if (epochs < 1) throw ValueError("--epochs must be at least 1, got " + std::to_string(epochs));

  auto [train, test] = datasets::mnist::load_data(data);
  const Array x = train.x.reshape({-1, 784}).astype(float32) / 255,
              x_test = test.x.reshape({-1, 784}).astype(float32) / 255;
  const Array y = utils::to_categorical(train.y, 10), y_test = utils::to_categorical(test.y, 10);

  if (!tensorboard.empty() || beside > 0) {
    if (rounds < 1) throw ValueError("--rounds must be at least 1, got " + std::to_string(rounds));
    nlohmann::ordered_json line{{"model", name}, {"batch_size", batch_size}, {"dtype", dtype}, {"epochs", epochs}};
    const Data all{x, y, x_test, y_test};
    line.update(beside > 0 ? beside_busy_loops(name, all, batch_size, epochs, threads, rounds, beside)
                           : cost_of_tensorboard(name, all, batch_size, epochs, threads, rounds, tensorboard));
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

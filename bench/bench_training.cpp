// Trains on MNIST, or on images of no meaning where a network takes others, as a user would, and prints one JSON line:
// seconds per epoch, accuracy, peak memory. With
// --tensorboard or --backup, what the callback TensorBoard or BackupAndRestore costs; with --beside, what it takes
// beside programs that keep the processors busy.
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

/// MNIST in the form that the model takes; for one of other images, generated ones and none to test.
Data read(const std::string& name, const std::string& path, int samples) {
  const Shape input = bench::kind(name).input;
  if (input.elements() != 784) {
    const bench::RandomData random(samples > 0 ? samples : 2560, name);
    return {random.x, random.y, zeros({0}), zeros({0})};
  }
  if (path.empty()) throw ValueError("--data: model '" + name + "' trains on mnist.npz");
  auto [train, test] = datasets::mnist::load_data(path);
  if (samples > 0) train = {train.x.slice(0, samples), train.y.slice(0, samples)};
  Shape shape{-1};
  for (const std::int64_t length : input) shape = shape.append(length);
  return {train.x.reshape(shape).astype(float32) / 255, utils::to_categorical(train.y, 10),
          test.x.reshape(shape).astype(float32) / 255, utils::to_categorical(test.y, 10)};
}

// Seconds of whole fits with validation on the test images, without and with the callback by turns, each from new
// weights, and the medians' ratio.
using Watching = std::function<Shared<callbacks::Callback>(int round)>;
nlohmann::ordered_json cost_of(const std::string& callback, const Watching& watching, const std::string& name,
                               const Data& data, int batch_size, int epochs, int threads, int rounds) {
  const auto fit_seconds = [&](const std::vector<Shared<callbacks::Callback>>& watched) {
    auto network = bench::model(name);
    bench::compile(network, name, threads);
    const double start = bench::now();
    network.fit(data.x, data.y,
                {.batch_size = batch_size,
                 .epochs = epochs,
                 .verbose = 0,
                 .callbacks = watched,
                 .validation_data = {data.x_test, data.y_test}});
    return bench::now() - start;
  };
  std::vector<double> plain, watched, ratios;
  for (int i = 0; i < rounds; ++i) {
    plain.push_back(fit_seconds({}));
    watched.push_back(fit_seconds({watching(i)}));
    ratios.push_back(watched.back() / plain.back());
  }
  return {{"fit_seconds", plain},
          {callback + "_fit_seconds", watched},
          {callback + "_ratios", ratios},
          {callback + "_ratio", bench::median(ratios)}};
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
  bench::compile(network, name, threads);
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
  int batch_size = 256, samples = 0, epochs = 5, threads = 0, rounds = 5, beside = 0;
  std::string tensorboard, backup;
  int save_freq = 100;
  bench::po::options_description options(
      "bench_training: seconds per epoch, shuffling and metrics included, as one JSON line");
  // clang-format off
  options.add_options()
    ("model", bench::po::value(&name)->default_value(name),
     "mlp: 784-512-512-10, RMSprop; the others with Adam. cnn: two convolutions; lstm, gru: 128 units over rows; "
     "transformer: two encoder blocks over rows; on generated data resnet20, and characters: two LSTMs of 256 units")
    ("data", bench::po::value(&data), "mnist.npz, or a folder of IDX files; resnet20 and characters need none")
    ("batch-size", bench::po::value(&batch_size)->default_value(batch_size), "images per step")
    ("samples", bench::po::value(&samples)->default_value(samples),
     "of training; 0: all 60,000, or 2,560 generated ones")
    ("epochs", bench::po::value(&epochs)->default_value(epochs), "passes over the training images")
    ("dtype", bench::po::value(&dtype)->default_value(dtype), "float32, or bfloat16 (the policy mixed_bfloat16)")
    ("threads", bench::po::value(&threads)->default_value(threads), "0: as many as OpenMP gives")
    ("tensorboard", bench::po::value(&tensorboard),
     "instead: whole fits with validation, without and with the callback TensorBoard (histogram_freq 1) writing here")
    ("backup", bench::po::value(&backup),
     "instead: the same with the callback BackupAndRestore and its checkpoints here")
    ("save-freq", bench::po::value(&save_freq)->default_value(save_freq), "of that callback, in batches")
    ("beside", bench::po::value(&beside)->default_value(beside),
     "instead: epochs and predictions of one row, alone and beside so many busy processes, by turns")
    ("rounds", bench::po::value(&rounds)->default_value(rounds), "of any of these");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (dtype == "bfloat16")
    mixed_precision::set_global_policy("mixed_bfloat16");
  else if (dtype != "float32")
    throw ValueError("--dtype must be float32 or bfloat16, got '" + dtype + "'");
  if (beside < 0) throw ValueError("--beside must be at least 1, got " + std::to_string(beside));
  if (epochs < 1) throw ValueError("--epochs must be at least 1, got " + std::to_string(epochs));

  const Data all = read(name, data, samples);
  if (!tensorboard.empty() || !backup.empty() || beside > 0) {
    if (rounds < 1) throw ValueError("--rounds must be at least 1, got " + std::to_string(rounds));
    nlohmann::ordered_json line{{"model", name}, {"batch_size", batch_size}, {"dtype", dtype}, {"epochs", epochs}};
    const auto folder = [](const std::string& of, int round) {
      return std::filesystem::path(of) / std::to_string(round);
    };
    const Watching logging = [&](int round) {
      return callbacks::TensorBoard({.log_dir = folder(tensorboard, round), .histogram_freq = 1});
    };
    const Watching keeping = [&](int round) {
      return callbacks::BackupAndRestore({.backup_dir = folder(backup, round), .save_freq = save_freq});
    };
    line.update(beside > 0       ? beside_busy_loops(name, all, batch_size, epochs, threads, rounds, beside)
                : backup.empty() ? cost_of("tensorboard", logging, name, all, batch_size, epochs, threads, rounds)
                                 : cost_of("backup", keeping, name, all, batch_size, epochs, threads, rounds));
    std::cout << line << '\n';
    return 0;
  }

  auto network = bench::model(name);
  bench::compile(network, name, threads);
  const auto times = std::make_shared<EpochTimes>();
  const double before = bench::rss_mb();
  network.fit(all.x, all.y, {.batch_size = batch_size, .epochs = epochs, .verbose = 0, .callbacks = {times}});
  const double peak = bench::peak_rss_mb();
  nlohmann::ordered_json line{{"model", name},
                              {"batch_size", batch_size},
                              {"dtype", dtype},
                              {"samples", all.x.shape().front()},
                              {"epoch_seconds", times->seconds},
                              {"best_epoch_seconds", *std::min_element(times->seconds.begin(), times->seconds.end())}};
  if (all.x_test.size() > 0)
    line["test_accuracy"] = network.evaluate(all.x_test, all.y_test, {.batch_size = 256, .verbose = 0})["accuracy"];
  line.update({{"peak_rss_mb", bench::peak_rss_mb()},
               {"peak_above_data_mb", peak - before},
               {"threads", threads > 0 ? threads : omp_get_max_threads()}});
  std::cout << line << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_training", [&] { return run(argc, argv); });
}

// Learning from files that are larger than the memory the program takes: their rows are written piece by piece, read in
// random order while the model trains, and forgotten.
#include <cornu/cornu.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

/// Megabytes of memory that the program has now.
double resident() {
  std::ifstream file("/proc/self/statm");
  double program = 0, resident = 0;
  file >> program >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

int main() {
  utils::set_random_seed(1);
  const std::int64_t rows = 160000, features = 200, piece = 8000;
  const fs::path folder = fs::temp_directory_path() / ("cornu_large_data_" + std::to_string(getpid()));
  fs::create_directories(folder);
  random::Generator rng(2);
  const Array truth = rng.normal({features, 1});
  io::npy::RowWriter x_file(folder / "x.npy", {float32, {rows, features}}),
      y_file(folder / "y.npy", {float32, {rows, 1}});
  for (std::int64_t i = 0; i < rows; i += piece) {
    const Array x = rng.normal({piece, features});
    x_file.write(x);
    y_file.write((matmul(x, truth) > 0).astype(float32));
  }
  x_file.commit();
  y_file.commit();
  const double size = static_cast<double>(fs::file_size(folder / "x.npy")) / 1e6;

  auto data = data::Dataset::from_tensor_slices({data::Rows::npy(folder / "x.npy"), data::Rows::npy(folder / "y.npy")});
  auto held_out = data.take(20000).batch(1000), train = data.skip(20000).shuffle(rows).batch(250).prefetch(2);
  models::Sequential model({layers::Input({.shape = {features}}), layers::Dense(1, {.activation = "sigmoid"})});
  model.compile(
      {.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "binary_crossentropy", .metrics = {"accuracy"}});

  const double before = resident();
  double most = before;
  callbacks::LambdaCallback watch({.on_train_batch_end = [&](int, const Logs&) { most = std::max(most, resident()); }});
  auto history = model.fit(train, {.epochs = 2, .verbose = 0, .callbacks = {watch}, .validation_data = held_out});
  fs::remove_all(folder);

  std::cerr << "a file of " << size << " MB; the program took " << before << " MB before it learnt from it and " << most
            << " MB at most; accuracy " << history["val_accuracy"].back() << '\n';
  std::cout << std::boolalpha << "memory grew by less than a quarter of the file: " << (most - before < size / 4)
            << '\n'
            << "nearly all are right: " << (history["val_accuracy"].back() > 0.97) << '\n';
}

// Prints:
//   memory grew by less than a quarter of the file: true
//   nearly all are right: true

// Callbacks that Cornu has: stop when it no longer gets better, keep the best model, lower the learning rate, write a
// CSV file.
#include <cornu/cornu.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

using namespace cornu;
using namespace cornu::keras;

#define CHECK(what)                               \
  do {                                            \
    if (!(what)) {                                \
      std::cout << "this is not so: " #what "\n"; \
      return 1;                                   \
    }                                             \
  } while (false)

int main() {
  utils::set_random_seed(1);
  const auto folder =
      std::filesystem::temp_directory_path() / ("cornu-example-callbacks-" + std::to_string(std::random_device()()));
  std::filesystem::create_directories(folder);

  // Points inside or outside of a circle; some of the labels are wrong, so that training for too long learns them by
  // heart.
  random::Generator rng(7);
  auto labels = [&](const Array& points) {
    return ((sum(points * points, 1) < 0.5).astype(float32) - rng.uniform({points.rows()}, 0, 1.2) > -0.2)
        .astype(float32)
        .reshape({-1, 1});
  };
  Array x = rng.uniform({96, 2}, -1, 1), x_val = rng.uniform({256, 2}, -1, 1);
  Array y = labels(x), y_val = labels(x_val);

  models::Sequential model({layers::Dense(64, {.activation = "relu", .input_shape = {2}}),
                            layers::Dense(64, {.activation = "relu"}), layers::Dense(1, {.activation = "sigmoid"})});
  model.compile(
      {.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "binary_crossentropy", .metrics = {"acc"}});

  // Handles: `early` and the callback that fit works with are the same object.
  callbacks::EarlyStopping early({.monitor = "val_loss", .patience = 12, .restore_best_weights = true});
  callbacks::ModelCheckpoint best({.filepath = folder / "best.h5", .monitor = "val_loss", .save_best_only = true});
  callbacks::ReduceLROnPlateau plateau({.monitor = "val_loss", .factor = 0.5, .patience = 4, .min_lr = 1e-5});
  History history = model.fit(
      x, y,
      {.epochs = 500,
       .verbose = 0,
       .callbacks = {early, best, plateau, callbacks::CSVLogger(folder / "log.csv"), callbacks::TerminateOnNaN()},
       .validation_data = {x_val, y_val}});

  const auto& losses = history["val_loss"];
  const auto smallest = std::min_element(losses.begin(), losses.end());
  CHECK(losses.size() < 500);
  CHECK(early->stopped_epoch() + 1 == static_cast<int>(losses.size()));
  CHECK(early->best_epoch() == smallest - losses.begin());
  CHECK(early->best() == *smallest && best->best() == *smallest);
  std::cout << "stopped early, with the best epoch behind it\n";

  // Both hold the weights of the best epoch: the model, since early stopping restored them, and the file.
  auto saved = models::load_model(folder / "best.h5");
  CHECK(array_equal(saved.predict(x_val), model.predict(x_val)));
  std::cout << "the model is the one in best.h5\n";

  const auto& rates = history["learning_rate"];
  CHECK(rates.front() > rates.back());
  std::cout << "the learning rate was lowered on the way\n";

  std::ifstream csv(folder / "log.csv");
  std::string line;
  std::getline(csv, line);
  std::cout << line.substr(0, line.find('\r')) << '\n';
  std::size_t lines = 0;
  while (std::getline(csv, line)) ++lines;
  CHECK(lines == losses.size());

  // A rate for each epoch, by a function of the epoch and the rate so far.
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 1.0}), .loss = "binary_crossentropy"});
  history = model.fit(
      x, y, {.epochs = 4, .verbose = 0, .callbacks = {callbacks::LearningRateScheduler([](int epoch, double rate) {
                                          return epoch < 2 ? rate : rate / 2;
                                        })}});
  std::cout << "rates:";
  for (double rate : history["learning_rate"]) std::cout << ' ' << rate;
  std::cout << '\n';
  std::filesystem::remove_all(folder);
}

// Prints:
//   stopped early, with the best epoch behind it
//   the model is the one in best.h5
//   the learning rate was lowered on the way
//   epoch,acc,learning_rate,loss,val_acc,val_loss
//   rates: 1 1 0.5 0.25

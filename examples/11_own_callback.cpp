// Callbacks of one's own: a class that derives from Callback, and functions.
#include <cornu/cornu.h>

#include <cmath>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

// Stops when the loss is small enough, and logs how large the weights are: what a callback adds is in the History and
// on the screen.
struct StopWhenGood : callbacks::Callback {
  double goal = 0.001;
  int epochs = 0, batches = 0;

  void on_train_batch_end(int, const Logs&) override { ++batches; }
  void add_to_logs(int, Logs& logs) override {
    double squares = 0;
    for (const Array& w : model().get_weights()) squares += sum(w * w).item<double>();
    logs.set("norm", std::sqrt(squares));
  }
  void on_epoch_end(int epoch, const Logs& logs) override {
    epochs = epoch + 1;
    if (logs.at("loss") < goal) model().stop_training = true;
  }
};

int main() {
  utils::set_random_seed(1);
  random::Generator rng(7);
  Array x = rng.uniform({64, 2}, -1, 1);
  Array y = (x * Array{3.f, 4.f}).reshape({-1, 2});
  y = sum(y, 1).reshape({-1, 1});  // 3 a + 4 b: weights of norm 5

  models::Sequential model({layers::Dense(1, {.input_shape = {2}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.1}), .loss = "mse"});

  // By value it would be moved into fit; a share can be asked afterwards.
  auto good = share(StopWhenGood());
  good->goal = 1e-6;

  // Functions, for what is not worth a class.
  double first = 0;
  bool ended = false;
  callbacks::LambdaCallback notes({.on_epoch_end =
                                       [&](int epoch, const Logs& logs) {
                                         if (epoch == 0) first = logs["loss"];
                                       },
                                   .on_train_end = [&](const Logs&) { ended = true; }});

  History history = model.fit(x, y, {.batch_size = 16, .epochs = 1000, .verbose = 0, .callbacks = {good, notes}});
  std::cout << "stopped before the last epoch: " << std::boolalpha << (good->epochs < 1000) << '\n';
  std::cout << "batches per epoch: " << good->batches / good->epochs << '\n';
  std::cout << "logged every epoch: " << (history["norm"].size() == static_cast<std::size_t>(good->epochs)) << '\n';
  std::cout << "norm of the weights at the end: " << std::round(history["norm"].back() * 100) / 100 << '\n';
  std::cout << "the functions were called: " << (first > history["loss"].back() && ended) << '\n';
}

// Prints:
//   stopped before the last epoch: true
//   batches per epoch: 4
//   logged every epoch: true
//   norm of the weights at the end: 5
//   the functions were called: true

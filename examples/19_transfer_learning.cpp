// Transfer learning: a network that knows the digits 0 to 4 learns 5 to 9 from a few images. Its convolutions are
// frozen while a new head is trained; then all is trained a little.
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

int main(int argc, char** argv) try {
  const auto options = DigitOptions::parse(argc, argv, "transfer_learning: new digits with what old ones have taught",
                                           {.epochs = 3, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  Array x = images(train.x.slice(0, options->samples)), y = train.y.slice(0, options->samples);
  Array x_old = x[y < 5], y_old = y[y < 5];
  Array x_new = Array(x[y >= 5]).slice(0, 500), y_new = Array(y[y >= 5]).slice(0, 500) - 5;
  Array x_test = images(test.x[test.y >= 5]), y_test = Array(test.y[test.y >= 5]) - 5;

  models::Sequential base(
      {layers::Input({.shape = {28, 28, 1}}), layers::Conv2D(16, 3, {.activation = "relu"}), layers::MaxPooling2D(2),
       layers::Conv2D(32, 3, {.activation = "relu"}), layers::MaxPooling2D(2), layers::Flatten()},
      "base");
  const auto with_head = [&](const char* name) {
    auto image = layers::Input({.shape = {28, 28, 1}});
    auto hidden = layers::Dense(64, {.activation = "relu"})(base(image));
    return models::Model(image, layers::Dense(5, {.activation = "softmax"})(hidden), name);
  };
  // Made anew for each model, for an optimizer belongs to one.
  const auto compiled = [](models::Model model) {
    model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
    return model;
  };

  models::Model old_digits = compiled(with_head("old_digits"));
  old_digits.fit(x_old, y_old,
                 {.batch_size = options->batch_size, .epochs = options->epochs, .verbose = options->verbose});

  // The same base, another head. What is frozen is not trained, from the next compile on.
  base.set_trainable(false);
  models::Model model = compiled(with_head("new_digits"));
  const std::size_t frozen = model.trainable_weights().size();
  model.fit(x_new, y_new, {.batch_size = 32, .epochs = 5, .verbose = options->verbose});
  const double first = model.evaluate(x_test, y_test, {.verbose = 0})["accuracy"];

  base.set_trainable(true);
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 3e-4}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.fit(x_new, y_new, {.batch_size = 32, .epochs = 3, .verbose = options->verbose});
  const double then = model.evaluate(x_test, y_test, {.verbose = 0})["accuracy"];

  std::cerr << "accuracy on 5 to 9: " << first << " with a frozen base, " << then << " in the end\n";
  std::cout << std::boolalpha << "weights that are trained: " << frozen << ", then " << model.trainable_weights().size()
            << '\n'
            << "new digits are told apart: " << (first > 0.75 && then > 0.8) << '\n';
} catch (const std::exception& e) {
  std::cerr << "transfer_learning: " << e.what() << '\n';
  return 1;
}

// Prints:
//   weights that are trained: 4, then 8
//   new digits are told apart: true

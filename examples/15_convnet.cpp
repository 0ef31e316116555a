// A convolutional network tells digits apart: more than 98.5 % of the test images after two passes over the others.
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

int main(int argc, char** argv) try {
  const auto options = DigitOptions::parse(argc, argv, "convnet: tells digits apart", {.epochs = 2, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  Array x = images(train.x.slice(0, options->samples)), y = train.y.slice(0, options->samples);

  models::Sequential model({layers::Input({.shape = {28, 28, 1}}),          //
                            layers::Conv2D(32, 3, {.activation = "relu"}),  // (26, 26, 32)
                            layers::MaxPooling2D(2),                        // (13, 13, 32)
                            layers::Conv2D(64, 3, {.activation = "relu"}),  // (11, 11, 64)
                            layers::MaxPooling2D(2),                        // (5, 5, 64)
                            layers::Flatten(),                              // (1600,)
                            layers::Dropout(0.25),                          //
                            layers::Dense(10, {.activation = "softmax"})});
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.fit(x, y, {.batch_size = options->batch_size, .epochs = options->epochs, .verbose = options->verbose});
  const double accuracy = model.evaluate(images(test.x), test.y, {.verbose = 0})["accuracy"];
  std::cerr << "test accuracy " << accuracy << '\n';

  // What the layers see on their way, as a model.
  models::Model features({.inputs = model.inputs(), .outputs = {model.get_layer(3)->output()}});
  std::cout << "inside: " << features.predict(images(test.x.slice(0, 5))).shape() << '\n'
            << std::boolalpha << "digits are told apart: " << (accuracy > 0.8) << '\n';
} catch (const std::exception& e) {
  std::cerr << "convnet: " << e.what() << '\n';
  return 1;
}

// Prints:
//   inside: (5, 5, 5, 64)
//   digits are told apart: true

// A residual network: each block adds to what it is given, so that many of them can stand in a row (He and others, Deep
// Residual Learning for Image Recognition, 2015).
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

KerasTensor normalized_conv(const KerasTensor& x, int filters, int strides = 1) {
  auto y = layers::Conv2D(filters, 3, {.strides = strides, .padding = "same", .use_bias = false})(x);
  return layers::BatchNormalization({.momentum = 0.9})(y);
}

/// Two convolutions beside a way around them; with other strides or filters the way is a convolution of single pixels.
KerasTensor block(const KerasTensor& x, int filters, int strides = 1) {
  auto around = x;
  if (strides != 1 || x.shape().back() != filters) around = layers::Conv2D(filters, 1, {.strides = strides})(x);
  auto y = layers::ReLU()(normalized_conv(x, filters, strides));
  return layers::ReLU()(layers::Add()({around, normalized_conv(y, filters)}));
}

int main(int argc, char** argv) try {
  const auto options =
      DigitOptions::parse(argc, argv, "residual_network: tells digits apart", {.epochs = 5, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  Array x = images(train.x.slice(0, options->samples)), y = train.y.slice(0, options->samples);
  Array x_test = images(test.x.slice(0, 2000)), y_test = test.y.slice(0, 2000);

  auto image = layers::Input({.shape = {28, 28, 1}});
  auto z = layers::ReLU()(normalized_conv(image, 16, 2));
  for (const int filters : {16, 32, 64}) {
    z = block(z, filters, filters == 16 ? 1 : 2);
    z = block(z, filters);
  }
  auto digit = layers::Dense(10, {.activation = "softmax"})(layers::GlobalAveragePooling2D()(z));
  models::Model model({.inputs = {image}, .outputs = {digit}, .name = "residual_network"});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.002}),
                 .loss = "sparse_categorical_crossentropy",
                 .metrics = {"accuracy"}});
  model.fit(x, y,
            {.batch_size = options->batch_size,
             .epochs = options->epochs,
             .verbose = options->verbose,
             .callbacks = {callbacks::ReduceLROnPlateau({.monitor = "loss", .patience = 1})}});
  const double accuracy = model.evaluate(x_test, y_test, {.verbose = 0})["accuracy"];
  std::cerr << "test accuracy " << accuracy << ", " << model.count_params() << " weights\n";

  model.save("residual_network.h5");
  const models::Model loaded = models::load_model("residual_network.h5");
  std::cout << std::boolalpha << "digits are told apart: " << (accuracy > 0.8) << '\n'
            << "the same after loading: " << array_equal(loaded.predict(x_test), model.predict(x_test)) << '\n';
} catch (const std::exception& e) {
  std::cerr << "residual_network: " << e.what() << '\n';
  return 1;
}

// Prints:
//   digits are told apart: true
//   the same after loading: true

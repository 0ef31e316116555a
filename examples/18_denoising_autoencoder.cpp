// An autoencoder of convolutions takes noise out of images: it is squeezed to a quarter of the width, and drawn large
// again.
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

int main(int argc, char** argv) try {
  const auto options = DigitOptions::parse(argc, argv, "denoising_autoencoder: takes noise out of digits",
                                           {.epochs = 5, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  random::Generator rng(options->seed);
  const auto noisy = [&](const Array& x) { return clip(x + rng.normal(x.shape(), 0, 0.5), 0, 1); };
  Array x = images(train.x.slice(0, options->samples)), x_test = images(test.x.slice(0, 1000));
  Array x_noisy = noisy(x), x_test_noisy = noisy(x_test);

  models::Sequential model(
      {layers::Input({.shape = {28, 28, 1}}),
       layers::Conv2D(32, 3, {.strides = 2, .padding = "same", .activation = "relu"}),
       layers::Conv2D(32, 3, {.strides = 2, .padding = "same", .activation = "relu"}),  // (7, 7, 32)
       layers::Conv2DTranspose(32, 3, {.strides = 2, .padding = "same", .activation = "relu"}),
       layers::UpSampling2D(2),  // (28, 28, 32)
       layers::Conv2D(16, 3, {.padding = "same", .activation = "relu"}),
       layers::Conv2D(1, 3, {.padding = "same", .activation = "sigmoid"})});
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy"});
  model.fit(x_noisy, x,
            {.batch_size = options->batch_size,
             .epochs = options->epochs,
             .verbose = options->verbose,
             .validation_data = {x_test_noisy, x_test}});

  Array cleaned = model.predict(x_test_noisy);
  const auto error = [&](const Array& y) { return mean((y - x_test) * (y - x_test)).item<double>(); };
  std::cerr << "mean squared error: " << error(x_test_noisy) << " with noise, " << error(cleaned) << " without it\n";
  if (!options->pictures.empty())  // above digits with noise, below what came out
    utils::save_img(options->pictures, tiled(concatenate({x_test_noisy.slice(0, 16), cleaned.slice(0, 16)}, 0), 16));
  std::cout << std::boolalpha << "less than half of the noise is left: " << (error(cleaned) < error(x_test_noisy) / 2)
            << '\n';
} catch (const std::exception& e) {
  std::cerr << "denoising_autoencoder: " << e.what() << '\n';
  return 1;
}

// Prints:
//   less than half of the noise is left: true

// A U-Net finds shapes in noise, pixel by pixel: what it has seen on the way down is joined again on the way up
// (Ronneberger and others, U-Net, 2015). The images are drawn here; nothing is downloaded.
#include <cornu/cornu.h>

#include <cstdlib>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

constexpr std::int64_t kSize = 32;

/// Images with one circle or square on a noisy ground, and where the shape is.
std::pair<Array, Array> shapes(std::int64_t count, random::Generator& rng) {
  Array x = rng.uniform({count, kSize, kSize, 1}, 0, 0.6), y = zeros({count, kSize, kSize, 1});
  for (std::int64_t i = 0; i < count; ++i) {
    const bool circle = rng.below(2) == 0;
    const auto radius = static_cast<std::int64_t>(4 + rng.below(5));
    const auto middle = [&] { return radius + static_cast<std::int64_t>(rng.below(kSize - 2 * radius)); };
    const std::int64_t row = middle(), column = middle();
    for (std::int64_t r = row - radius; r <= row + radius; ++r)
      for (std::int64_t c = column - radius; c <= column + radius; ++c) {
        const bool inside = (r - row) * (r - row) + (c - column) * (c - column) <= radius * radius;
        if (circle && !inside) continue;
        x.at<float>({i, r, c, 0}) += 0.3F;
        y.at<float>({i, r, c, 0}) = 1;
      }
  }
  return {x, y};
}

KerasTensor convolutions(const KerasTensor& x, int filters) {
  auto y = layers::Conv2D(filters, 3, {.padding = "same", .activation = "relu"})(x);
  return layers::Conv2D(filters, 3, {.padding = "same", .activation = "relu"})(y);
}

int main(int argc, char** argv) {
  utils::set_random_seed(1);
  random::Generator rng(1);
  auto [x, y] = shapes(argc > 1 ? std::atoi(argv[1]) : 600, rng);
  auto [x_test, y_test] = shapes(100, rng);

  auto image = layers::Input({.shape = {kSize, kSize, 1}});
  auto top = convolutions(image, 8);                                 // (32, 32, 8)
  auto middle = convolutions(layers::MaxPooling2D(2)(top), 16);      // (16, 16, 16)
  auto bottom = convolutions(layers::MaxPooling2D(2)(middle), 32);   // (8, 8, 32)
  auto up = layers::Conv2DTranspose(16, 2, {.strides = 2})(bottom);  // (16, 16, 16)
  up = convolutions(layers::Concatenate()({up, middle}), 16);
  up = layers::Conv2DTranspose(8, 2, {.strides = 2})(up);  // (32, 32, 8)
  up = convolutions(layers::Concatenate()({up, top}), 8);
  auto mask = layers::Conv2D(1, 1, {.activation = "sigmoid"})(up);

  models::Model model({.inputs = {image}, .outputs = {mask}, .name = "u_net"});
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.005}),
                 .loss = "binary_crossentropy",
                 .metrics = {metrics::Precision(), metrics::Recall()}});
  model.fit(x, y, {.batch_size = 32, .epochs = 8, .verbose = 0});
  auto scores = model.evaluate(x_test, y_test, {.verbose = 0});

  Array found = model.predict(x_test) > 0.5, wanted = y_test > 0.5;
  const double common = sum(found * wanted).item<double>(), either = sum(maximum(found, wanted)).item<double>();
  std::cerr << "precision " << scores["precision"] << ", recall " << scores["recall"] << ", intersection over union "
            << common / either << '\n';
  if (argc > 2)  // the image, the shape, what was found
    utils::save_img(argv[2], concatenate({x_test[0], y_test[0], found[0].astype(float32)}, 1));
  std::cout << std::boolalpha << "the mask is as large as the image: " << (found.shape() == x_test.shape()) << '\n'
            << "shapes are found: " << (common / either > 0.8) << '\n';
}

// Prints:
//   the mask is as large as the image: true
//   shapes are found: true

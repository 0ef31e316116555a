// A siamese network: one encoder looks at two images, and says how near they are. Trained to tell whether two digits
// are the same one, it knows digits by a single example of each.
#include <cornu/cornu.h>

#include <algorithm>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

/// For each image another one: of the same digit for even places, of another digit for odd ones.
std::vector<std::int64_t> partners(const Array& labels, random::Generator& rng) {
  std::vector<std::int64_t> found;
  for (std::int64_t i = 0; i < labels.rows(); ++i) {
    const auto same = [&](std::int64_t j) { return labels.at<std::uint8_t>({i}) == labels.at<std::uint8_t>({j}); };
    std::int64_t j = 0;
    do j = static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(labels.rows())));
    while (same(j) != (i % 2 == 0));
    found.push_back(j);
  }
  return found;
}

int main(int argc, char** argv) try {
  const auto options =
      DigitOptions::parse(argc, argv, "siamese_network: are two digits the same one?", {.epochs = 5, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  random::Generator rng(options->seed);
  const auto pairs = [&](const Array& x, const Array& labels) {  // first, second, 1 if they are the same digit
    const auto others = partners(labels, rng);
    Array first = images(x), same = (labels == labels.take(others)).astype(float32).reshape({-1, 1});
    return std::tuple(first, first.take(others), same);
  };
  auto [a, b, same] = pairs(train.x.slice(0, options->samples), train.y.slice(0, options->samples));
  auto [a_test, b_test, same_test] = pairs(test.x.slice(0, 2000), test.y.slice(0, 2000));

  models::Sequential encode(
      {layers::Input({.shape = {28, 28, 1}}), layers::Conv2D(16, 3, {.strides = 2, .activation = "relu"}),
       layers::Conv2D(32, 3, {.strides = 2, .activation = "relu"}), layers::Flatten(), layers::Dense(32)},
      "encode");
  auto first = layers::Input({.shape = {28, 28, 1}}), second = layers::Input({.shape = {28, 28, 1}});
  auto squares = ops::square(encode(first) - encode(second));
  auto likeness = ops::exp(-0.1 * ops::sum(squares, -1, keepdims));  // 1 for the same place, 0 far away

  models::Model model({.inputs = {first, second}, .outputs = {{"same", likeness}}, .name = "siamese"});
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy", .metrics = {"accuracy", metrics::AUC()}});
  model.fit({a, b}, same, {.batch_size = options->batch_size, .epochs = options->epochs, .verbose = options->verbose});
  auto scores = model.evaluate({a_test, b_test}, same_test, {.verbose = 0});
  std::cerr << "pairs told apart: " << scores["accuracy"] << ", area under the curve " << scores["auc"] << '\n';

  // One image of each digit: every other one is the digit to whose image it lies nearest.
  std::vector<std::int64_t> examples;
  for (int digit = 0; digit < 10; ++digit)
    for (std::int64_t i = 0; i < test.y.rows(); ++i)
      if (test.y.at<std::uint8_t>({i}) == digit) {
        examples.push_back(i);
        break;
      }
  Array known = encode.predict(images(test.x.take(examples))), codes = encode.predict(images(test.x.slice(0, 2000)));
  Array apart = expand_dims(codes, 1) - expand_dims(known, 0);  // (2000, 10, 32)
  Array nearest = argmin(sum(apart * apart, 2), 1);
  const double right = mean(nearest == test.y.slice(0, 2000).astype(int64)).item<double>();
  std::cerr << "digits known by one example: " << right << '\n';

  std::cout << std::boolalpha << "pairs are told apart: " << (scores["auc"] > 0.8) << '\n'
            << "one example tells a digit: " << (right > 0.4) << '\n';
} catch (const std::exception& e) {
  std::cerr << "siamese_network: " << e.what() << '\n';
  return 1;
}

// Prints:
//   pairs are told apart: true
//   one example tells a digit: true

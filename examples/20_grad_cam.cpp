// What does a convnet look at? Grad-CAM weighs the maps of the last convolution by the gradient of the answer
// (Selvaraju and others, Grad-CAM, 2017), and an image that is changed uphill shows what the network takes for a digit.
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

int main(int argc, char** argv) try {
  const auto options =
      DigitOptions::parse(argc, argv, "grad_cam: what a convnet looks at", {.epochs = 2, .batch_size = 64});
  if (!options) return 0;
  auto [train, test] = load(options->data);
  models::Sequential model({layers::Input({.shape = {28, 28, 1}}),
                            layers::Conv2D(16, 3, {.padding = "same", .activation = "relu"}), layers::MaxPooling2D(2),
                            layers::Conv2D(32, 3, {.padding = "same", .activation = "relu", .name = "last"}),
                            layers::MaxPooling2D(2), layers::Flatten(), layers::Dense(10, {.name = "logits"})});
  model.compile({.optimizer = "adam",
                 .loss = losses::SparseCategoricalCrossentropy({.from_logits = true}),
                 .metrics = {"accuracy"}});
  model.fit(images(train.x.slice(0, options->samples)), train.y.slice(0, options->samples),
            {.batch_size = options->batch_size, .epochs = options->epochs, .verbose = options->verbose});

  // The same layers with two outputs: the maps of the last convolution, and the answer. Inside of a Function a model is
  // called as a layer, which it is.
  auto maps_of_last = model.get_layer("last")->output();
  Shared<layers::Layer> network = model, both = models::Model(model.inputs(), {maps_of_last, model.outputs()[0]});
  Function grad_cam([&](const Tensor& image) {
    Context ctx;
    const Tensors out = both(Inputs(image), ctx);
    const Tensor &maps = out[0], answer = ops::max(out[1], -1);  // (1, 14, 14, 32), (1,)
    // Without the mean over the places that Grad-CAM takes, which is for networks that end in a global mean: what each
    // place adds to the answer (HiResCAM; Draelos and Carin, 2020).
    Tensor slope = autodiff::gradients(answer, {maps})[0];
    Tensor heat = ops::relu(ops::sum(maps * slope, -1));  // (1, 14, 14)
    return heat / (ops::max(heat) + 1e-7);
  });
  Array image = images(test.x.slice(0, 1)), heat = grad_cam(image);

  // An image of a three, as the network sees it: begin with grey noise and walk uphill.
  const int digit = 3;
  Function uphill([&](const Tensor& x) {
    Context ctx;
    Tensor answer = ops::take(network(x, ctx), Array{digit}, 1);
    Tensor slope = autodiff::gradients(answer, {x})[0];
    return ops::clip(x + 0.05 * slope / (ops::sqrt(ops::mean(ops::square(slope))) + 1e-7), 0, 1);
  });
  Array dream = random::Generator(options->seed).uniform({1, 28, 28, 1}, 0.4, 0.6);
  for (int i = 0; i < 50; ++i) dream = uphill(dream);

  // Twice as large, as the maps are half as wide as the image.
  Array large = (zeros({14, 2, 14, 2}) + heat.reshape({14, 1, 14, 1})).reshape({1, 28, 28, 1});
  if (!options->pictures.empty())  // the digit, where the network looks, what it takes for a three
    utils::save_img(options->pictures, tiled(concatenate({image, large, dream}, 0), 3));

  // It looks at the digit, not beside it: brightness where the map is hot, and where it is not.
  const double hot = sum(large * image).item<double>() / sum(large).item<double>();
  std::cerr << "brightness where it looks " << hot << ", everywhere " << mean(image).item<double>() << '\n';
  std::cout << std::boolalpha << "map: " << heat.shape() << '\n'
            << "it looks at the digit: " << (hot > mean(image).item<double>()) << '\n'
            << "the dream is a three: " << (argmax(model.predict(dream)).item<int>() == digit) << '\n';
} catch (const std::exception& e) {
  std::cerr << "grad_cam: " << e.what() << '\n';
  return 1;
}

// Prints:
//   map: (1, 14, 14)
//   it looks at the digit: true
//   the dream is a three: true

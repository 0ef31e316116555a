// Two networks that learn from each other: a generator draws digits from random numbers, a discriminator tells them
// from real ones. A model of one's own with a training step of its own and an optimizer for each half.
#include <cornu/cornu.h>

#include <cmath>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

struct Gan : models::Network {
  static constexpr std::int64_t kNoise = 64;
  Shared<layers::Layer> generator, discriminator;
  optimizers::Adam draws{{.learning_rate = 0.0002, .beta_1 = 0.5}}, judges{{.learning_rate = 0.0002, .beta_1 = 0.5}};
  losses::BinaryCrossentropy loss{{.from_logits = true}};

  // Parts that are added belong to the model: their weights are its weights.
  Gan(const models::Model& generator, const models::Model& discriminator)
      : generator(add_layer(Shared<layers::Layer>(generator), "generator")),
        discriminator(add_layer(Shared<layers::Layer>(discriminator), "discriminator")) {
    set_seed(std::nullopt);
  }

  // What the model makes of an image when it does not train: is it real?
  Tensor call(const Tensor& image, Context& ctx) override { return discriminator(image, ctx); }

  Tensor draw(std::int64_t count, Context& ctx) {
    return generator(ops::random_normal(random_state(ctx), {count, kNoise}), ctx);
  }

  void train_step(const Batch& batch, models::Step& step) override {
    Context& ctx = step.context();
    const Tensor ones = graph::ones({batch.size(), 1}), zeros = graph::zeros({batch.size(), 1});

    // The discriminator should say 1 to what is real and 0 to what was drawn.
    const Tensor real = discriminator(batch.x[0], ctx), fake = discriminator(draw(batch.size(), ctx), ctx);
    const Tensor judging = (loss(ones, real) + loss(zeros, fake)) / 2;
    step.minimise(judging, judges, discriminator->trainable_weights());

    // The generator should draw what the discriminator, as it is now, says 1 to.
    const Tensor drawing = loss(ones, discriminator(draw(batch.size(), ctx), ctx));
    step.minimise(drawing, draws, generator->trainable_weights());

    step.track("discriminator_loss", judging);
    step.track("generator_loss", drawing);
  }
};

int main(int argc, char** argv) try {
  const auto options = DigitOptions::parse(argc, argv, "gan: learns to draw digits");
  if (!options) return 0;
  auto [train, test] = load(options->data);
  Array x = rows(train.x.slice(0, options->samples));

  models::Sequential generator({layers::Input({.shape = {Gan::kNoise}}), layers::Dense(256, {.activation = "relu"}),
                                layers::Dense(512, {.activation = "relu"}),
                                layers::Dense(784, {.activation = "sigmoid"})});
  models::Sequential discriminator({layers::Input({.shape = {784}}), layers::Dense(256, {.activation = "leaky_relu"}),
                                    layers::Dropout(0.3), layers::Dense(1)});
  models::Model gan(share(Gan(generator, discriminator)));
  gan.compile({});  // the step has its losses and optimizers
  const Array noise = random::Generator(options->seed).normal({64, Gan::kNoise});
  const Array before = generator.predict(noise);
  const History history =
      gan.fit(x, {.batch_size = options->batch_size, .epochs = options->epochs, .verbose = options->verbose});
  const Array drawn = generator.predict(noise);
  if (!options->pictures.empty()) utils::save_img(options->pictures, tiled(drawn, 16));

  // Untrained it draws grey; real digits are mostly black.
  const double grey = mean(before).item<double>(), now = mean(drawn).item<double>(), real = mean(x).item<double>();
  std::cerr << "mean brightness: " << grey << " at first, " << now << " at last, of real digits " << real << '\n';
  std::cout << std::boolalpha << "nearer to real digits: " << (std::abs(now - real) < std::abs(grey - real)) << '\n'
            << "losses are finite: "
            << (std::isfinite(history["generator_loss"].back()) && std::isfinite(history["discriminator_loss"].back()))
            << '\n';
} catch (const std::exception& e) {
  std::cerr << "gan: " << e.what() << '\n';
  return 1;
}

// Prints:
//   nearer to real digits: true
//   losses are finite: true

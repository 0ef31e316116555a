// A variational autoencoder: images go through a few numbers, of which the network says how sure it is, and come out
// again. A layer of one's own with two inputs, random numbers, a loss and a metric; parts of a model as models.
#include <cornu/cornu.h>

#include "digit_options.h"

using namespace cornu;
using namespace cornu::keras;

/// Takes the mean and the logarithm of the variance of a normal distribution, and draws from it while training. What
/// the distribution tells beyond the standard one costs: the Kullback-Leibler divergence is added to the loss.
struct Sampling : layers::Layer {
  Sampling() { set_seed(std::nullopt); }  // a stream of random numbers, from the process' seed

  Tensors call_all(const Inputs& x, Context& ctx) override {
    const Tensor &mean = x[0], &log_variance = x[1];  // (batch, codes)
    Tensor divergence = -0.5 * ops::sum(1 + log_variance - ops::square(mean) - ops::exp(log_variance), 1);
    ctx.add_loss(ops::mean(divergence));
    ctx.add_metric(divergence, "divergence");
    if (!ctx.training()) return {mean};
    return {mean + ops::exp(0.5 * log_variance) * ops::random_normal(random_state(ctx), mean.shape())};
  }
};

/// The crossentropy of all pixels together, in which 1 is white.
Tensor reconstruction(const Tensor& y_true, const Tensor& y_pred) {
  return 784 * losses::binary_crossentropy(y_true, y_pred);
}

int main(int argc, char** argv) try {
  const auto options = DigitOptions::parse(argc, argv, "variational_autoencoder: squeezes digits into 8 numbers");
  if (!options) return 0;
  const int codes = 8;
  auto [train, test] = load(options->data);
  Array x = rows(train.x.slice(0, options->samples)), x_test = rows(test.x.slice(0, 1000));

  auto pixels = layers::Input({.shape = {784}});
  auto hidden = layers::Dense(256, {.activation = "relu"})(pixels);
  auto mean = layers::Dense(codes, {.name = "mean"})(hidden);
  auto log_variance = layers::Dense(codes, {.name = "log_variance"})(hidden);
  auto code = share(Sampling())({mean, log_variance});
  auto drawn = layers::Dense(256, {.activation = "relu"})(code);
  drawn = layers::Dense(784, {.activation = "sigmoid"})(drawn);

  models::Model autoencoder({.inputs = {pixels}, .outputs = {drawn}, .name = "autoencoder"});
  autoencoder.compile({.optimizer = optimizers::Adam({.learning_rate = 0.001}), .loss = reconstruction});
  const Logs before = autoencoder.evaluate(x_test, x_test, {.verbose = 0});
  autoencoder.fit(x, x,
                  {.batch_size = options->batch_size,
                   .epochs = options->epochs,
                   .verbose = options->verbose,
                   .validation_data = {x_test, x_test}});
  const Logs after = autoencoder.evaluate(x_test, x_test, {.verbose = 0});
  std::cerr << "loss " << before["loss"] << " at first, " << after["loss"] << " at last, of which the codes cost "
            << after["divergence"] << '\n';

  // The two halves are models that share the weights: what a digit is squeezed into, and what a code looks like.
  models::Model encoder(pixels, mean), decoder(code, drawn);
  Array again = decoder.predict(encoder.predict(x_test));
  Array unseen = decoder.predict(random::Generator(options->seed).normal({32, codes}));
  if (!options->pictures.empty())  // above digits and what came out of them, below digits that nobody has written
    utils::save_img(options->pictures, tiled(concatenate({x_test.slice(0, 16), again.slice(0, 16), unseen}, 0), 16));

  std::cout << std::boolalpha << "the loss fell: " << (after["loss"] < before["loss"]) << '\n'
            << "the codes tell something: " << (after["divergence"] > 1) << '\n'
            << "the halves make the whole: " << allclose(again, autoencoder.predict(x_test)) << '\n';
} catch (const std::exception& e) {
  std::cerr << "variational_autoencoder: " << e.what() << '\n';
  return 1;
}

// Prints:
//   the loss fell: true
//   the codes tell something: true
//   the halves make the whole: true

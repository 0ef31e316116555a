// Hyperparameters that a search chooses: the function that makes a model asks for them by name. Each trial is written,
// so that a search which was killed goes on, and is shown by `tensorboard --logdir tuner/logs`, in the tab HPARAMS.
#include <cornu/cornu.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

/// A spiral of two arms: which arm does a point lie on?
void draw_spirals(int count, random::Generator& rng, Array& x, Array& y) {
  x = zeros({count, 2}), y = zeros({count, 1});
  for (int i = 0; i < count; ++i) {
    const double turn = 1 + 6 * rng.next_double(), arm = i % 2;
    x.at<float>({i, 0}) = static_cast<float>(turn / 7 * std::cos(turn + arm * 3.1416) + 0.03 * rng.next_double());
    x.at<float>({i, 1}) = static_cast<float>(turn / 7 * std::sin(turn + arm * 3.1416) + 0.03 * rng.next_double());
    y.at<float>({i, 0}) = static_cast<float>(arm);
  }
}

models::Model build(tuner::HyperParameters& hp) {
  models::Sequential model({layers::Input({.shape = {2}})});
  const auto count = hp.Int("layers", 1, 3);
  for (int i = 0; i < count; ++i)
    model.add(layers::Dense(static_cast<int>(hp.Int("units", 8, 64, {.step = 2, .sampling = "log"})),
                            {.activation = hp.Choice("activation", {"relu", "tanh"})}));
  model.add(layers::Dense(1, {.activation = "sigmoid"}));
  model.compile({.optimizer = optimizers::Adam({.learning_rate = hp.Float("rate", 1e-4, 3e-2, {.sampling = "log"})}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy"}});
  return model;
}

int main() {
  random::Generator rng(3);
  Array x, y, x_val, y_val;
  draw_spirals(600, rng, x, y);
  draw_spirals(200, rng, x_val, y_val);
  const FitConfig fit{.epochs = 30, .verbose = 0, .validation_data = {x_val, y_val}};

  tuner::RandomSearch search(build, {.objective = "val_accuracy",
                                     .max_trials = 8,
                                     .seed = 2,
                                     .directory = "tuner",
                                     .project_name = "random",
                                     .overwrite = true,
                                     .log_dir = "tuner/logs"});
  search.search(x, y, fit);
  search.results_summary(3, std::cerr);

  tuner::Hyperband band(build, {.objective = "val_accuracy",
                                .max_epochs = 27,
                                .seed = 2,
                                .directory = "tuner",
                                .project_name = "hyperband",
                                .overwrite = true});
  band.search(x, y, fit);
  band.results_summary(1, std::cerr);

  models::Model best = search.get_best_models()[0];
  const double accuracy = best.evaluate(x_val, y_val, {.verbose = 0})["accuracy"];
  double worst = 1;
  for (const tuner::Trial& trial : search.trials()) worst = std::min(worst, *trial.score);
  std::cerr << "accuracy of the best " << accuracy << ", of the worst " << worst << "; Hyperband's best "
            << *band.get_best_trials()[0].score << " of " << band.trials().size() << " trials\n";

  const tuner::RandomSearch again(
      build, {.objective = "val_accuracy", .max_trials = 8, .seed = 2, .directory = "tuner", .project_name = "random"});
  std::cout << std::boolalpha << "trials: " << search.trials().size() << ", read again: " << again.trials().size()
            << '\n'
            << "the best is much better than the worst: " << (accuracy > 0.9 && accuracy > worst + 0.2) << '\n'
            << "Hyperband finds one as good: " << (*band.get_best_trials()[0].score > accuracy - 0.1) << '\n'
            << "logged for TensorBoard: " << std::filesystem::exists("tuner/logs/0007") << '\n';
}

// Prints:
//   trials: 8, read again: 8
//   the best is much better than the worst: true
//   Hyperband finds one as good: true
//   logged for TensorBoard: true

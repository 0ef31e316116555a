// Learning rates that follow the step: Keras' schedules and one of one's own, drawn as curves to schedules.svg.
#include <cornu/cornu.h>

#include <cmath>
#include <iomanip>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

/// Rises like a line and falls like the root of the step ("Attention is all you need", 2017).
struct NoamConfig {
  double scale = 1;
  double warmup_steps = 100;
  void fields(ConfigVisitor& v) { v("scale", scale), v("warmup_steps", warmup_steps); }
  Tensor operator()(const Tensor& step) const {
    const Tensor now = step + 1;
    return ops::minimum(ops::rsqrt(now), now * std::pow(warmup_steps, -1.5)) * scale;
  }
};
using Noam = schedules::LearningRateSchedule::Of<NoamConfig>;
static const bool registered = schedules::registry().add<Noam>("Noam");  // so that files can name it

int main() {
  constexpr int kSteps = 400;
  const std::vector<std::pair<std::string, Shared<schedules::LearningRateSchedule>>> all{
      {"CosineDecay with warm-up",
       schedules::CosineDecay(
           {.initial_learning_rate = 0, .decay_steps = 300, .alpha = 0.02, .warmup_target = 0.1, .warmup_steps = 100})},
      {"CosineDecayRestarts", schedules::CosineDecayRestarts(
                                  {.initial_learning_rate = 0.1, .first_decay_steps = 60, .t_mul = 2, .m_mul = 0.8})},
      {"ExponentialDecay, staircase", schedules::ExponentialDecay(0.1, 50, 0.7, {.staircase = true})},
      {"InverseTimeDecay", schedules::InverseTimeDecay(0.1, 50, 0.5)},
      {"PolynomialDecay, cycle",
       schedules::PolynomialDecay(
           {.initial_learning_rate = 0.1, .decay_steps = 120, .end_learning_rate = 0.005, .power = 2, .cycle = true})},
      {"PiecewiseConstantDecay", schedules::PiecewiseConstantDecay({100, 250}, {0.1, 0.03, 0.01})},
      {"Noam, of one's own", Noam({.scale = 1, .warmup_steps = 100})}};

  std::vector<std::pair<std::string, Array>> rates;
  const Array steps = arange(0, kSteps);
  for (const auto& [name, schedule] : all) {
    const Shared<schedules::LearningRateSchedule> s = schedule;
    const Function rate([&s](const Tensor& step) { return s(step); });
    rates.emplace_back(name, rate(steps));
  }
  History curves;  // what has a figure for each step can be drawn so
  for (int step = 0; step < kSteps; ++step) {
    Logs figures;
    for (const auto& [name, values] : rates) figures.set(name, values.data<float>()[step]);
    curves.record(step, figures);
  }
  curves.plot("schedules.svg", {.title = "Learning rates by step"});

  std::cout << std::fixed << std::setprecision(4);
  for (const auto& [name, schedule] : all)
    std::cout << name << ": " << curves[name][0] << ' ' << curves[name][200] << ' ' << curves[name].back() << '\n';

  // An optimizer follows one, and a file of the model keeps it, the one of one's own by its name.
  models::Sequential model({layers::Dense(1, {.input_shape = {1}})});
  model.compile({.optimizer = optimizers::SGD({.learning_rate = Noam()}), .loss = "mse"});
  model.fit(ones({64, 1}), ones({64, 1}), {.batch_size = 1, .verbose = 0});
  model.save("scheduled.h5");
  const auto optimizer = models::load_model("scheduled.h5").optimizer();
  std::cout << optimizer->schedule()->class_name() << " at step " << optimizer->iterations() << ": "
            << optimizer->learning_rate() << '\n';
}

// Prints:
//   CosineDecay with warm-up: 0.0000 0.0755 0.0020
//   CosineDecayRestarts: 0.1000 0.0629 0.0012
//   ExponentialDecay, staircase: 0.1000 0.0240 0.0082
//   InverseTimeDecay: 0.1000 0.0333 0.0200
//   PolynomialDecay, cycle: 0.1000 0.0076 0.0077
//   PiecewiseConstantDecay: 0.1000 0.0300 0.0100
//   Noam, of one's own: 0.0010 0.0705 0.0500
//   Noam at step 64: 0.0650

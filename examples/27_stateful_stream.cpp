// A sensor's readings as they come: an LSTM that was trained on whole sequences runs on one reading at a time, keeps
// its states between the calls, and gives the same numbers.
#include <cornu/cornu.h>

#include <algorithm>
#include <chrono>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

/// (batch, steps, 1) -> (batch, steps, 1).
models::Sequential filter(const layers::InputConfig& input, bool stateful) {
  return {layers::Input(input), layers::LSTM(32, {.return_sequences = true, .stateful = stateful}), layers::Dense(1)};
}

int main() {
  utils::set_random_seed(1);
  // What is wanted: the mean of the last four readings.
  random::Generator rng(1);
  const Array x = rng.normal({200, 32, 1});
  Array y = zeros(x.shape());
  for (std::int64_t row = 0; row < 200; ++row)
    for (std::int64_t t = 0; t < 32; ++t)
      for (std::int64_t back = 0; back < std::min<std::int64_t>(4, t + 1); ++back)
        y.at<float>({row, t, 0}) += x.at<float>({row, t - back, 0}) / 4;
  models::Sequential learner = filter({.shape = {32, 1}}, false);
  learner.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "mse"});
  const double loss = learner.fit(x, y, {.epochs = 20, .verbose = 0})["loss"].back();

  models::Sequential stream = filter({.shape = {1, 1}, .batch_size = 1}, true);
  stream.set_weights(learner.get_weights());
  const Array readings = x.slice(0, 1), whole = learner.predict(readings);
  const auto run = [&] {
    std::vector<Array> answers;
    for (std::int64_t t = 0; t < 32; ++t)
      answers.push_back(stream.predict_on_batch(readings[0].slice(t, t + 1).reshape({1, 1, 1})));
    return concatenate(answers, 1);
  };
  const Array one_by_one = run(), went_on = run();
  stream.reset_states();
  const Array anew = run();

  const Array reading = full({1, 1, 1}, 0.5);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10000; ++i) stream.predict_on_batch(reading);
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  std::cerr << "loss " << loss << ", " << time.count() / 10000 << " us a reading\n";
  std::cout << std::boolalpha << "learnt: " << (loss < 0.01) << '\n'
            << "as the whole sequence: " << allclose(one_by_one, whole, 1e-5, 1e-5) << '\n'
            << "goes on where it was: " << !array_equal(went_on, one_by_one) << '\n'
            << "begins anew: " << array_equal(anew, one_by_one) << '\n';
}

// Prints:
//   learnt: true
//   as the whole sequence: true
//   goes on where it was: true
//   begins anew: true

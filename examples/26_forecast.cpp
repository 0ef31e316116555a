// The next hour of a series with a daily and a weekly rhythm, a trend and noise: a GRU that sees the last two days,
// next to the two forecasts that need no model, "as an hour ago" and "as yesterday".
#include <cornu/cornu.h>

#include <cmath>
#include <iostream>

using namespace cornu;
using namespace cornu::keras;

int main() {
  utils::set_random_seed(1);
  const std::int64_t hours = 24 * 7 * 20, seen = 48, train = hours * 3 / 4;
  const Array noise = random::Generator(1).normal({hours}, 0, 0.1);
  std::vector<float> load;
  for (std::int64_t t = 0; t < hours; ++t) {
    const double day = 2 * M_PI * static_cast<double>(t) / 24, week = day / 7;
    load.push_back(static_cast<float>(std::sin(day) * (1 + 0.5 * std::sin(week)) + 0.3 * std::cos(3 * day) +
                                      2e-4 * static_cast<double>(t)) +
                   noise.data<float>()[t]);
  }
  const Array series(load);
  const auto windows = [&](std::int64_t begin, std::int64_t end) {
    std::vector<Array> all;
    for (std::int64_t t = begin; t + seen < end; ++t) all.push_back(series.slice(t, t + seen));
    return stack(all).reshape({-1, seen, 1});
  };
  const auto next = [&](std::int64_t begin, std::int64_t end) {
    return series.slice(begin + seen, end).reshape({-1, 1});
  };

  // What is learnt is the change since the last hour, so that the trend does no harm.
  const auto input = layers::Input({.shape = {seen, 1}});
  const auto last = layers::Cropping1D({.cropping = {seen - 1, 0}})(input);
  const auto change = layers::Dense(1)(layers::GRU(24)(input - last));
  models::Model model(input, layers::Flatten()(last) + change);
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.005}), .loss = "mae"});
  model.fit(windows(0, train), next(0, train), {.batch_size = 64, .epochs = 20, .verbose = 0});

  const Array x = windows(train, hours), y = next(train, hours), rows = x.reshape({-1, seen}).transpose();
  const auto error = [&](const Array& forecast) { return mean(abs(forecast.reshape({-1, 1}) - y)).item<double>(); };
  const double learnt = error(model.predict(x)), hour = error(rows[seen - 1]), yesterday = error(rows[seen - 24]);
  std::cerr << "mean error " << learnt << ", as an hour ago " << hour << ", as yesterday " << yesterday << '\n';
  std::cout << std::boolalpha << "better than as an hour ago, by a third: " << (learnt < 0.67 * hour) << '\n'
            << "better than as yesterday, by a third: " << (learnt < 0.67 * yesterday) << '\n';
}

// Prints:
//   better than as an hour ago, by a third: true
//   better than as yesterday, by a third: true

#include <cornu/cornu.h>
#include <cornu/keras/models/network.h>

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <map>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

std::vector<Array> random_inputs(const models::Model& model, std::int64_t batch, std::int64_t unknown) {
  random::Generator rng(1);
  std::vector<Array> inputs;
  for (const KerasTensor& input : model.inputs()) {
    Shape shape = input.shape();
    shape[0] = shape[0] == kUnknown ? batch : shape[0];
    for (int i = 1; i < shape.rank(); ++i)
      if (shape[i] == kUnknown) shape[i] = unknown;
    inputs.push_back(graph::is_floating(input.dtype()) ? rng.uniform(shape) : zeros(shape, input.dtype()));
  }
  return inputs;
}

// Median seconds of one call, over about `seconds` of calls.
double time_of(const std::function<void()>& call, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  for (int i = 0; i < 3; ++i) call();
  std::vector<double> times;
  for (const auto begin = Clock::now(); times.size() < 5 || since(begin) < seconds;) {
    const auto one = Clock::now();
    call();
    times.push_back(since(one));
  }
  return median(std::move(times));
}

void print_layers(const graph::Profile& profile) {
  struct Layer {
    double seconds = 0, flops = 0;
  };
  std::map<std::string, Layer> layers;
  double all = 0;
  for (const auto& step : profile.entries()) {
    const std::size_t slash = step.scope.find('/');
    Layer& layer =
        layers[step.scope.empty() ? "(other)" : step.scope.substr(slash == std::string::npos ? 0 : slash + 1)];
    layer.seconds += step.seconds;
    layer.flops += step.flops;
    all += step.seconds;
  }
  std::vector<std::pair<std::string, Layer>> sorted(layers.begin(), layers.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
  std::cout << "\n        us      %   GFLOP/s  layer\n" << std::fixed << std::setprecision(1);
  for (const auto& [name, layer] : sorted)
    std::cout << std::setw(10) << layer.seconds * 1e6 << std::setw(7) << (all > 0 ? 100 * layer.seconds / all : 0)
              << std::setw(10) << (layer.seconds > 0 ? layer.flops / layer.seconds * 1e-9 : 0) << "  " << name << '\n';
}

int bench(const po::variables_map& given) {
  auto model = open_model(get<std::string>(given, "file"));
  model.set_threads(get<int>(given, "threads"));
  const auto unknown = get<std::int64_t>(given, "length");
  const auto sizes = get<std::vector<std::int64_t>>(given, "batch-size");
  std::cout << "     batch         us a call    samples/s\n" << std::fixed << std::setprecision(1);
  for (const std::int64_t size : sizes) {
    if (size < 1) throw UsageError("--batch-size must be at least 1, got " + std::to_string(size));
    const Arrays x(random_inputs(model, size, unknown));
    const double seconds = time_of([&] { model.predict_on_batch(x); }, get<double>(given, "seconds"));
    std::cout << std::setw(10) << size << std::setw(18) << seconds * 1e6 << std::setw(13)
              << static_cast<double>(size) / seconds << '\n';
  }
  const auto arrays = random_inputs(model, sizes.back(), unknown);
  const auto profile = model.network()->predictor().profile(arrays, 20);
  std::cout << "\nlayers, batch " << sizes.back() << ':';
  print_layers(profile);
  return 0;
}

const Registered registered_bench({
    .name = "bench",
    .arguments = "FILE",
    .does = "how long predicting takes, by batch size and by layer",
    .positional = {"file"},
    .required = {"file"},
    .options =
        [](auto add) {
          add("file", po::value<std::string>(), "the model; it gets random numbers");
          add("batch-size",
              po::value<std::vector<std::int64_t>>()->multitoken()->default_value({1, 8, 32, 128}, "1 8 32 128"),
              "samples of a call");
          add("length", po::value<std::int64_t>()->default_value(32), "stands for axes of unknown length");
          add("threads", po::value<int>()->default_value(0), "0: as many as OpenMP gives");
          add("seconds", po::value<double>()->default_value(0.5), "of each batch size");
        },
    .run = bench,
});

}  // namespace
}  // namespace cornu::command_line

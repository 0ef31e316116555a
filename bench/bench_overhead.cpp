// What is not arithmetic: a step of a tiny model, making plans, starting. Prints one JSON line.
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <nlohmann/json.hpp>

#include "command_line.h"
#include "measure.h"
#include "models.h"

extern char** environ;  // NOLINT: POSIX

using namespace cornu;
using namespace cornu::keras;

namespace {

// 2-8-1, batch 4, SGD: one whole training step as a Function, as the peers' tiny_step.py has it.
double function_step_us(int calls) {
  Variable w1(ones({2, 8}), "w1"), b1(zeros({8}), "b1"), w2(ones({8, 1}), "w2"), b2(zeros({1}), "b2");
  const Function step([&](const Tensor& x, const Tensor& y) {
    const Tensor loss = ops::mean(ops::square(ops::matmul(ops::relu(ops::matmul(x, w1) + b1), w2) + b2 - y));
    const std::vector<Variable> variables{w1, b1, w2, b2};
    const Tensors gradients = autodiff::gradients(loss, {w1, b1, w2, b2});
    Outputs outputs{loss};
    for (std::size_t i = 0; i < variables.size(); ++i)
      outputs.update(variables[i], variables[i] - 0.01f * gradients[i]);
    return outputs;
  });
  random::Generator rng(1);
  const Array x = rng.uniform({4, 2}), y = rng.uniform({4, 1});
  return 1e6 * bench::median(bench::seconds_of(calls, 500, [&] { step(x, y); }));
}

double keras_step_us(int calls) {
  models::Sequential model({layers::Dense(8, {.activation = "relu", .input_shape = {2}}), layers::Dense(1)});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  random::Generator rng(1);
  const Array x = rng.uniform({4, 2}), y = rng.uniform({4, 1});
  return 1e6 * bench::median(bench::seconds_of(calls, 500, [&] { model.train_on_batch(x, y); }));
}

// The first training step of a batch size less a further one: tracing, gradients, passes, planning, making primitives.
// Each size is new, so that oneDNN has none of its primitives.
double training_plan_ms(models::Model& network, const std::string& compiled_as, const bench::RandomData& data,
                        int first_size, int sizes) {
  bench::compile(network, compiled_as);
  std::vector<double> seconds;
  for (int i = 0; i <= sizes; ++i) {
    const Array x = data.x.slice(0, first_size - i), y = data.y.slice(0, first_size - i);
    const double start = bench::now();
    network.train_on_batch(x, y);
    const double first = bench::now() - start;
    const double step = bench::median(bench::seconds_of(5, 0, [&] { network.train_on_batch(x, y); }));
    if (i > 0)
      seconds.push_back(first - step);  // the very first also makes the optimizer's slots and wakes the threads
  }
  return 1e3 * bench::median(seconds);
}

double deep_plan_ms(int layers_count, int sizes) {
  models::Sequential network;
  network.add(layers::Dense(64, {.activation = "relu", .input_shape = {784}}));
  for (int i = 2; i < layers_count; ++i) network.add(layers::Dense(64, {.activation = "relu"}));
  network.add(layers::Dense(10, {.activation = "softmax"}));
  return training_plan_ms(network, "mlp", bench::RandomData(32), 32, sizes);
}

double trained_step(std::int64_t batch_size) {
  const bench::RandomData data(batch_size);
  auto network = bench::model("mlp");
  bench::compile(network);
  network.train_on_batch(data.x, data.y);
  return bench::now();
}

// This program again, which prints the clock after its first trained step.
double start_ms() {
  char path[PATH_MAX];
  const auto length = readlink("/proc/self/exe", path, sizeof path - 1);
  if (length < 0) throw Error("cannot find this program again");
  path[length] = 0;
  int ends[2];
  if (pipe(ends) != 0) throw Error("cannot make a pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  char flag[] = "--first-step";
  char* arguments[] = {path, flag, nullptr};
  pid_t child = 0;
  const double start = bench::now();
  const int failed = posix_spawn(&child, path, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failed != 0) throw Error("cannot start this program again");
  std::string text;
  char part[64];
  for (ssize_t n; (n = read(ends[0], part, sizeof part)) > 0;) text.append(part, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) throw Error("this program started again failed");
  return 1e3 * (std::stod(text) - start);
}

int run(int argc, char** argv) {
  int calls = 20'000, repeats = 5;
  bench::po::options_description options(
      "bench_overhead: microseconds of a tiny step, milliseconds of planning and of starting, as one JSON line");
  // clang-format off
  options.add_options()
    ("calls", bench::po::value(&calls)->default_value(calls), "of the tiny steps")
    ("repeats", bench::po::value(&repeats)->default_value(repeats), "of planning and of starting; the median counts")
    ("first-step", "trains one step of the MNIST network and prints the steady clock's seconds");
  // clang-format on
  const auto given = bench::parse(argc, argv, options);
  if (!given) return 0;
  if (given->contains("first-step")) {
    std::cout.precision(17);
    std::cout << trained_step(256) << '\n';
    return 0;
  }
  if (calls < 1 || repeats < 1) throw ValueError("--calls and --repeats must be at least 1");

  std::vector<double> starts;
  for (int i = 0; i < repeats; ++i) starts.push_back(start_ms());
  const auto plan_ms = [repeats](const std::string& name, int batch_size) {
    auto network = bench::model(name);
    return training_plan_ms(network, name, bench::RandomData(batch_size, name), batch_size, repeats);
  };
  std::cout << nlohmann::ordered_json{{"step_us", function_step_us(calls)},
                                      {"train_on_batch_us", keras_step_us(calls)},
                                      {"plan_ms", plan_ms("mlp", 256)},
                                      {"plan_ms_cnn", plan_ms("cnn", 128)},
                                      {"plan_ms_resnet20", plan_ms("resnet20", 64)},
                                      {"plan_ms_100_layers", deep_plan_ms(100, repeats)},
                                      {"plan_ms_200_layers", deep_plan_ms(200, repeats)},
                                      {"startup_ms", bench::median(starts)}}
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_overhead", [&] { return run(argc, argv); });
}

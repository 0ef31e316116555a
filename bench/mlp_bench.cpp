// The introduction's network: a training step, a test step and a prediction, for several batch sizes.
#include <benchmark/benchmark.h>
#include <cornu/cornu.h>

using namespace cornu;
using namespace cornu::keras;

namespace {

models::Sequential network() {
  utils::set_random_seed(1);
  models::Sequential net({layers::Dense(512, {.activation = "relu", .input_shape = {784}}), layers::Dense(512, {.activation = "relu"}),
                          layers::Dense(10, {.activation = "softmax"})});
  net.compile({.optimizer = "rmsprop", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
  return net;
}

struct Data {
  Array x, y;
  explicit Data(std::int64_t samples) {
    random::Generator rng(1);
    x = rng.uniform({samples, 784});
    y = utils::to_categorical(rng.integers({samples}, 0, 10), 10);
  }
};

void train_step(benchmark::State& state) {
  auto net = network();
  const Data data(state.range(0));
  net.train_on_batch(data.x, data.y);
  for (auto _ : state) net.train_on_batch(data.x, data.y);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(train_step)->Arg(32)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

void test_step(benchmark::State& state) {
  auto net = network();
  const Data data(state.range(0));
  net.test_on_batch(data.x, data.y);
  for (auto _ : state) net.test_on_batch(data.x, data.y);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(test_step)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

void predict(benchmark::State& state) {
  auto net = network();
  const Data data(state.range(0));
  net.predict(data.x);
  for (auto _ : state) benchmark::DoNotOptimize(net.predict(data.x));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(predict)->Arg(1)->Arg(32)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

}  // namespace

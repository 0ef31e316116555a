// How long predicting takes, by Model::predict or by a held Function, from one or several threads. Prints one JSON
// line.
#include <omp.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "command_line.h"
#include "measure.h"
#include "models.h"

using namespace cornu;
using namespace cornu::keras;

namespace {

int run(int argc, char** argv) {
  std::string name = "mlp", path = "predict";
  int batch_size = 1, threads = 0, concurrency = 1, calls = 0;
  bench::po::options_description options("bench_inference: latency and rows per second, as one JSON line");
  // clang-format off
  options.add_options()
    ("model", bench::po::value(&name)->default_value(name), "mlp: 784-512-512-10; cnn; resnet20; mobilenetv2")
    ("batch-size", bench::po::value(&batch_size)->default_value(batch_size), "rows per call")
    ("path", bench::po::value(&path)->default_value(path),
     "predict: Model::predict; function: a Function of the model, held")
    ("threads", bench::po::value(&threads)->default_value(threads), "of each call; 0: as many as OpenMP gives")
    ("concurrency", bench::po::value(&concurrency)->default_value(concurrency), "threads that call at the same time")
    ("calls", bench::po::value(&calls)->default_value(calls), "of each of them; 0: enough for some seconds");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (path != "predict" && path != "function")
    throw ValueError("--path must be predict or function, got '" + path + "'");
  for (const auto& [what, value] : {std::pair{"--batch-size", batch_size}, {"--concurrency", concurrency}})
    if (value < 1) throw ValueError(std::string(what) + " must be at least 1, got " + std::to_string(value));

  const auto network = [&] {
    auto made = bench::model(name);
    made.set_threads(threads);
    return made;
  }();
  const Shared<layers::Layer> layer = network;
  const Function function(
      [&](const Tensor& x) {
        Context ctx(false);
        return (*layer)(x, ctx);
      },
      {.threads = threads});
  const Array x = bench::RandomData(batch_size, name).x;
  const PredictConfig config{.batch_size = batch_size};
  const auto call = [&] {
    if (path == "predict")
      network.predict(x, config);
    else
      function(x);
  };

  if (calls <= 0)
    calls = static_cast<int>(std::clamp(2 / bench::median(bench::seconds_of(20, 20, call)), 100.0, 50'000.0));
  std::vector<std::vector<double>> seconds(static_cast<std::size_t>(concurrency));
  std::vector<std::thread> callers;
  const double start = bench::now();
  if (concurrency == 1)
    seconds[0] = bench::seconds_of(calls, 0, call);  // as most programs do: from the main thread
  else
    for (auto& mine : seconds) callers.emplace_back([&] { mine = bench::seconds_of(calls, 0, call); });
  for (auto& caller : callers) caller.join();
  const double all = bench::now() - start;

  std::vector<double> each;
  for (const auto& mine : seconds)
    each.insert(each.end(), mine.begin() + static_cast<std::ptrdiff_t>(mine.size() / 10), mine.end());  // warm
  std::cout << nlohmann::ordered_json{{"model", name},
                                      {"batch_size", batch_size},
                                      {"path", path},
                                      {"threads", threads > 0 ? threads : omp_get_max_threads()},
                                      {"concurrency", concurrency},
                                      {"median_us", 1e6 * bench::median(each)},
                                      {"p99_us", 1e6 * bench::quantile(each, 0.99)},
                                      {"rows_per_second", static_cast<double>(batch_size) * calls * concurrency / all}}
            << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_inference", [&] { return run(argc, argv); });
}

// What a Dataset costs: epochs of training from arrays, and from Datasets over the same arrays, by turns; and what an
// element costs that goes through a pipeline without a model. One JSON line.
#include <omp.h>

#include <nlohmann/json.hpp>

#include "command_line.h"
#include "measure.h"
#include "models.h"

using namespace cornu;
using namespace cornu::keras;

namespace {

using Figures = nlohmann::ordered_json;

/// Seconds of epochs of each kind, by turns, and the median of the rounds' ratios to the first kind.
Figures by_turns(const std::vector<std::pair<std::string, std::function<void()>>>& kinds, int rounds) {
  std::vector<std::vector<double>> seconds(kinds.size()), ratios(kinds.size());
  for (const auto& [name, epoch] : kinds) epoch();  // plans are made
  for (int round = 0; round < rounds; ++round)
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      const double start = bench::now();
      kinds[k].second();
      seconds[k].push_back(bench::now() - start);
      ratios[k].push_back(seconds[k].back() / seconds[0].back());
    }
  Figures figures;
  for (std::size_t k = 0; k < kinds.size(); ++k)
    figures[kinds[k].first] = {{"median_seconds", bench::median(seconds[k])},
                               {"best_seconds", bench::quantile(seconds[k], 0)},
                               {"median_ratio", bench::median(ratios[k])}};
  return figures;
}

/// Microseconds for each sample that comes out.
double microseconds(const data::Dataset& dataset, std::int64_t samples) {
  const double start = bench::now();
  for (auto i = dataset.begin(); i != dataset.end(); ++i) continue;
  return 1e6 * (bench::now() - start) / static_cast<double>(samples);
}

int run(int argc, char** argv) {
  std::string data;
  int batch_size = 128, rounds = 9, threads = 0;
  bench::po::options_description options("bench_pipeline: training from arrays and from Datasets, as one JSON line");
  // clang-format off
  options.add_options()
    ("data", bench::po::value(&data)->required(), "mnist.npz, or a folder of IDX files")
    ("batch-size", bench::po::value(&batch_size)->default_value(batch_size), "images per step")
    ("threads", bench::po::value(&threads)->default_value(threads), "0: as many as OpenMP gives")
    ("rounds", bench::po::value(&rounds)->default_value(rounds), "of an epoch of each kind");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (rounds < 1) throw ValueError("--rounds must be at least 1, got " + std::to_string(rounds));
  const auto train = datasets::mnist::load_data(data).train;
  const std::int64_t n = train.x.rows();
  const Array x = train.x.reshape({n, 784}).astype(float32) / 255, y = utils::to_categorical(train.y, 10);

  auto network = bench::model("mlp");
  bench::compile(network, "mlp", threads);
  const auto slices = data::Dataset::from_tensor_slices({x, y});
  const auto shuffled = slices.shuffle(n).batch(batch_size), plain = slices.batch(batch_size);
  const auto from_arrays = [&](bool shuffle) {
    network.fit(x, y, {.batch_size = batch_size, .verbose = 0, .shuffle = shuffle});
  };
  Figures line{{"model", "mlp"}, {"batch_size", batch_size}, {"samples", n}, {"rounds", rounds}};
  line["shuffled"] = by_turns({{"arrays", [&] { from_arrays(true); }},
                               {"dataset", [&] { network.fit(shuffled, {.verbose = 0}); }},
                               {"dataset_prefetch", [&] { network.fit(shuffled.prefetch(2), {.verbose = 0}); }}},
                              rounds);
  line["in_order"] = by_turns(
      {{"arrays", [&] { from_arrays(false); }}, {"dataset", [&] { network.fit(plain, {.verbose = 0}); }}}, rounds);

  const auto images = data::Dataset::from_tensor_slices({train.x, train.y}).shuffle(n);
  const auto prepare = [](const data::Element& e) {
    return data::Element{e[0].reshape({784}).astype(float32) / 255, e[1]};
  };
  const auto two = images.map(prepare, {.num_parallel_calls = 2});
  line["us_per_sample"] = {{"slices", microseconds(images, n)},
                           {"slices_batch", microseconds(images.batch(batch_size), n)},
                           {"map_batch", microseconds(images.map(prepare).batch(batch_size), n)},
                           {"map_2_threads_batch_prefetch", microseconds(two.batch(batch_size).prefetch(2), n)}};
  line["threads"] = threads > 0 ? threads : omp_get_max_threads();
  std::cout << line << '\n';
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_pipeline", [&] { return run(argc, argv); });
}

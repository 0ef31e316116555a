// Whether memory stays flat: the most resident memory in the first and in the last tenth of many predictions of ever
// other sizes, once the plans that are kept fill their share, and of many fits. Prints one JSON line; the status is 1
// if it grew by more than the limit.
#include <nlohmann/json.hpp>
#include <random>

#include "command_line.h"
#include "measure.h"
#include "models.h"

using namespace cornu;
using namespace cornu::keras;

namespace {

struct Growth {
  double early_mb = 0, late_mb = 0;
  double part() const { return late_mb / early_mb - 1; }
};

template <class F>
Growth growth(int warm_up, int calls, F&& call) {
  Growth g;
  for (int i = 0; i < warm_up; ++i) call(i);
  for (int i = 0; i < calls; ++i) {
    call(i);
    if (i < calls / 10) g.early_mb = std::max(g.early_mb, bench::rss_mb());
    if (i >= calls - calls / 10) g.late_mb = std::max(g.late_mb, bench::rss_mb());
  }
  return g;
}

int run(int argc, char** argv) {
  int predicts = 2000, sizes = 500, fits = 200;
  double limit = 0.02;
  bench::po::options_description options(
      "bench_memory: growth of resident memory over predictions of different sizes and over fits, as one JSON line");
  // clang-format off
  options.add_options()
    ("predicts", bench::po::value(&predicts)->default_value(predicts),
     "calls of Model::predict, after two for each size")
    ("sizes", bench::po::value(&sizes)->default_value(sizes), "different numbers of rows, one batch each")
    ("fits", bench::po::value(&fits)->default_value(fits), "calls of Model::fit")
    ("limit", bench::po::value(&limit)->default_value(limit, "0.02"),
     "growth from the first tenth to the last that is taken for flat");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  if (predicts < 10 || fits < 10 || sizes < 1)
    throw ValueError("--predicts and --fits must be at least 10, --sizes at least 1");

  const bench::RandomData data(sizes);
  auto network = bench::model("mlp");
  std::mt19937 rng(1);
  const Growth predicting = growth(2 * sizes, predicts, [&](int) {
    const int rows = 1 + static_cast<int>(rng() % static_cast<unsigned>(sizes));
    network.predict(data.x.slice(0, rows), {.batch_size = sizes});
  });
  bench::compile(network);
  const bench::RandomData samples(300);
  const Growth fitting =
      growth(0, fits, [&](int) { network.fit(samples.x, samples.y, {.batch_size = 128, .verbose = 0}); });

  std::cout << nlohmann::ordered_json{{"predicts", predicts},
                                      {"sizes", sizes},
                                      {"predict_early_mb", predicting.early_mb},
                                      {"predict_late_mb", predicting.late_mb},
                                      {"predict_growth", predicting.part()},
                                      {"fits", fits},
                                      {"fit_early_mb", fitting.early_mb},
                                      {"fit_late_mb", fitting.late_mb},
                                      {"fit_growth", fitting.part()}}
            << '\n';
  return predicting.part() <= limit && fitting.part() <= limit ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_memory", [&] { return run(argc, argv); });
}

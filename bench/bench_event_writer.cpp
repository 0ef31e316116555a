// The TensorBoard writer: how many scalars a second its callers see written, from one thread and from several, and
// whether all are in the file. Prints one JSON line a case.
#include <cornu/cornu.h>
#include <cornu/io/tensorboard/event_reader.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "command_line.h"
#include "measure.h"

using namespace cornu;
namespace tensorboard = cornu::io::tensorboard;

namespace {

nlohmann::ordered_json measure(const std::filesystem::path& folder, int events, int threads) {
  const int each = events / threads;
  std::filesystem::path path;
  double called = 0, flushed = 0, slowest = 0;
  std::uint64_t dropped = 0;
  {
    tensorboard::SummaryWriter writer(folder);
    path = writer.path();
    std::vector<double> longest(static_cast<std::size_t>(threads));
    const auto work = [&](int t) {
      const std::string tag = "thread_" + std::to_string(t) + "/loss";
      double before = bench::now();
      for (int i = 0; i < each; ++i) {
        writer.scalar(tag, 1.0 / (1 + i), i);
        const double now = bench::now();
        longest[static_cast<std::size_t>(t)] = std::max(longest[static_cast<std::size_t>(t)], now - before);
        before = now;
      }
    };
    const double start = bench::now();
    std::vector<std::thread> others;
    for (int t = 0; t < threads; ++t) others.emplace_back(work, t);
    for (auto& other : others) other.join();
    called = bench::now() - start;
    writer.flush();
    flushed = bench::now() - start;
    slowest = *std::max_element(longest.begin(), longest.end());
    dropped = writer.dropped();
  }
  std::int64_t read = -1;  // the version is no scalar
  const double start = bench::now();
  tensorboard::EventReader reader(path);
  while (reader.next()) ++read;
  const double reading = bench::now() - start;
  const auto bytes = std::filesystem::file_size(path);
  std::filesystem::remove(path);
  const double n = static_cast<double>(each) * threads;
  return {{"threads", threads},
          {"events", n},
          {"events_per_s", n / called},
          {"events_per_s_flushed", n / flushed},
          {"longest_call_ms", 1e3 * slowest},
          {"dropped", dropped},
          {"lost", n - static_cast<double>(read)},
          {"file_mb", static_cast<double>(bytes) / 1e6},
          {"read_events_per_s", static_cast<double>(read) / reading}};
}

int run(int argc, char** argv) {
  int events = 1'000'000;
  std::vector<int> threads{1, 4};
  std::string folder =
      (std::filesystem::temp_directory_path() / ("bench_event_writer." + std::to_string(::getpid()))).string();
  bench::po::options_description options(
      "bench_event_writer: scalars a second into an event file, one JSON line for each number of threads");
  // clang-format off
  options.add_options()
    ("events", bench::po::value(&events)->default_value(events), "scalars, shared by the threads")
    ("threads", bench::po::value(&threads)->multitoken()->default_value(threads, "1 4"), "numbers of threads")
    ("folder", bench::po::value(&folder)->default_value(folder), "where the file is made; it is removed afterwards");
  // clang-format on
  if (!bench::parse(argc, argv, options)) return 0;
  for (const int n : threads) {
    if (n < 1 || events < n) throw ValueError("--threads must be at least 1, --events at least that");
    std::cout << measure(folder, events, n) << std::endl;
  }
  std::error_code not_empty;
  std::filesystem::remove(folder, not_empty);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_event_writer", [&] { return run(argc, argv); });
}

#include "cornu/graph/plan/profile.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <map>
#include <numeric>
#include <ostream>
#include <sstream>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/node_names.h"
#include "cornu/graph/op.h"
#include "cornu/graph/plan/internal/plan.h"

namespace cornu::graph {
namespace {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

std::string json_string(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", c);
      json += code;
    } else {
      json += c;
    }
  }
  return json + '"';
}

std::string line(const std::string& name, const std::string& implementation, double seconds, double total, int steps,
                 double gflops, std::size_t bytes) {
  char figures[128];
  std::snprintf(figures, sizeof figures, "%10.1f %6.1f %6d %9.1f %11.1f  ", seconds * 1e6,
                total > 0 ? 100 * seconds / total : 0, steps, gflops, static_cast<double>(bytes) / 1024);
  return figures + name + (implementation.empty() ? "" : " [" + implementation + "]") + '\n';
}

constexpr const char* kHead = "        us      %  steps   GFLOP/s         KiB  ";

}  // namespace

Profile::Profile(const Plan& plan) : threads_(plan.threads()), start_(omp_get_wtime()) {
  const auto names = node_names(plan.outputs());
  for (const Plan::Step& step : plan.steps()) {
    Entry entry{.name = "copy",
                .scope = std::string(step.scope()),
                .op = std::string(step.op()),
                .implementation = step.kernel.implementation,
                .flops = step.kernel.flops,
                .bytes = step.bytes,
                .parts = step.kernel.parts};
    if (step.node) {
      entry.name = names.at(step.node.get());
      entry.outputs = step.node->outputs();
    }
    steps_.push_back(std::move(entry));
  }
}

void Profile::run(const Plan& plan, std::span<const Array> arguments, std::span<const Array> results) {
  require<ValueError>(plan.steps().size() == steps_.size() && plan.threads() == threads_, "a profile is of one plan");
  Call call{omp_get_wtime() - start_, 0, std::vector<Interval>(steps_.size() * static_cast<std::size_t>(threads_))};
  last_call_ = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  plan.run(arguments, results, call.intervals);
  call.end = omp_get_wtime() - start_;
  recorded_.push_back(std::move(call));
}

std::vector<Profile::Entry> Profile::entries() const {
  std::vector<Entry> all = steps_;
  const auto threads = static_cast<std::size_t>(threads_);
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<double> seconds;
    for (const Call& call : recorded_) {
      double begin = 0, end = 0;
      for (std::size_t t = 0; t < threads; ++t) {
        const Interval& own = call.intervals[i * threads + t];
        if (own.end == 0) continue;
        begin = end == 0 ? own.begin : std::min(begin, own.begin);
        end = std::max(end, own.end);
      }
      seconds.push_back(end - begin);
      all[i].begin = begin;
    }
    all[i].seconds = median(std::move(seconds));
  }
  return all;
}

double Profile::seconds() const {
  std::vector<double> seconds;
  for (const Call& call : recorded_) seconds.push_back(call.end - call.begin);
  return median(std::move(seconds));
}

std::string Profile::to_string() const {
  const auto all = entries();
  const double total = seconds();
  struct Sum {
    double seconds = 0, flops = 0;
    std::size_t bytes = 0;
    int steps = 0;
  };
  std::map<std::pair<std::string, std::string>, Sum> sums;
  for (const Entry& e : all) {
    Sum& sum = sums[{e.op, e.implementation}];
    sum.seconds += e.seconds;
    sum.flops += e.flops;
    sum.bytes += e.bytes;
    ++sum.steps;
  }
  std::vector<std::pair<std::pair<std::string, std::string>, Sum>> ops(sums.begin(), sums.end());
  std::stable_sort(ops.begin(), ops.end(),
                   [](const auto& a, const auto& b) { return a.second.seconds > b.second.seconds; });
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return all[a].seconds > all[b].seconds; });

  char head[96];
  std::snprintf(head, sizeof head, "%d calls, median %.1f us, %d %s\n", calls(), total * 1e6, threads_,
                threads_ == 1 ? "thread" : "threads");
  std::string text = head;
  text += message(kHead, "op\n");
  for (const auto& [name, sum] : ops)
    text += line(name.first, name.second, sum.seconds, total, sum.steps,
                 sum.seconds > 0 ? sum.flops / sum.seconds * 1e-9 : 0, sum.bytes);
  text += message('\n', kHead, "step\n");
  for (const std::size_t i : order)
    text += line(all[i].name, all[i].implementation, all[i].seconds, total, 1, all[i].gflops(), all[i].bytes);
  return text;
}

void Profile::write_chrome_trace(const std::string& path) const {
  std::ofstream file(path);
  file << "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n";
  const auto threads = static_cast<std::size_t>(threads_);
  file.precision(12);
  for (std::size_t t = 0; t < threads; ++t)
    file << "{\"name\": \"thread_name\", \"ph\": \"M\", \"pid\": 1, \"tid\": " << t
         << ", \"args\": {\"name\": \"thread " << t << "\"}},\n";
  for (const Call& call : recorded_)
    for (std::size_t i = 0; i < steps_.size(); ++i)
      for (std::size_t t = 0; t < threads; ++t) {
        const Interval& own = call.intervals[i * threads + t];
        if (own.end == 0) continue;
        file << "{\"name\": " << json_string(steps_[i].name) << ", \"cat\": " << json_string(steps_[i].op)
             << ", \"ph\": \"X\", \"pid\": 1, \"tid\": " << t << ", \"ts\": " << (call.begin + own.begin) * 1e6
             << ", \"dur\": " << (own.end - own.begin) * 1e6
             << ", \"args\": {\"implementation\": " << json_string(steps_[i].implementation)
             << ", \"flops\": " << steps_[i].flops << ", \"bytes\": " << steps_[i].bytes << "}},\n";
      }
  file << "{\"name\": \"process_name\", \"ph\": \"M\", \"pid\": 1, \"args\": {\"name\": \"cornu\"}}\n]}\n";
  file.close();
  require<IoError>(!file.fail(), "the trace cannot be written to '", path, "'");
}

std::ostream& operator<<(std::ostream& out, const Profile& profile) { return out << profile.to_string(); }

}  // namespace cornu::graph

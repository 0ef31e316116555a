#include "tests/support/keras_samples.h"

#include <ostream>

#include <algorithm>
#include <set>

namespace cornu::tests {
namespace {

std::vector<std::function<KerasSamples()>>& makers() {
  static std::vector<std::function<KerasSamples()>> list;
  return list;
}
std::set<std::string>& without_sample() {
  static std::set<std::string> names;
  return names;
}

}  // namespace

bool register_keras_samples(std::function<KerasSamples()> samples) {
  return makers().push_back(std::move(samples)), true;
}
bool register_without_sample(const std::string& class_name) { return without_sample().insert(class_name).second; }
bool needs_no_sample(const std::string& class_name) { return without_sample().contains(class_name); }

KerasSamples keras_samples(const std::string& kind) {
  KerasSamples found;
  for (const auto& make : makers())
    for (auto& sample : make())
      if (sample.kind == kind) found.push_back(std::move(sample));
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.class_name < b.class_name; });
  return found;
}

void PrintTo(const KerasSample& sample, std::ostream* out) { *out << sample.kind << ' ' << sample.class_name; }

}  // namespace cornu::tests

#include "tests/golden/golden_case.h"

#include <algorithm>
#include <cmath>

namespace cornu::golden {

Case::Case(const std::filesystem::path& path) : path_(path), file_(path), root_(file_.root()) {
  if (has("config")) config_ = json("config");
}

Array Case::data(const std::string& name) const {
  const auto dataset = root_.at(name);
  const Array array = dataset.read();
  return dataset.has_attribute("bool") ? array.astype(bool_) : array;
}

std::optional<Array> Case::optional_data(const std::string& name) const {
  return has_data(name) ? std::optional(data(name)) : std::nullopt;
}

std::vector<Array> Case::numbered(const std::string& prefix) const {
  std::vector<Array> list;
  for (int i = 0; has_data(graph::message(prefix, i)); ++i) list.push_back(data(graph::message(prefix, i)));
  return list;
}

void Case::compare(const std::string& name, const Array& got) {
  const auto dataset = root_.at(name);
  compared_.push_back(name);
  const Array want = data(name);
  if (!(got.shape() == want.shape()))
    return fail(graph::message(name, ": shape ", got.shape(), ", expected ", want.shape()));
  const bool exact = !graph::is_floating(want.dtype());
  const double rtol = exact ? 0 : dataset.number("rtol"), atol = exact ? 0 : dataset.number("atol");
  const Array a = got.astype(float64).flatten(), b = want.astype(float64).flatten();
  std::int64_t wrong = 0, worst = -1;
  double excess = -1;
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x = a.data<double>()[i], y = b.data<double>()[i];
    const bool same = std::isnan(y)   ? std::isnan(x)
                      : std::isinf(y) ? x == y
                                      : std::abs(x - y) <= atol + rtol * std::abs(y);
    if (same) continue;
    ++wrong;
    const double over = std::isfinite(x) && std::isfinite(y) ? std::abs(x - y) - rtol * std::abs(y) : INFINITY;
    if (over > excess) excess = over, worst = i;
  }
  if (wrong == 0) return;
  fail(graph::message(name, ": ", wrong, " of ", a.size(), " differ, element ", worst, " is ", a.data<double>()[worst],
                      ", expected ", b.data<double>()[worst], " (atol ", atol, ")"));
}

void Case::finish() {
  for (const std::string& name : root_.children()) {
    const auto dataset = root_.at(name);
    if (!dataset.has_attribute("role") || dataset.text("role") != "expected") continue;
    if (std::find(compared_.begin(), compared_.end(), name) == compared_.end())
      fail(name + ": expected, but nothing was computed for it");
  }
}

std::map<std::string, Runner>& runners() {
  static std::map<std::string, Runner> map;
  return map;
}

bool add_runner(const std::string& kind, Runner runner) { return runners().emplace(kind, std::move(runner)).second; }

}  // namespace cornu::golden

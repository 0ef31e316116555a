#include "cornu/keras/tuner/random_search.h"

#include "cornu/graph/check.h"
#include "cornu/keras/tuner/internal/oracle.h"

namespace cornu::keras::tuner {

namespace {

class RandomOracle final : public internal::Oracle {
 public:
  explicit RandomOracle(int max_trials) : max_trials_(max_trials) {
    graph::require<ValueError>(max_trials >= 1, "RandomSearch: expected max_trials of at least 1, got ", max_trials);
  }
  std::string kind() const override { return "random search"; }
  int trials() const override { return max_trials_; }
  std::optional<internal::Slot> slot(int, const std::vector<Trial>&, bool) const override { return internal::Slot(); }

 private:
  int max_trials_;
};

}  // namespace

RandomSearch::RandomSearch(Build build, const RandomSearchConfig& config)
    : Tuner(std::make_shared<RandomOracle>(config.max_trials), internal::common_of(config), std::move(build)) {}
RandomSearch::RandomSearch(const RandomSearchConfig& config) : RandomSearch(nullptr, config) {}

}  // namespace cornu::keras::tuner

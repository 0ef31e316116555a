#include "cornu/keras/tuner/hyperband.h"

#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/tuner/internal/oracle.h"

namespace cornu::keras::tuner {

using graph::message;
using graph::require;

namespace {

/// A bracket s has rounds 0 to s. In the first one models are drawn; into each further one go the best, for `factor`
/// times the epochs, so that the last one trains for max_epochs.
class HyperbandOracle final : public internal::Oracle {
 public:
  explicit HyperbandOracle(const HyperbandConfig& c)
      : max_epochs_(c.max_epochs), factor_(c.factor), iterations_(c.hyperband_iterations) {
    require<ValueError>(c.factor >= 2, "Hyperband: expected a factor of at least 2, got ", c.factor);
    require<ValueError>(c.max_epochs >= 1, "Hyperband: expected max_epochs of at least 1, got ", c.max_epochs);
    require<ValueError>(c.hyperband_iterations >= 1, "Hyperband: expected hyperband_iterations of at least 1, got ",
                        c.hyperband_iterations);
    for (double epochs = max_epochs_; epochs >= 1; epochs /= factor_) ++brackets_;
  }

  std::string kind() const override { return message("hyperband ", max_epochs_, " ", factor_); }

  int trials() const override { return iterations_ * first_of(iteration_end_, 0); }

  std::optional<internal::Slot> slot(int n, const std::vector<Trial>& trials, bool maximize) const override {
    const int each = first_of(iteration_end_, 0), iteration = n / each * each;
    int bracket = brackets_ - 1, round = 0;
    const auto last = [&] { return iteration + first_of(bracket, round) + size(bracket, round); };
    while (n >= last())
      if (++round > bracket) --bracket, round = 0;
    internal::Slot slot{.epochs = epochs(bracket, round)};
    if (round == 0) return slot;
    // Those that the round before this one tried, the best first.
    const int from = iteration + first_of(bracket, round - 1), place = n - (last() - size(bracket, round));
    std::vector<Trial> before;
    for (const Trial& trial : trials)
      if (trial.number >= from && trial.number < from + size(bracket, round - 1)) before.push_back(trial);
    const std::vector<const Trial*> best = internal::ranked(before, maximize);
    if (place >= static_cast<int>(best.size())) return std::nullopt;  // too many have failed
    slot.initial_epoch = epochs(bracket, round - 1);
    slot.from = best[static_cast<std::size_t>(place)]->number;
    return slot;
  }

 private:
  static constexpr int iteration_end_ = -1;  // the bracket behind the last one

  double shrunk(double value, int bracket, int round) const { return value * std::pow(factor_, round - bracket); }
  int epochs(int bracket, int round) const { return static_cast<int>(std::ceil(shrunk(max_epochs_, bracket, round))); }
  /// So that brackets take about the same time.
  int size(int bracket, int round) const {
    const double most = std::ceil(1 + std::log(max_epochs_) / std::log(factor_));
    return static_cast<int>(std::ceil(most / (bracket + 1) * std::pow(factor_, bracket - round)));
  }
  /// The number of trials before this round, of one iteration.
  int first_of(int bracket, int round) const {
    int number = 0;
    for (int b = brackets_ - 1; b >= std::max(bracket, 0); --b)
      for (int r = 0; r <= b && (b > bracket || r < round); ++r) number += size(b, r);
    return number;
  }

  int max_epochs_, factor_, iterations_, brackets_ = 0;
};

}  // namespace

Hyperband::Hyperband(Build build, const HyperbandConfig& config)
    : Tuner(std::make_shared<HyperbandOracle>(config), internal::common_of(config), std::move(build)) {}

}  // namespace cornu::keras::tuner

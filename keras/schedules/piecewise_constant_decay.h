#pragma once

#include <vector>

#include "cornu/keras/schedules/learning_rate_schedule.h"

namespace cornu::keras::schedules {

struct PiecewiseConstantDecayConfig {
  std::vector<int> boundaries = {};  ///< ascending
  std::vector<double> values = {};
  std::string name = "PiecewiseConstant";

  void fields(ConfigVisitor& v) {
    v("boundaries", boundaries);
    v("values", values);
    v("name", name);
  }
};

/// values[0] up to and including step boundaries[0], values[1] up to boundaries[1], …, after the last boundary the last
/// value. Keras: `PiecewiseConstantDecay`. Throws ValueError unless there is one value more than boundaries, and at
/// least one boundary.
class CORNU_EXPORT PiecewiseConstantDecay : public LearningRateSchedule {
 public:
  explicit PiecewiseConstantDecay(PiecewiseConstantDecayConfig config);
  Tensor operator()(const Tensor& step) const override;
  void fields(ConfigVisitor& v) override { config_.fields(v); }

 private:
  PiecewiseConstantDecayConfig config_;
};

}  // namespace cornu::keras::schedules

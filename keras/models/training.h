#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/graph/plan/profile.h"
#include "cornu/keras/callbacks/logs.h"
#include "cornu/keras/models/model.h"

namespace cornu::keras::models {

/// How a network is trained: what `compile` was given, and the two computations made from it, a training step and a
/// test step. Both take (x, y) or (x, y, sample_weight) and accumulate the loss and the metrics in variables.
class Training {
 public:
  Training(Network& network, CompileConfig config);

  const CompileConfig& config() const { return config_; }
  const Shared<optimizers::Optimizer>& optimizer() const { return config_.optimizer; }
  /// What "crossentropy" and "accuracy" turned out to be once a step was described; before, and for every other one,
  /// what compile was given.
  const Shared<losses::Loss>& loss() const { return loss_; }
  std::vector<Shared<metrics::Metric>> metrics() const { return chosen(false); }
  std::vector<Shared<metrics::Metric>> weighted_metrics() const { return chosen(true); }

  /// Makes the optimizer's slots for the network's trainable weights, which must exist: those of the first time, until
  /// `compile` makes a new Training.
  void build_optimizer();
  /// Warns if the layers' `trainable` has changed since.
  void check_trainable();
  /// The network has other layers now.
  void forget_variables() { trained_.reset(); }
  /// Throws ValueError for targets that the loss cannot take (labels out of range), before anything runs.
  void check_targets(const Array& y) const;

  /// Makes the two computations anew, for the network's number of threads.
  void compile_steps();
  void train_step(std::span<const Array> batch) {
    settle_logs();
    if (profiles_next_)
      profile_step(batch);
    else
      train_.call_into(batch, {});
  }
  /// The next training step is timed.
  void profile_next_step() { profiles_next_ = true; }
  /// Of the step that was timed last, once.
  std::optional<graph::Profile> take_profile() { return std::exchange(profile_, std::nullopt); }
  /// The compiled training step.
  const graph::Function& train_function() const { return train_; }
  void test_step(std::span<const Array> batch) {
    settle_logs();
    test_.call_into(batch, {});
  }
  /// Describes what the model makes of a batch, and its loss, with the context's updates of loss and metrics.
  Tensor describe_loss(std::span<const Tensor> batch, Context& ctx);
  /// The variables that a step trains: those that were trainable when the first one was prepared.
  const std::vector<Variable>& trained();
  /// Loss and metrics over what was accumulated since `reset_metrics`, by the names they are logged under.
  Logs results() const;
  void reset_metrics();
  std::vector<std::string> names() const;

  /// `results` after a step, for the hooks of its batch: computed only if somebody looks at them, at the latest before
  /// the figures change (a hook may evaluate the model).
  class StepLogs {
   public:
    explicit StepLogs(Training& training)
        : training_(training),
          logs_(Logs::lazy([&training] { return training.results(); })),
          before_(std::exchange(training.open_, &logs_)) {}
    ~StepLogs() { training_.open_ = before_; }
    StepLogs(const StepLogs&) = delete;
    StepLogs& operator=(const StepLogs&) = delete;
    const Logs& operator*() const { return logs_; }

   private:
    Training& training_;
    const Logs logs_;
    const Logs* before_;
  };

 private:
  void settle_logs() const {
    if (open_ != nullptr) open_->settle();
  }
  struct Tracked {
    std::string name;
    Shared<metrics::Metric> asked, metric;  // `metric` once the shapes are known
    bool weighted;
  };
  std::vector<Shared<metrics::Metric>> chosen(bool weighted) const;
  Tensor predictions(const Tensor& x, Context& ctx);
  Tensor total_loss(std::span<const Tensor> batch, const Tensor& y_pred, Context& ctx, Tensor& shown);
  void track(std::span<const Tensor> batch, const Tensor& y_pred, const Tensor& shown, Context& ctx);
  void profile_step(std::span<const Array> batch);
  Outputs describe_train_step(std::span<const Tensor> batch);
  Outputs describe_test_step(std::span<const Tensor> batch);

  Network& network_;
  CompileConfig config_;
  Shared<losses::Loss> loss_;
  std::vector<Tracked> tracked_;
  std::optional<std::vector<Variable>> trained_;  // unset before the first step is prepared
  std::vector<Variable> warned_;
  Variable loss_total_, loss_count_;
  graph::Function train_, test_;
  bool profiles_next_ = false;
  std::optional<graph::Profile> profile_;
  const Logs* open_ = nullptr;  // of the step whose hooks run now
};

}  // namespace cornu::keras::models

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
#include "cornu/keras/data/arrays.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/models/compile_config.h"
#include "cornu/keras/models/step.h"
#include "cornu/keras/state.h"

namespace cornu::keras::models {

/// How a network is trained: what `compile` was given, output by output, and the computations made from it, a training
/// step and a test step. Both accumulate the loss and the metrics in variables.
class Training : public std::enable_shared_from_this<Training> {
 public:
  Training(Network& network, CompileConfig config);

  const CompileConfig& config() const { return config_; }
  const Shared<optimizers::Optimizer>& optimizer() const { return config_.optimizer; }

  /// What is asked for one output. Losses and metrics are what "crossentropy" and "accuracy" turned out to be once a
  /// step was described; before, and for every other one, what compile was given.
  struct Output {
    std::string name;
    Shared<losses::Loss> loss;  ///< empty: none
    std::optional<double> weight;
    std::vector<Shared<metrics::Metric>> metrics, weighted_metrics;
  };
  /// Output by output; before the network is built, with the names that compile was given.
  std::vector<Output> outputs() const;

  /// The metric that is logged under a name; empty if there is none.
  Shared<metrics::Metric> metric_named(std::string_view name) const;

  /// Makes the optimizer's slots for the network's trainable weights, which must exist: those of when it was compiled,
  /// or of the first time if it was not built then.
  void build_optimizer();
  /// Warns if the layers' `trainable` has changed since.
  void check_trainable();
  /// The network has other layers now.
  void forget();
  /// Targets and sample weights in the order of the outputs that have a loss or metrics, checked: throws ValueError for
  /// another number, unknown names, and targets that a loss cannot take (labels out of range), before anything runs.
  std::vector<Array> accept_targets(Arrays y);
  std::vector<Array> accept_weights(const Arrays& weight, std::size_t targets);

  /// Makes the computations anew, for the network's number of threads.
  void compile_steps();
  void train_step(const data::Columns& batch);
  void test_step(const data::Columns& batch);
  /// The next training step is timed.
  void profile_next_step() { profiles_next_ = true; }
  /// Of the step that was timed last, once.
  std::optional<graph::Profile> take_profile() { return std::exchange(profile_, std::nullopt); }
  /// The compiled training step for batches of such columns, and what it is called with.
  const graph::Function& train_function(const data::Columns& batch);
  static std::vector<Array> arguments(const data::Columns& batch);

  /// A batch of tensors, from the arguments of a step.
  Batch batch_of(std::span<const Tensor> arguments, const data::Columns& like) const;
  /// Describes what the model makes of a batch, and its loss, with the context's updates of loss and metrics.
  Tensor describe_loss(const Batch& batch, Context& ctx);
  /// The variables that a step trains: those that were trainable when the model was compiled.
  const std::vector<Variable>& trained();
  /// Loss and metrics over what was accumulated since `reset_metrics`, by the names they are logged under.
  Logs results() const;
  void reset_metrics();
  /// The metrics' running figures, of those that the steps described so far have.
  void state(StateVisitor& v);
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
  friend class Step;
  /// How many arrays of each part a step takes: one computation for each.
  struct Layout {
    std::size_t x, y, weight;
    friend auto operator<=>(const Layout&, const Layout&) = default;
  };
  struct Functions {
    graph::Function train, test;
  };
  struct Tracked {
    std::string name;
    Shared<metrics::Metric> asked, metric;  // `metric` once the shapes are known
    bool weighted;
  };
  struct CompiledOutput {
    std::string name;
    Shared<losses::Loss> asked, loss;  // `loss` once the shapes are known
    std::optional<double> weight;
    std::vector<Tracked> tracked;
    bool used() const { return asked || !tracked.empty(); }
  };
  /// A mean over samples, logged under a name.
  struct Mean {
    std::string name;
    Variable total, count;
    void state(StateVisitor& v) { v("total", total), v("count", count); }
  };

  void settle_logs() const {
    if (open_ != nullptr) open_->settle();
  }
  static Layout layout_of(const data::Columns& batch) { return {batch.x.size(), batch.y.size(), batch.weight.size()}; }
  // Names of outputs are known once the network is built.
  void resolve_outputs();
  void resolve_outputs(const std::vector<std::string>& names);
  /// Of the outputs that have a loss or metrics.
  std::vector<std::string> used_names() const;
  void freeze();
  Functions& functions(const data::Columns& batch);
  const std::vector<Array>& flat(const data::Columns& batch);
  Batch batch_of(std::span<const Tensor> arguments, const Layout& layout) const;
  Outputs describe(std::span<const Tensor> arguments, const Layout& layout, bool training);
  Tensor compute_loss(const Batch& batch, const Tensors& y_pred, Step& step);
  void update_metrics(const Batch& batch, const Tensors& y_pred, Context& ctx);
  void minimise(const Tensor& loss, const Shared<optimizers::Optimizer>& optimizer,
                const std::vector<Variable>& variables, Context& ctx);
  Mean& mean(const std::string& name);

  Network& network_;
  CompileConfig config_;
  std::vector<CompiledOutput> outputs_;
  bool resolved_ = false;
  std::vector<Mean> means_;                       // in the order in which they are logged
  std::optional<std::vector<Variable>> trained_;  // unset before the network is built
  Context::Trainable trainable_;                  // of the layers, at the same time
  std::vector<Variable> warned_;
  std::vector<std::string> unused_;  // weights of which was said that the loss does not depend on them
  std::map<Layout, Functions> functions_;
  std::vector<Array> flat_;
  bool profiles_next_ = false;
  std::optional<graph::Profile> profile_;
  const Logs* open_ = nullptr;  // of the step whose hooks run now
};

}  // namespace cornu::keras::models

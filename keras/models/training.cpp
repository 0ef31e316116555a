#include "cornu/keras/models/training.h"

#include <algorithm>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/op.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/console.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::models {

using graph::require;

Training::Training(Network& network, CompileConfig config)
    : network_(network),
      config_(std::move(config)),
      loss_(config_.loss),
      loss_total_(graph::zeros({}), "loss_total", false),
      loss_count_(graph::zeros({}), "loss_count", false) {
  compile_steps();
  require<ValueError>(static_cast<bool>(config_.optimizer), "compile: an optimizer is needed");
  const auto track = [&](const Arg<metrics::Metric>& metric, bool weighted) {
    require<ValueError>(static_cast<bool>(metric), "compile: an empty metric");
    const auto taken = [&](const std::string& name) {
      return name == "loss" ||
             std::any_of(tracked_.begin(), tracked_.end(), [&](const Tracked& t) { return t.name == name; });
    };
    require<ValueError>(metric->name() != "loss",
                        "compile: a metric named 'loss' would be logged as the loss is; give it another name");
    const std::string own = weighted && taken(metric->name()) ? "weighted_" + metric->name() : metric->name();
    std::string name = own;
    for (int n = 1; taken(name); ++n) name = graph::message(own, '_', n);
    tracked_.push_back({name, metric, {}, weighted});
  };
  for (const auto& metric : config_.metrics) track(metric, false);
  for (const auto& metric : config_.weighted_metrics) track(metric, true);
}

void Training::compile_steps() {
  const int threads = network_.threads();
  train_ = graph::Function([this](std::span<const Tensor> batch) { return describe_train_step(batch); },
                           {.name = network_.name() + " train step", .threads = threads});
  test_ = graph::Function([this](std::span<const Tensor> batch) { return describe_test_step(batch); },
                          {.name = network_.name() + " test step", .threads = threads});
}

void Training::build_optimizer() {
  if (!trained_) trained_ = network_.trainable_weights();
  config_.optimizer->build(*trained_);
}

void Training::check_trainable() {
  if (!trained_) return;
  const auto now = network_.trainable_weights();
  if (now == *trained_ || now == warned_) return;
  warned_ = now;
  utils::warn(graph::message(
      "model \"", network_.name(),
      "\": `trainable` of a layer was changed after compile; it has no effect before compile is called again"));
}

void Training::check_targets(const Array& y) const {
  if (config_.loss) config_.loss->check_targets(y, network_.output_shape());
}

// In float32, in which losses and metrics are computed.
Tensor Training::predictions(const Tensor& x, Context& ctx) {
  const Tensor y = network_(x, ctx), y_pred = ops::cast_floating(y, graph::float32);
  ctx.set_mask(y_pred, ctx.mask(y));
  return y_pred;
}

// What is minimised; `shown` is what is logged.
Tensor Training::total_loss(std::span<const Tensor> batch, const Tensor& y_pred, Context& ctx, Tensor& shown) {
  const graph::NameScope scope("loss");
  const Tensor& y = batch[1];
  Tensor loss, penalty;
  for (const Tensor& added : ctx.losses()) penalty = penalty.defined() ? penalty + added : added;
  const auto with_penalty = [&](const Tensor& x) {
    return x.defined() && penalty.defined() ? x + penalty : x.defined() ? x : penalty;
  };
  if (loss_) {
    loss_ = losses::resolve(loss_, y.spec(), y_pred.spec());
    loss = (*loss_)(y, y_pred, batch.size() > 2 ? batch[2] : Tensor(), ctx.mask(y_pred));
    if (config_.loss_weights) loss = loss * *config_.loss_weights;
  }
  require<ValueError>(loss.defined() || penalty.defined(), "model \"", network_.name(),
                      "\" was compiled without a loss, and no layer adds one");
  // As Keras: values with reduction 'none' are logged by their mean, trained by their sum.
  const bool reduced = !loss.defined() || loss.ndim() == 0;
  shown = with_penalty(reduced ? loss : ops::mean(loss));
  return reduced ? shown : with_penalty(ops::sum(loss));
}

// Updates of the loss' mean and of the metrics.
void Training::track(std::span<const Tensor> batch, const Tensor& y_pred, const Tensor& shown, Context& ctx) {
  const graph::NameScope scope("metrics");
  {
    const graph::NameScope own("loss");
    const double samples = static_cast<double>(batch[0].shape().front());
    ctx.update(loss_total_, Tensor(loss_total_) + shown * samples);
    ctx.update(loss_count_, Tensor(loss_count_) + samples);
  }
  const Tensor& y = batch[1];
  for (Tracked& tracked : tracked_) {
    const graph::NameScope own(tracked.name);
    if (!tracked.metric) tracked.metric = metrics::resolve(tracked.asked, y.spec(), y_pred.spec());
    tracked.metric->update_state(y, y_pred, tracked.weighted && batch.size() > 2 ? batch[2] : Tensor(), ctx);
  }
}

Tensor Training::describe_loss(std::span<const Tensor> batch, Context& ctx) {
  const Tensor y_pred = predictions(batch[0], ctx);
  Tensor shown;
  const Tensor loss = total_loss(batch, y_pred, ctx, shown);
  track(batch, y_pred, shown, ctx);
  return loss;
}

const std::vector<Variable>& Training::trained() {
  build_optimizer();
  return *trained_;
}

void Training::profile_step(std::span<const Array> batch) {
  profiles_next_ = false;
  profile_ = train_.profiled_call(batch, {});
}

Outputs Training::describe_train_step(std::span<const Tensor> batch) {
  Context ctx(true);
  const Tensor loss = describe_loss(batch, ctx);

  const std::vector<Variable>& variables = trained();
  std::vector<std::function<Tensor(const Tensor&)>> projections(variables.size());
  for (const layers::Weight& weight : network_.weight_list())
    if (const auto at = std::find(variables.begin(), variables.end(), weight.variable);
        at != variables.end() && weight.constraint)
      projections[static_cast<std::size_t>(at - variables.begin())] = [c = weight.constraint](const Tensor& w) {
        return (*c)(w);
      };
  const Tensors gradients = autodiff::gradients(config_.optimizer->scale_loss(loss),
                                                std::vector<autodiff::Wrt>(variables.begin(), variables.end()));
  std::vector<optimizers::Optimizer::GradientAndVariable> pairs;
  for (std::size_t i = 0; i < variables.size(); ++i) pairs.emplace_back(gradients[i], variables[i]);
  {
    const graph::NameScope scope("optimizer");
    config_.optimizer->apply(pairs, ctx, projections);
  }
  return Outputs({}, ctx.updates());  // checked where they were made
}

Outputs Training::describe_test_step(std::span<const Tensor> batch) {
  Context ctx(false);
  describe_loss(batch, ctx);
  return Outputs({}, ctx.updates());  // checked where they were made
}

Logs Training::results() const {
  Logs logs;
  logs.reserve(1 + tracked_.size());
  const float count = loss_count_.value().item<float>();
  logs.set("loss", count > 0 ? loss_total_.value().item<float>() / count : 0.0F);
  for (const Tracked& tracked : tracked_) {
    if (!tracked.metric) continue;
    const Array result = tracked.metric->result();
    if (result.size() == 1) {
      logs.set(tracked.name, result.item<double>());
    } else {  // one figure per class: name_0, name_1, …
      const Array flat = result.flatten().astype(graph::float64);
      for (std::int64_t i = 0; i < flat.size(); ++i)
        logs.set(graph::message(tracked.name, '_', i), flat.data<double>()[i]);
    }
  }
  return logs;
}

void Training::reset_metrics() {
  settle_logs();
  static const Array zero = graph::zeros({});
  loss_total_.assign(zero);
  loss_count_.assign(zero);
  for (const Tracked& tracked : tracked_)
    if (tracked.metric) tracked.metric->reset_state();
}

std::vector<Shared<metrics::Metric>> Training::chosen(bool weighted) const {
  std::vector<Shared<metrics::Metric>> list;
  for (const Tracked& tracked : tracked_)
    if (tracked.weighted == weighted) list.push_back(tracked.metric ? tracked.metric : tracked.asked);
  return list;
}

std::vector<std::string> Training::names() const {
  std::vector<std::string> names{"loss"};
  for (const Tracked& tracked : tracked_) names.push_back(tracked.name);
  return names;
}

}  // namespace cornu::keras::models

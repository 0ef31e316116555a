#include "cornu/keras/models/training.h"

#include <algorithm>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/op.h"
#include "cornu/keras/models/network.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"

namespace cornu::keras::models {

using graph::require;

Training::Training(Network& network, CompileConfig config)
    : network_(network),
      config_(std::move(config)),
      loss_(config_.loss),
      loss_total_(graph::zeros({}), "loss_total", false),
      loss_count_(graph::zeros({}), "loss_count", false) {
  set_threads(config_.threads);
  require<ValueError>(static_cast<bool>(config_.optimizer), "compile: an optimizer is needed");
  const auto track = [&](const Arg<metrics::Metric>& metric, bool weighted) {
    require<ValueError>(static_cast<bool>(metric), "compile: an empty metric");
    std::string name = metric->name();
    const auto taken = [&] { return std::any_of(tracked_.begin(), tracked_.end(), [&](const Tracked& t) { return t.name == name; }); };
    if (weighted && taken()) name = "weighted_" + name;
    require<ValueError>(!taken() && name != "loss", "compile: two metrics would be logged as '", name, "'; give one another name");
    tracked_.push_back({name, metric, {}, weighted});
  };
  for (const auto& metric : config_.metrics) track(metric, false);
  for (const auto& metric : config_.weighted_metrics) track(metric, true);
}

void Training::set_threads(int threads) {
  train_ = graph::Function([this](std::span<const Tensor> batch) { return describe_train_step(batch); },
                           {.name = network_.name() + " train step", .threads = threads});
  test_ = graph::Function([this](std::span<const Tensor> batch) { return describe_test_step(batch); },
                          {.name = network_.name() + " test step", .threads = threads});
}

void Training::build_optimizer() { config_.optimizer->build(network_.trainable_weights()); }

void Training::check_targets(const Array& y) const {
  if (config_.loss) config_.loss->check_targets(y, network_.output_shape());
}

Tensor Training::loss_and_metrics(std::span<const Tensor> batch, const Tensor& y_pred, Context& ctx) {
  require<ValueError>(static_cast<bool>(config_.loss), "model \"", network_.name(), "\" was compiled without a loss");
  const Tensor& y = batch[1];
  const Tensor weight = batch.size() > 2 ? batch[2] : Tensor();

  loss_ = losses::resolve(loss_, y.spec(), y_pred.spec());
  Tensor loss = (*loss_)(y, y_pred, weight);
  require<ShapeError>(loss.shape().empty(), "loss ", config_.loss->class_name(), ": training needs a scalar, got shape ", loss.shape(), " (reduction '",
                      config_.loss->reduction(), "')");
  if (config_.loss_weights) loss = loss * *config_.loss_weights;
  for (const Tensor& added : ctx.losses()) loss = loss + added;

  const double samples = static_cast<double>(batch[0].shape().front());
  ctx.update(loss_total_, Tensor(loss_total_) + loss * samples);
  ctx.update(loss_count_, Tensor(loss_count_) + samples);
  for (Tracked& tracked : tracked_) {
    if (!tracked.metric) tracked.metric = metrics::resolve(tracked.asked, y.spec(), y_pred.spec());
    tracked.metric->update_state(y, y_pred, tracked.weighted ? weight : Tensor(), ctx);
  }
  return loss;
}

Outputs Training::describe_train_step(std::span<const Tensor> batch) {
  Context ctx(true);
  const Tensor y_pred = network_(batch[0], ctx);
  const Tensor loss = loss_and_metrics(batch, y_pred, ctx);

  std::vector<Variable> variables;
  std::vector<std::function<Tensor(const Tensor&)>> projections;
  for (const layers::Weight& weight : network_.weight_list()) {
    const auto trained = network_.trainable_weights();
    if (std::find(trained.begin(), trained.end(), weight.variable) == trained.end()) continue;
    variables.push_back(weight.variable);
    projections.emplace_back();
    if (weight.constraint) projections.back() = [c = weight.constraint](const Tensor& w) { return (*c)(w); };
  }
  build_optimizer();
  const std::vector<autodiff::Wrt> wrt(variables.begin(), variables.end());
  const Tensors gradients = autodiff::gradients(config_.optimizer->scale_loss(loss), wrt);
  std::vector<optimizers::Optimizer::GradientAndVariable> pairs;
  for (std::size_t i = 0; i < variables.size(); ++i) pairs.emplace_back(gradients[i], variables[i]);
  {
    const graph::NameScope scope(config_.optimizer->class_name());
    config_.optimizer->apply(pairs, ctx, projections);
  }
  Outputs outputs;
  for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
  return outputs;
}

Outputs Training::describe_test_step(std::span<const Tensor> batch) {
  Context ctx(false);
  const Tensor y_pred = network_(batch[0], ctx);
  loss_and_metrics(batch, y_pred, ctx);
  Outputs outputs;
  for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
  return outputs;
}

Logs Training::results() const {
  Logs logs;
  const float count = loss_count_.value().item<float>();
  logs.set("loss", count > 0 ? static_cast<double>(loss_total_.value().item<float>()) / count : 0.0);
  for (const Tracked& tracked : tracked_) {
    if (!tracked.metric) continue;
    const Array result = tracked.metric->result();
    if (result.size() == 1) {
      logs.set(tracked.name, result.item<double>());
    } else {  // one figure per class: name_0, name_1, …
      const Array flat = result.flatten().astype(graph::float64);
      for (std::int64_t i = 0; i < flat.size(); ++i) logs.set(graph::message(tracked.name, '_', i), flat.data<double>()[i]);
    }
  }
  return logs;
}

void Training::reset_metrics() {
  loss_total_.assign(graph::zeros({}));
  loss_count_.assign(graph::zeros({}));
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

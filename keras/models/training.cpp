#include "cornu/keras/models/internal/training.h"

#include <algorithm>
#include <unordered_set>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/console.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::models {

using graph::require;

Training::Training(Network& network, CompileConfig config) : network_(network), config_(std::move(config)) {
  require<ValueError>(static_cast<bool>(config_.optimizer), "compile: an optimizer is needed");
  mean("loss");
  if (network_.built()) {
    resolve_outputs();
    freeze();
  } else if (config_.loss.names().empty() && config_.loss.values().size() <= 1) {
    resolve_outputs({"output_1"});  // most have one: wrong names are told now, and right ones known
    resolved_ = false;
  }
}

void Training::compile_steps() { functions_.clear(); }

namespace {

// Names under which a list of metrics is logged: none is "loss", none comes twice.
class MetricNames {
 public:
  std::string add(const std::string& metric, const std::string& output, bool weighted) {
    const std::string prefix = output.empty() ? "" : output + "_";
    require<ValueError>(metric != "loss" || !prefix.empty(),
                        "compile: a metric named 'loss' would be logged as the loss is; give it another name");
    const std::string own = weighted && taken(prefix + metric) ? prefix + "weighted_" + metric : prefix + metric;
    std::string name = own;
    for (int n = 1; taken(name); ++n) name = graph::message(own, '_', n);
    names_.push_back(name);
    return name;
  }
  void reserve(std::string name) { names_.push_back(std::move(name)); }

 private:
  bool taken(const std::string& name) const { return std::find(names_.begin(), names_.end(), name) != names_.end(); }
  std::vector<std::string> names_;
};

}  // namespace

void Training::resolve_outputs() {
  if (!resolved_) resolve_outputs(network_.output_names());
}

void Training::resolve_outputs(const std::vector<std::string>& names) {
  const auto losses = config_.loss.of(names, "loss");
  const auto weights = config_.loss_weights.of(names, "loss_weights");
  const auto metrics = config_.metrics.of(names, "metrics"),
             weighted = config_.weighted_metrics.of(names, "weighted_metrics");
  std::vector<CompiledOutput> outputs;
  MetricNames logged;
  logged.reserve("loss");
  const bool several = names.size() > 1;
  for (std::size_t i = 0; i < names.size(); ++i) {
    outputs.push_back({names[i], losses[i] ? Shared<losses::Loss>(*losses[i]) : nullptr, {}, weights[i], {}});
    if (several && outputs.back().asked) logged.reserve(names[i] + "_loss");
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    for (const bool is_weighted : {false, true})
      for (const auto& metric : is_weighted ? weighted[i] : metrics[i]) {
        require<ValueError>(static_cast<bool>(metric), "compile: an empty metric");
        outputs[i].tracked.push_back(
            {logged.add(metric->name(), several ? names[i] : "", is_weighted), metric, {}, is_weighted});
      }
  outputs_ = std::move(outputs);
  resolved_ = true;
}

std::vector<Training::Output> Training::outputs() const {
  std::vector<Output> list;
  for (const CompiledOutput& output : outputs_) {
    Output shown{output.name, output.loss ? output.loss : output.asked, output.weight, {}, {}};
    for (const Tracked& tracked : output.tracked)
      (tracked.weighted ? shown.weighted_metrics : shown.metrics)
          .push_back(tracked.metric ? tracked.metric : tracked.asked);
    list.push_back(std::move(shown));
  }
  return list;
}

Shared<metrics::Metric> Training::metric_named(std::string_view name) const {
  for (const CompiledOutput& output : outputs_)
    for (const Tracked& tracked : output.tracked)
      if (tracked.name == name) return tracked.metric ? tracked.metric : tracked.asked;
  return {};
}

// The layers' `trainable` as it is now holds until `compile` is called again.
void Training::freeze() {
  if (trained_) return;
  trained_ = network_.trainable_weights();
  const auto note = [&](const layers::Layer& layer, const auto& self) -> void {
    trainable_[&layer] = layer.trainable();
    for (const auto& part : layer.sublayers()) self(*part.layer, self);
  };
  note(network_, note);
}

void Training::forget() {
  trained_.reset();
  trainable_.clear();
  functions_.clear();
  resolved_ = false;
}

void Training::build_optimizer() {
  resolve_outputs();
  freeze();
  if (!config_.optimizer->built() || !trained_->empty()) config_.optimizer->build(*trained_);
}

const std::vector<Variable>& Training::trained() {
  build_optimizer();
  return *trained_;
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

std::vector<std::string> Training::used_names() const {
  std::vector<std::string> used;
  for (const CompiledOutput& output : outputs_)
    if (output.used()) used.push_back(output.name);
  return used;
}

std::vector<Array> Training::accept_targets(Arrays y) {
  resolve_outputs();
  if (y.empty()) return {};
  const auto used = static_cast<std::size_t>(
      std::count_if(outputs_.begin(), outputs_.end(), [](const CompiledOutput& output) { return output.used(); }));
  // A class of one's own, or one whose layers add the loss, takes what it is given.
  if (used == 0) return std::move(y).arrays();
  std::vector<Array> ordered;
  if (y.names().empty() && y.size() == used) {
    ordered = std::move(y).arrays();
  } else if (y.size() == outputs_.size() && y.size() != used) {  // also for outputs without a loss
    const auto all = y.in_order(network_.output_names(), "y");
    for (std::size_t i = 0; i < outputs_.size(); ++i)
      if (outputs_[i].used()) ordered.push_back(all[i]);
  } else {
    ordered = y.in_order(used_names(), "y");
  }
  std::size_t i = 0;
  for (const CompiledOutput& output : outputs_) {
    if (!output.used()) continue;
    const std::size_t at = static_cast<std::size_t>(&output - outputs_.data());
    if (output.asked && at < network_.output_specs().size())
      output.asked->check_targets(ordered[i], network_.output_specs()[at].shape);
    ++i;
  }
  return ordered;
}

std::vector<Array> Training::accept_weights(const Arrays& weight, std::size_t targets) {
  if (weight.empty()) return {};
  if (weight.size() == 1 && weight.names().empty())
    return std::vector<Array>(std::max<std::size_t>(targets, 1), weight[0]);
  const std::vector<std::string> used = used_names();
  return used.size() == targets ? weight.in_order(used, "sample_weight") : weight.arrays();
}

std::vector<Array> Training::arguments(const data::Columns& batch) {
  std::vector<Array> list = batch.x;
  list.insert(list.end(), batch.y.begin(), batch.y.end());
  list.insert(list.end(), batch.weight.begin(), batch.weight.end());
  return list;
}

// The same into memory that is kept: a step allocates nothing.
const std::vector<Array>& Training::flat(const data::Columns& batch) {
  flat_.resize(batch.x.size() + batch.y.size() + batch.weight.size());
  std::size_t i = 0;
  for (const auto* part : {&batch.x, &batch.y, &batch.weight})
    for (const Array& array : *part) flat_[i++] = array;
  return flat_;
}

Training::Functions& Training::functions(const data::Columns& batch) {
  const Layout layout = layout_of(batch);
  const auto known = functions_.find(layout);
  if (known != functions_.end()) return known->second;
  const auto function = [&](bool training) {
    return graph::Function(
        [weak = weak_from_this(), layout, training](std::span<const Tensor> arguments) {
          const auto self = weak.lock();  // a function that is handed out may outlive the model
          require<ValueError>(self != nullptr, "the model of this function is gone");
          return self->describe(arguments, layout, training);
        },
        -1,
        {.name = network_.name() + (training ? " train step" : " test step"),
         .threads = network_.threads(),
         .cached_plans = network_.cached_plans()});
  };
  return functions_.emplace(layout, Functions{function(true), function(false)}).first->second;
}

const graph::Function& Training::train_function(const data::Columns& batch) { return functions(batch).train; }

void Training::train_step(const data::Columns& batch) {
  settle_logs();
  const graph::Function& step = functions(batch).train;
  if (!profiles_next_) return step.call_into(flat(batch), {});
  profiles_next_ = false;
  profile_ = step.profiled_call(flat(batch), {});
}

void Training::test_step(const data::Columns& batch) {
  settle_logs();
  functions(batch).test.call_into(flat(batch), {});
}

Batch Training::batch_of(std::span<const Tensor> arguments, const data::Columns& like) const {
  return batch_of(arguments, layout_of(like));
}

Batch Training::batch_of(std::span<const Tensor> arguments, const Layout& layout) const {
  Batch batch;
  const auto tensors = [&](std::size_t from, std::size_t count) {
    return Tensors(arguments.begin() + static_cast<std::ptrdiff_t>(from),
                   arguments.begin() + static_cast<std::ptrdiff_t>(from + count));
  };
  batch.x = Inputs(tensors(0, layout.x));
  const Tensors y = tensors(layout.x, layout.y), weight = tensors(layout.x + layout.y, layout.weight);
  const bool by_output =
      std::any_of(outputs_.begin(), outputs_.end(), [](const CompiledOutput& output) { return output.used(); });
  if (!by_output) {
    batch.y = y, batch.weight = weight;
    return batch;
  }
  batch.y.resize(outputs_.size()), batch.weight.resize(outputs_.size());
  std::size_t i = 0;
  for (std::size_t output = 0; output < outputs_.size(); ++output) {
    if (!outputs_[output].used()) continue;
    if (i < y.size()) batch.y[output] = y[i];
    if (i < weight.size()) batch.weight[output] = weight[i];
    ++i;
  }
  return batch;
}

Outputs Training::describe(std::span<const Tensor> arguments, const Layout& layout, bool training) {
  resolve_outputs();
  freeze();
  const Batch batch = batch_of(arguments, layout);
  Context ctx(training);
  ctx.set_trainable(&trainable_);
  Step step(*this, network_, ctx);
  step.samples_ = batch.size();
  if (training)
    network_.train_step(batch, step);
  else
    network_.test_step(batch, step);
  return Outputs({}, ctx.updates());  // checked where they were made
}

Tensor Training::describe_loss(const Batch& batch, Context& ctx) {
  resolve_outputs();
  freeze();
  ctx.set_trainable(&trainable_);
  Step step(*this, network_, ctx);
  step.samples_ = batch.size();
  const Tensors y_pred = step.call(batch.x);
  const Tensor loss = step.compute_loss(batch, y_pred);
  step.update_metrics(batch, y_pred);
  return loss;
}

// What is minimised. What is logged of each output is its loss without its weight.
Tensor Training::compute_loss(const Batch& batch, const Tensors& y_pred, Step& step) {
  const graph::NameScope scope("loss");
  Context& ctx = step.context();
  Tensor trained, shown, penalty;
  const auto plus = [](const Tensor& sum, const Tensor& x) {
    return sum.defined() && x.defined() ? sum + x : sum.defined() ? sum : x;
  };
  for (const Tensor& added : ctx.losses()) penalty = plus(penalty, added);
  std::vector<std::pair<std::string, Tensor>> of_outputs;
  for (std::size_t i = 0; i < outputs_.size() && i < y_pred.size(); ++i) {
    CompiledOutput& output = outputs_[i];
    if (!output.asked) continue;
    require<ValueError>(i < batch.y.size() && batch.y[i].defined(), "model \"", network_.name(),
                        "\": the loss of output \"", output.name, "\" needs targets: give y");
    if (!output.loss) output.loss = losses::resolve(output.asked, batch.y[i].spec(), y_pred[i].spec());
    Tensor loss = (*output.loss)(batch.y[i], y_pred[i], i < batch.weight.size() ? batch.weight[i] : Tensor(),
                                 ctx.mask(y_pred[i]));
    // As Keras: values with reduction 'none' are logged by their mean, trained by their sum.
    Tensor mean = loss.ndim() == 0 ? loss : ops::mean(loss);
    if (loss.ndim() > 0) loss = ops::sum(loss);
    of_outputs.emplace_back(output.name + "_loss", mean);
    if (output.weight) {
      const bool same = mean.same(loss);
      loss = loss * *output.weight;
      mean = same ? loss : mean * *output.weight;
    }
    const bool same = mean.same(loss) && (!trained.defined() || trained.same(shown));
    trained = plus(trained, loss);
    shown = same ? trained : plus(shown, mean);
  }
  require<ValueError>(trained.defined() || penalty.defined(), "model \"", network_.name(),
                      "\" was compiled without a loss, and no layer adds one");
  const bool same = trained.same(shown);
  trained = plus(trained, penalty);
  shown = same ? trained : plus(shown, penalty);
  {
    const graph::NameScope metrics("metrics");
    step.track("loss", shown);
    if (of_outputs.size() > 1)
      for (const auto& [name, value] : of_outputs) step.track(name, value);
  }
  return trained;
}

void Training::update_metrics(const Batch& batch, const Tensors& y_pred, Context& ctx) {
  const graph::NameScope scope("metrics");
  for (std::size_t i = 0; i < outputs_.size() && i < y_pred.size(); ++i)
    for (Tracked& tracked : outputs_[i].tracked) {
      const graph::NameScope own(tracked.name);
      require<ValueError>(i < batch.y.size() && batch.y[i].defined(), "model \"", network_.name(), "\": the metric \"",
                          tracked.name, "\" needs targets: give y");
      if (!tracked.metric) tracked.metric = metrics::resolve(tracked.asked, batch.y[i].spec(), y_pred[i].spec());
      const bool weighted = tracked.weighted && i < batch.weight.size();
      tracked.metric->update_state(batch.y[i], y_pred[i], weighted ? batch.weight[i] : Tensor(), ctx);
    }
}

namespace {

// The tensors on which a computation depends as gradients see it, and the variables that it reads.
struct Reached {
  std::unordered_set<const void*> variables;
  std::unordered_set<const graph::Node*> nodes;
};

Reached reached_from(const Tensor& tensor) {
  Reached reached;
  std::vector<Tensor> open{tensor};
  while (!open.empty()) {
    const Tensor next = open.back();
    open.pop_back();
    if (!reached.nodes.insert(&next.node()).second || ops::stops_gradient(next)) continue;
    if (const auto* read = graph::as<graph::ReadVariable>(next)) reached.variables.insert(read->variable.id());
    for (const Tensor& input : next.node().inputs()) open.push_back(input);
  }
  return reached;
}

}  // namespace

void Training::minimise(const Tensor& loss, const Shared<optimizers::Optimizer>& optimizer,
                        const std::vector<Variable>& variables, Context& ctx) {
  require<ValueError>(ctx.training(), "model \"", network_.name(), "\": minimise is for training steps");
  std::vector<std::function<Tensor(const Tensor&)>> projections(variables.size());
  for (const layers::Weight& weight : network_.weight_list())
    if (const auto at = std::find(variables.begin(), variables.end(), weight.variable);
        at != variables.end() && weight.constraint)
      projections[static_cast<std::size_t>(at - variables.begin())] = [c = weight.constraint](const Tensor& w) {
        return (*c)(w);
      };
  const Reached used = reached_from(loss);
  // A variable that this step has set already is, to the loss, the tensors that it was set to.
  std::vector<autodiff::Wrt> wrt;
  std::vector<std::size_t> owners;
  std::vector<bool> is_set(variables.size());
  const auto differentiate_by = [&](const std::vector<Outputs::Update>& updates) {
    for (const auto& [variable, value] : updates) {
      const auto at = std::find(variables.begin(), variables.end(), variable);
      const bool known =
          std::any_of(wrt.begin(), wrt.end(), [&v = value](const auto& w) { return w.tensor().same(v); });
      if (at == variables.end() || known || !used.nodes.contains(&value.node())) continue;
      owners.push_back(static_cast<std::size_t>(at - variables.begin()));
      wrt.emplace_back(value), is_set[owners.back()] = true;
    }
  };
  differentiate_by(ctx.assigned());
  differentiate_by(ctx.updates());
  for (std::size_t i = 0; i < variables.size(); ++i)
    if (!is_set[i] && used.variables.contains(variables[i].id())) wrt.emplace_back(variables[i]), owners.push_back(i);
  const Tensors parts = autodiff::gradients(optimizer->scale_loss(loss, ctx), wrt);
  Tensors gradients(variables.size());
  for (std::size_t k = 0; k < parts.size(); ++k) {
    Tensor& gradient = gradients[owners[k]];
    gradient = gradient.defined() ? gradient + parts[k] : parts[k];
  }
  std::vector<optimizers::Optimizer::GradientAndVariable> pairs;
  std::string unused;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    pairs.emplace_back(gradients[i], variables[i]);
    const std::string& name = variables[i].name();
    if (gradients[i].defined() || std::find(unused_.begin(), unused_.end(), name) != unused_.end()) continue;
    unused_.push_back(name);
    unused += (unused.empty() ? "'" : ", '") + name + "'";
  }
  if (!unused.empty() && !used.variables.empty())
    utils::warn(graph::message("model \"", network_.name(), "\": the loss does not depend on ", unused,
                               ", which stay as they are"));
  const graph::NameScope scope("optimizer");
  optimizer->apply(pairs, ctx, projections);
}

Training::Mean& Training::mean(const std::string& name) {
  for (Mean& known : means_)
    if (known.name == name) return known;
  means_.push_back(
      {name, Variable(graph::zeros({}), name + "_total", false), Variable(graph::zeros({}), name + "_count", false)});
  return means_.back();
}

Logs Training::results() const {
  Logs logs;
  // A step of one's own may have no "loss", and one for training tracks other figures than one for tests.
  const auto number = [](const Variable& v) { return *static_cast<const float*>(v.data()); };  // without an array
  const bool some = std::any_of(means_.begin(), means_.end(), [&](const Mean& mean) { return number(mean.count) > 0; });
  for (const Mean& mean : means_) {
    const float count = number(mean.count);
    if (count > 0 || !some) logs.set(mean.name, count > 0 ? number(mean.total) / count : 0.0F);
  }
  for (const CompiledOutput& output : outputs_)
    for (const Tracked& tracked : output.tracked) {
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
  for (Mean& mean : means_) {
    mean.total.assign(zero);
    mean.count.assign(zero);
  }
  for (const CompiledOutput& output : outputs_)
    for (const Tracked& tracked : output.tracked)
      if (tracked.metric) tracked.metric->reset_state();
}

void Training::state(StateVisitor& v) {
  settle_logs();
  for (Mean& mean : means_) v.part("mean_" + mean.name, mean);
  for (const CompiledOutput& output : outputs_)
    for (const Tracked& tracked : output.tracked)
      if (tracked.metric) v.part(tracked.name, *tracked.metric);
}

std::vector<std::string> Training::names() const {
  std::vector<std::string> names;
  for (const Mean& mean : means_) names.push_back(mean.name);
  for (const CompiledOutput& output : outputs_)
    for (const Tracked& tracked : output.tracked) names.push_back(tracked.name);
  return names;
}

}  // namespace cornu::keras::models

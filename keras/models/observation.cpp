#include "cornu/keras/models/internal/observation.h"

#include <map>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/op.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/internal/weight_paths.h"
#include "cornu/ops/native/histogram.h"

namespace cornu::keras::models {
namespace {

bool only_reshapes(const Context::LayerCall& call) {
  if (call.inputs.size() != 1) return false;
  for (const Tensor& output : call.outputs) {
    Tensor y = output;
    while (!y.same(call.inputs[0]) && y.node().op().traits().view) y = y.node().inputs()[0];
    if (!y.same(call.inputs[0])) return false;
  }
  return true;
}

}  // namespace

std::vector<Context::LayerCall> computing_calls(const Network& network, const Context& ctx) {
  const auto paths = layer_paths(network);
  std::vector<Context::LayerCall> calls;
  for (const Context::LayerCall& call : ctx.layer_calls()) {
    if (!call.layer->sublayers().empty() || only_reshapes(call)) continue;
    calls.push_back(call);
    if (const auto path = paths.find(call.layer); path != paths.end()) calls.back().path = path->second;
  }
  return calls;
}

Observation::Observation(Network& network, Training& training)
    : network_(network),
      training_(training),
      function_([this](std::span<const Tensor> arguments) { return describe(arguments); },
                {.name = network.name() + " observation", .threads = network.threads()}) {}

Outputs Observation::describe(std::span<const Tensor> arguments) {
  paths_.clear();
  Outputs outputs;
  std::map<std::string, int> times;
  const auto count = [&](std::string path, const Tensor& values) {
    if (const int before = times[path]++; before > 0)
      path += graph::message('_', before);  // a layer that is used twice
    for (const Tensor& part : ops::histogram(values)) outputs.add(part);
    paths_.push_back(std::move(path));
  };
  Context ctx(false);
  ctx.keep_layer_calls();
  const Tensor loss = training_.describe_loss(training_.batch_of(arguments, like_), ctx);
  for (const Context::LayerCall& call : computing_calls(network_, ctx))
    for (const Tensor& output : call.outputs) count(call.path + "/activation", output);

  const std::vector<Variable>& variables = training_.trained();
  const Tensors gradients = autodiff::gradients(loss, std::vector<autodiff::Wrt>(variables.begin(), variables.end()));
  for (const auto& [path, variable] : weight_paths(network_))
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (variables[i] == variable && gradients[i].defined()) count(path + "/gradient", gradients[i]);
  return outputs;
}

std::vector<std::pair<std::string, graph::Histogram>> Observation::operator()(const data::Columns& batch) {
  like_ = batch;
  const graph::Results results = function_.call(Training::arguments(batch));
  std::vector<std::pair<std::string, graph::Histogram>> seen;
  for (std::size_t i = 0; i < paths_.size(); ++i)
    seen.emplace_back(paths_[i], ops::histogram_of(results[3 * i], results[3 * i + 1], results[3 * i + 2]));
  return seen;
}

}  // namespace cornu::keras::models

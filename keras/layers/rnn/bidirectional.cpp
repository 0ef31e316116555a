#include "cornu/keras/layers/rnn/bidirectional.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/utils/internal/to_snake_case.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/slice.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

constexpr const char *kForward = "forward_", *kBackward = "backward_";

// "lstm" of "forward_lstm".
std::string without(const std::string& prefix, const std::string& name) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

std::string base_name(const Layer& layer) {
  return layer.name().empty() ? utils::to_snake_case(layer.class_name()) : layer.name();
}

Shared<Recurrent> renamed(const Recurrent& layer, const std::string& prefix, bool go_backwards) {
  return layer.copy(prefix + without(prefix, base_name(layer)), go_backwards);
}

struct BidirectionalLayer final : Configured<Recurrent, BidirectionalConfig> {
  explicit BidirectionalLayer(BidirectionalConfig config) : Configured(std::move(config)) {
    require<ValueError>(static_cast<bool>(config_.layer), who(), "expected a recurrent layer, got none");
    const std::string& mode = config_.merge_mode;
    require<ValueError>(mode.empty() || mode == "sum" || mode == "mul" || mode == "ave" || mode == "concat", who(),
                        "expected a merge_mode \"sum\", \"mul\", \"ave\", \"concat\" or none, got \"", mode, '"');
    const Shared<Recurrent> given = recurrent(config_.layer);
    const bool backwards = given->arguments().go_backwards;
    forward_ = renamed(*given, kForward, backwards);
    backward_ = config_.backward_layer ? recurrent(config_.backward_layer) : renamed(*given, kBackward, !backwards);
    if (backward_->name().empty()) backward_->set_automatic_name(kBackward + base_name(*backward_), false);
    require_pair();
    config_.layer = forward_, config_.backward_layer = backward_;
    arguments_ = forward_->arguments();
    for (const auto& part : {forward_, backward_}) part->set_zero_output_for_mask(arguments_.return_sequences);
    add_layer(forward_, "forward_layer");
    add_layer(backward_, "backward_layer");
    set_autocast(false);  // the layers cast for themselves
  }

  std::shared_ptr<Recurrent> copy(const std::string& name, bool go_backwards) const override {
    BidirectionalConfig config = config_;
    config.name = name, config.trainable = trainable();
    config.layer = renamed(*forward_, kForward, go_backwards);
    config.backward_layer = renamed(*backward_, kBackward, !go_backwards);
    return config.make();
  }

  void build_all(const Shapes& inputs) override {
    for (const auto& part : {forward_, backward_}) part->ensure_built_for({{graph::float32, inputs.at(0)}});
  }

  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    const Tensor& x = inputs[0];
    const Tensors states = given_states(inputs);
    Shapes shapes;
    for (const Tensor& state : states) shapes.push_back(state.shape());
    require_states(x.shape(), shapes);
    const std::size_t half = states.size() / 2;
    Inputs ahead(x), back(x);
    for (std::size_t i = 0; i < states.size(); ++i) (i < half ? ahead : back).with("initial_state", states[i]);
    Tensors y = forward_(ahead, ctx), reversed = backward_(back, ctx);
    const Tensor mask = arguments_.return_sequences ? ctx.mask(x) : Tensor();
    const Tensor a = ops::cast_floating(y[0], compute_dtype());
    Tensor b = ops::cast_floating(reversed[0], compute_dtype());
    if (arguments_.return_sequences) b = ops::flip(b, arguments_.time_major ? 0 : 1);
    Tensors outputs = merged(a, b);
    for (const Tensor& output : outputs) ctx.set_mask(output, mask);
    for (const Tensors& part : {y, reversed})
      for (std::size_t i = 1; i < part.size(); ++i) outputs.push_back(ops::cast_floating(part[i], compute_dtype()));
    return outputs;
  }

  // What the call has set.
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }

  std::vector<Variable> state_variables() const override {
    std::vector<Variable> all = forward_->state_variables();
    for (const Variable& variable : backward_->state_variables()) all.push_back(variable);
    return all;
  }

  void require_states(const Shape& input, const Shapes& states) const override {
    require<ValueError>(states.size() % 2 == 0, who(), "expected an even number of initial states, got ",
                        states.size());
    const auto half = states.begin() + static_cast<std::ptrdiff_t>(states.size() / 2);
    forward_->require_states(input, Shapes(states.begin(), half));
    backward_->require_states(input, Shapes(half, states.end()));
  }

 private:
  Shared<Recurrent> recurrent(const Shared<Layer>& layer) const {
    auto found = layer.as<Recurrent>();
    require<ValueError>(static_cast<bool>(found), who(), "expected a recurrent layer, got ", layer->described());
    return found;
  }

  void require_pair() const {
    const RecurrentArguments &f = forward_->arguments(), &b = backward_->arguments();
    require<ValueError>(f.go_backwards != b.go_backwards, who(),
                        "expected layers of different directions, got go_backwards = ", f.go_backwards, " of both");
    const auto same = [&](const char* name, bool of_forward, bool of_backward) {
      require<ValueError>(of_forward == of_backward, who(), "expected layers with the same ", name, ", got ",
                          of_forward, " and ", of_backward);
    };
    same("return_sequences", f.return_sequences, b.return_sequences);
    same("return_state", f.return_state, b.return_state);
    same("stateful", f.stateful, b.stateful);
    same("time_major", f.time_major, b.time_major);
  }

  Tensors merged(const Tensor& a, const Tensor& b) const {
    const std::string& mode = config_.merge_mode;
    if (mode == "concat") return {ops::concatenate({a, b})};
    if (mode == "sum") return {a + b};
    if (mode == "ave") return {(a + b) * 0.5};
    if (mode == "mul") return {a * b};
    return {a, b};
  }

  Shared<Recurrent> forward_, backward_;
};

}  // namespace

void BidirectionalConfig::fields(ConfigVisitor& v) {
  // Keras 2 writes the layer from which it makes both, and the other one if it was given.
  if (v.purpose() == ConfigVisitor::Purpose::write_keras2 && layer && backward_layer) {
    const auto forward = layer.as<Recurrent>(), backward = backward_layer.as<Recurrent>();
    const bool backwards = forward->arguments().go_backwards;
    Arg<Layer> one = forward->copy(without(kForward, forward->name()), backwards), other;
    if (!same_config(*backward, *renamed(*one.as<Recurrent>(), kBackward, !backwards))) other = backward_layer;
    v("layer", one);
    v("merge_mode", merge_mode);
    return v("backward_layer", other, {.unless_null = true});
  }
  v("layer", layer);
  v("merge_mode", merge_mode);
  v("backward_layer", backward_layer);
}

CORNU_LAYER_OF_KIND(Recurrent, BidirectionalConfig, BidirectionalLayer, "Bidirectional");

}  // namespace cornu::keras::layers

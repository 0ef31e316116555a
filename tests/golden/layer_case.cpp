#include <set>

#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

using nlohmann::json;
using Named = std::map<std::string, Tensor>;

// The names of the datasets that a call takes: "@input_0" stands for input_0.
void collect(const json& value, std::set<std::string>& names) {
  if (value.is_string() && value.get<std::string>().starts_with('@')) names.insert(value.get<std::string>().substr(1));
  if (value.is_structured())
    for (const json& part : value) collect(part, names);
}

bool is_tensor(const json& value) { return value.is_string() && value.get<std::string>().starts_with('@'); }

keras::CallValue value_of(const json& value, const std::string& what) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  throw std::runtime_error("a call with " + what + " = " + value.dump() + ", which is no value");
}

Tensor tensor_of(const json& value, const Named& given, const std::string& what) {
  if (!is_tensor(value))
    throw std::runtime_error("a call with " + what + " = " + value.dump() + ", which is no tensor");
  return given.at(value.get<std::string>().substr(1));
}

template <class F>
void for_each(const json& value, F&& f) {
  if (!value.is_array()) return f(value);
  for (const json& part : value) f(part);
}

// What the layer is called with. A list of masks belongs to the inputs in their order; a list by any other name, of
// states perhaps, comes under that name in its order.
keras::Inputs inputs_of(const json& call, const Named& given, keras::Context& ctx) {
  Tensors tensors;
  for (const json& argument : call.at("args"))
    for_each(argument, [&](const json& part) { tensors.push_back(tensor_of(part, given, "an argument")); });
  keras::Inputs inputs(tensors);
  for (const auto& [name, value] : call.at("kwargs").items()) {
    if (name == "training") continue;
    if (name == "mask" && value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i) ctx.set_mask(inputs[i], tensor_of(value[i], given, name));
      continue;
    }
    for_each(value, [&](const json& part) {
      if (is_tensor(part))
        inputs.with(name, tensor_of(part, given, name));
      else
        inputs.with_value(name, value_of(part, name));
    });
  }
  return inputs;
}

// The sum of the weights' penalties. The recorded calls were Keras' stateless ones, which leave the activity's penalty
// out; the fit cases have it.
Tensor penalties(const keras::layers::Layer& layer) {
  Tensor sum = graph::constant(0.0, float32);
  for (const auto& weight : layer.weight_list())
    if (weight.regularizer) sum = sum + (*weight.regularizer)(weight.variable);
  return sum;
}

void build(keras::layers::Layer& layer, const Case& c, const json& call) {
  keras::CallSpecs specs;
  const auto spec_of = [&](const json& tensor) {
    const Array x = c.data(tensor.get<std::string>().substr(1));
    return graph::Spec{x.dtype(), x.shape()};
  };
  for (const json& argument : call.at("args"))
    for_each(argument, [&](const json& part) {
      if (is_tensor(part)) specs.inputs.push_back(spec_of(part));
    });
  for (const auto& [name, value] : call.at("kwargs").items())
    for_each(value, [&, &name = name](const json& part) {
      if (is_tensor(part)) specs.named.emplace_back(name, spec_of(part));
    });
  layer.build_for_call(std::move(specs));
  if (!c.has_data("adapt")) layer.set_weights(c.numbered("weight_"));
}

// L = the sum of cotangent_i * output_i, and of penalties; its gradients by the inputs and by the trainable weights.
class LayerRun {
 public:
  LayerRun(Case& c, const keras::Shared<keras::layers::Layer>& layer)
      : c_(c), layer_(layer), call_(c.json("call")), cotangents_(c.numbered("cotangent_")) {
    std::set<std::string> names;
    collect(call_, names);
    given_.assign(names.begin(), names.end());
    function_ = Function([this](std::span<const Tensor> in) { return describe(in); });
  }

  void once() {
    std::vector<Array> in;
    for (const std::string& name : given_) in.push_back(c_.data(name));
    in.insert(in.end(), cotangents_.begin(), cotangents_.end());
    const auto results = function_.call(in);
    for (std::size_t i = 0; i < names_.size(); ++i) c_.compare(names_[i], results[i]);
    const std::vector<Variable> weights = layer_->weights();
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::string name = graph::message("state_after_", i);  // a frozen layer's is what it was
      if (changed_.contains(i) || c_.has_data(name)) c_.compare(name, weights[i].value());
    }
  }

  // A layer that keeps its state from call to call: input_k gives output_k.
  void in_a_row(std::int64_t calls) {
    if (given_ != std::vector<std::string>{"input_0"})
      throw std::runtime_error("a sequence of calls with " + call_.dump());
    for (std::int64_t k = 0; k < calls; ++k) {
      const std::vector<Array> in{c_.data(graph::message("input_", k))};
      c_.compare(graph::message("output_", k), function_.call(in)[0]);
    }
  }

 private:
  Outputs describe(std::span<const Tensor> in) {
    names_.clear(), changed_.clear();
    Named given;
    for (std::size_t i = 0; i < given_.size(); ++i) given.emplace(given_[i], in[i]);
    keras::Context ctx(c_.flag("training"));
    const Tensors y = (*layer_)(inputs_of(call_, given, ctx), ctx);
    Outputs out;
    for (std::size_t i = 0; i < y.size(); ++i) give(out, graph::message("output_", i), y[i]);
    if (c_.flag("want_mask")) {
      const Tensor mask = ctx.mask(y.at(0));
      if (!mask.defined()) throw std::runtime_error("output_mask: the layer hands no mask on");
      give(out, "output_mask", mask);
    }
    const Tensor added = penalties(*layer_);
    if (c_.has_data("added_loss")) give(out, "added_loss", added);
    if (!cotangents_.empty()) add_gradients(out, given, y, in.subspan(given_.size()), added);
    const std::vector<Variable> weights = layer_->weights();
    for (const auto& [variable, value] : ctx.updates()) {
      out.update(variable, value);
      // Else random or recurrent state; of a weight that trains the cases do not say what a call leaves.
      const auto found = std::find(weights.begin(), weights.end(), variable);
      if (found != weights.end() && !variable.trainable())
        changed_.insert(static_cast<std::size_t>(found - weights.begin()));
    }
    return out;
  }

  void add_gradients(Outputs& out, const Named& given, const Tensors& y, std::span<const Tensor> cotangents,
                     const Tensor& added) {
    if (y.size() != cotangents.size())
      throw std::runtime_error(graph::message("the layer gives ", y.size(), " outputs, expected ", cotangents.size()));
    Tensor loss = added;
    for (std::size_t i = 0; i < y.size(); ++i) loss = loss + ops::sum(cotangents[i] * y[i]);
    std::vector<autodiff::Wrt> wrt;
    std::vector<std::string> names;
    for (const auto& [name, tensor] : given)
      if (name.starts_with("input_") && graph::is_floating(tensor.dtype()))
        wrt.emplace_back(tensor), names.push_back("grad_" + name);
    const std::vector<Variable> weights = layer_->weights();
    for (const Variable& v : layer_->trainable_weights()) {
      const auto i = std::find(weights.begin(), weights.end(), v) - weights.begin();
      wrt.emplace_back(v), names.push_back(graph::message("grad_weight_", i));
    }
    const Tensors g = autodiff::gradients(loss, wrt);
    for (std::size_t i = 0; i < g.size(); ++i) give(out, names[i], g[i]);
  }

  void give(Outputs& out, std::string name, const Tensor& tensor) {
    names_.push_back(std::move(name));
    out.add(tensor);
  }

  Case& c_;
  keras::Shared<keras::layers::Layer> layer_;
  json call_;
  std::vector<Array> cotangents_;
  std::vector<std::string> given_;  // the datasets that the function takes, before the cotangents
  Function function_;
  std::vector<std::string> names_;  // of what it gives
  std::set<std::size_t> changed_;   // numbers of weights that it updates
};

void run(Case& c) {
  const auto layer = make(keras::layers::registry(), c.config());
  build(*layer, c, c.json("call"));
  if (const auto data = c.optional_data("adapt")) {
    const auto learns = layer.as<keras::layers::PreprocessingLayer>();
    if (!learns) throw std::runtime_error("the layer has no adapt(), which the case calls first");
    learns->adapt(*data);
  }
  LayerRun run(c, layer);
  if (c.has("sequence_calls"))
    run.in_a_row(c.integer("sequence_calls"));
  else
    run.once();
}
const bool added = add_runner("layer", run);

}  // namespace
}  // namespace cornu::golden

#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

// L = sum(cotangent * output) + penalties of the weights; its gradients by the input and by the trainable weights. The
// recorded calls were Keras' stateless ones, which leave the activity's penalty out; the fit cases have it.
void run(Case& c) {
  const auto layer = make(keras::layers::registry(), c.config());
  const auto call = c.json("call");
  if (call.at("args") != nlohmann::json::array({"@input_0"}) || c.has("sequence_calls") || c.has_data("mask_0"))
    throw Skip("a call with " + c.text("call"));
  for (const auto& [name, value] : call.at("kwargs").items())
    if (name != "training") throw Skip("a call with " + c.text("call"));
  const bool training = c.flag("training"), gradient = !c.flag("no_grad");
  const Array x = c.data("input_0");
  const bool differentiable = graph::is_floating(x.dtype()) && gradient;

  layer->ensure_built(x.shape().with(0, kUnknown));
  layer->set_weights(c.numbered("weight_"));
  const std::vector<Variable> weights = layer->weights(), trained = layer->trainable_weights();
  const auto index_of = [&](const Variable& v) {
    return std::find(weights.begin(), weights.end(), v) - weights.begin();
  };

  std::vector<std::string> names;
  std::vector<Variable> changed;
  Function f([&](std::span<const Tensor> in) {
    names.clear();
    changed.clear();
    keras::Context ctx(training);
    const Tensor y = (*layer)(in[0], ctx);
    Outputs out;
    const auto give = [&](const std::string& name, const Tensor& tensor) { names.push_back(name), out.add(tensor); };
    give("output_0", y);
    if (c.flag("want_mask")) give("output_mask", ctx.mask(y));
    Tensor added = graph::constant(0.0, float32);
    for (const auto& weight : layer->weight_list())
      if (weight.regularizer) added = added + (*weight.regularizer)(weight.variable);
    if (c.has_data("added_loss")) give("added_loss", added);
    if (gradient) {
      const Tensor loss = ops::sum(in[1] * y) + added;
      std::vector<autodiff::Wrt> wrt;
      std::vector<std::string> wrt_names;
      if (differentiable) wrt.emplace_back(in[0]), wrt_names.push_back("grad_input_0");
      for (const Variable& v : trained)
        wrt.emplace_back(v), wrt_names.push_back(graph::message("grad_weight_", index_of(v)));
      const Tensors g = autodiff::gradients(loss, wrt);
      for (std::size_t i = 0; i < g.size(); ++i) give(wrt_names[i], g[i]);
    }
    for (const auto& [variable, value] : ctx.updates()) {
      if (index_of(variable) == static_cast<std::ptrdiff_t>(weights.size())) continue;  // random state
      out.update(variable, value);
      changed.push_back(variable);
    }
    return out;
  });
  std::vector<Array> in{x};
  if (gradient) in.push_back(c.data("cotangent_0"));
  const auto results = f.call(in);
  for (std::size_t i = 0; i < names.size(); ++i) c.compare(names[i], results[i]);
  for (const Variable& v : changed) c.compare(graph::message("state_after_", index_of(v)), v.value());
}
const bool added = add_runner("layer", run);

}  // namespace
}  // namespace cornu::golden

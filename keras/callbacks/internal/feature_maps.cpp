#include "cornu/keras/callbacks/internal/feature_maps.h"

#include <algorithm>
#include <map>

#include "cornu/io/tensorboard/image_grid.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/models/internal/observation.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::callbacks::internal {
namespace {

// The value of a layer's argument `data_format`, if it has one.
class DataFormat final : public ConfigVisitor {
 public:
  static std::string of(const layers::Layer& layer) {
    DataFormat visitor;
    const_cast<layers::Layer&>(layer).fields(visitor);  // which only reads
    return visitor.found_;
  }
  void visit(const Field& field, FieldValue value) override {
    if (auto* text = std::get_if<std::string*>(&value); text && field.name == "data_format") found_ = **text;
  }

 private:
  std::string found_;
};

bool is_convolution(const Context::LayerCall& call) {
  const auto& weights = call.layer->own_weights();
  return call.outputs.size() == 1 && call.outputs[0].ndim() == 4 &&
         std::any_of(weights.begin(), weights.end(), [](const auto& w) { return w.variable.shape().rank() == 4; });
}

}  // namespace

FeatureMaps::FeatureMaps(models::Network& network, int samples)
    : network_(network),
      samples_(samples),
      function_([this](std::span<const Tensor> inputs) { return describe(inputs); },
                {.name = network.name() + " feature maps", .threads = network.threads()}) {}

Outputs FeatureMaps::describe(std::span<const Tensor> inputs) {
  Context ctx(false);
  ctx.keep_layer_calls();
  network_(Inputs(Tensors(inputs.begin(), inputs.end())), ctx);
  paths_.clear();
  Outputs outputs;
  std::map<std::string, int> times;
  for (const auto& call : models::computing_calls(network_, ctx)) {
    if (!is_convolution(call)) continue;
    const int before = times[call.path]++;
    paths_.push_back(call.path + "/activation" + (before > 0 ? '_' + std::to_string(before) : ""));
    // Each channel becomes an image: (batch, channels, height, width).
    const bool first = DataFormat::of(*call.layer) == "channels_first";
    const Tensor maps = ops::cast(call.outputs[0], graph::float32);
    outputs.add(first ? maps : ops::transpose(maps, {0, 3, 1, 2}));
  }
  if (paths_.empty()) outputs.add(inputs[0]);  // a computation gives something
  return outputs;
}

std::vector<std::pair<std::string, Array>> FeatureMaps::operator()(const std::vector<Array>& inputs) {
  std::vector<Array> some;
  for (const Array& input : inputs) some.push_back(input.slice(0, samples_));
  const graph::Results results = function_.call(some);
  std::vector<std::pair<std::string, Array>> seen;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    const Array& maps = results[i];
    if (maps.size() == 0) continue;
    std::vector<Array> images;
    for (const Array& sample : maps) images.push_back(io::tensorboard::image_grid(sample, {.rescale = true}));
    seen.emplace_back(paths_[i], stack(images));
  }
  return seen;
}

}  // namespace cornu::keras::callbacks::internal

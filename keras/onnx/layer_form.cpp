#include "cornu/keras/onnx/internal/layer_form.h"

#include "cornu/graph/check.h"
#include "cornu/keras/onnx/internal/graph_reader.h"
#include "cornu/keras/saving/config_json.h"

namespace cornu::keras::onnx::internal {
namespace {

std::map<std::string, LayerForm, std::less<>>& layer_forms() {
  static std::map<std::string, LayerForm, std::less<>> all;
  return all;
}

template <class T>
T attribute_or(const io::onnx::Node& node, std::string_view name, T otherwise) {
  const auto at = node.attributes.find(std::string(name));
  if (at == node.attributes.end()) return otherwise;
  const T* value = std::get_if<T>(&at->second.value);
  return value != nullptr ? *value : otherwise;
}

}  // namespace

bool add_layer_form(std::string op_type, LayerForm form) {
  const auto [at, added] = layer_forms().try_emplace(std::move(op_type), std::move(form));
  graph::require<ValueError>(added, "onnx: which layer the operator \"", at->first, "\" is has been said already");
  return true;
}

const LayerForm* find_layer_form(std::string_view op_type) {
  const auto at = layer_forms().find(op_type);
  return at == layer_forms().end() ? nullptr : &at->second;
}

const KerasTensor* LayerCall::tensor(int i) const {
  if (!has(i)) return nullptr;
  const auto at = values_.find(node_.inputs[static_cast<std::size_t>(i)]);
  return at == values_.end() ? nullptr : &at->second;
}
const Array* LayerCall::numbers(int i) const {
  if (!has(i)) return nullptr;
  const auto at = constants_.find(node_.inputs[static_cast<std::size_t>(i)]);
  return at == constants_.end() ? nullptr : &at->second;
}
std::int64_t LayerCall::integer(std::string_view name, std::int64_t otherwise) const {
  return attribute_or(node_, name, otherwise);
}
double LayerCall::number(std::string_view name, double otherwise) const {
  return static_cast<double>(attribute_or(node_, name, static_cast<float>(otherwise)));
}
std::string LayerCall::text(std::string_view name, std::string otherwise) const {
  return attribute_or(node_, name, std::move(otherwise));
}
std::vector<std::int64_t> LayerCall::integers(std::string_view name, std::vector<std::int64_t> otherwise) const {
  return attribute_or(node_, name, std::move(otherwise));
}

KerasTensor LayerCall::apply(const std::string& class_name, nlohmann::json config,
                             const std::vector<KerasTensor>& inputs, const std::vector<Array>& weights,
                             bool named) const {
  if (named) config["name"] = name_;
  config["dtype"] = "float32";
  const auto layer = saving::deserialize(
      layers::registry(), nlohmann::json{{"class_name", class_name}, {"config", std::move(config)}}.dump());
  const KerasTensor y = inputs.size() == 1 ? (*layer)(inputs[0]) : (*layer)(inputs);
  if (!weights.empty()) {
    std::vector<Array> values;
    for (const Array& weight : weights) values.push_back(computable(weight));
    layer->set_weights(values);
  }
  return y;
}

KerasTensor LayerCall::permuted(const KerasTensor& x, const std::vector<std::int64_t>& axes, bool named) const {
  KerasTensor source = x;
  std::vector<std::int64_t> order = axes;
  for (const Permuted& before : permuted_)
    if (before.tensor.same(x)) {
      source = before.source;
      for (std::size_t i = 0; i < axes.size(); ++i) order[i] = before.axes[static_cast<std::size_t>(axes[i])];
    }
  bool same = true;
  for (std::size_t i = 0; i < order.size(); ++i) same = same && order[i] == static_cast<std::int64_t>(i);
  if (same) return source;
  const std::vector<std::int64_t> dims(order.begin() + 1, order.end());
  const KerasTensor y = apply("Permute", {{"dims", dims}}, {source}, {}, named);
  permuted_.push_back({y, source, order});
  return y;
}

std::vector<std::int64_t> channels_to_second(int rank) {
  std::vector<std::int64_t> axes{0, rank - 1};
  for (int axis = 1; axis < rank - 1; ++axis) axes.push_back(axis);
  return axes;
}

KerasTensor LayerCall::with_channels_last(const KerasTensor& x) const {
  for (const Permuted& each : permuted_)
    if (each.tensor.same(x) && each.axes == channels_to_second(x.ndim())) return each.source;
  return {};
}

KerasTensor LayerCall::apply_anywhere(const std::string& class_name, nlohmann::json config,
                                      const std::vector<KerasTensor>& inputs) const {
  std::vector<KerasTensor> sources;
  for (const KerasTensor& x : inputs) sources.push_back(with_channels_last(x));
  for (const KerasTensor& source : sources)
    if (!source.defined()) return apply(class_name, std::move(config), inputs);
  return permuted(apply(class_name, std::move(config), sources), channels_to_second(inputs[0].ndim()));
}

}  // namespace cornu::keras::onnx::internal

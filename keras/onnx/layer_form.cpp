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
                             const std::string& part) const {
  config["name"] = part.empty() ? name_ : name_ + "_" + part;
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

}  // namespace cornu::keras::onnx::internal

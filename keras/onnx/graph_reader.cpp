#include "cornu/keras/onnx/internal/graph_reader.h"

#include <algorithm>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"

namespace cornu::keras::onnx {

using graph::require;
namespace files = io::onnx;

namespace {

using ImportKey = std::pair<std::string, std::string>;  // domain, operator

std::map<ImportKey, ImportFunction>& import_functions() {
  static std::map<ImportKey, ImportFunction> all;
  return all;
}

}  // namespace

bool add_import(std::string op_type, ImportFunction function, std::string domain) {
  const auto [at, added] = import_functions().try_emplace({std::move(domain), std::move(op_type)}, std::move(function));
  require<ValueError>(added, "onnx: how the operator \"", at->first.second, "\" is computed has been said already");
  return true;
}

std::vector<std::string> imported_operators() {
  std::vector<std::string> names;
  for (const auto& [key, function] : import_functions())
    if (key.first.empty()) names.push_back(key.second);
  return names;
}

namespace internal {

std::string described(const std::string& who, const files::Node& node) {
  return graph::message("[", who, "] node \"",
                        node.name.empty() ? (node.outputs.empty() ? "" : node.outputs[0]) : node.name, "\" (",
                        node.op_type, "): ");
}

Array computable(const Array& array) {
  return graph::is_floating(array.dtype()) ? array.astype(graph::float32) : array;
}

GraphReader::GraphReader(std::shared_ptr<const files::Model> model, std::string who)
    : model_(std::move(model)), who_(std::move(who)) {}

void GraphReader::name_weight(const Tensor& tensor, const std::string& name) { weights_[&tensor.node()] = name; }

Tensor GraphReader::find(const std::string& name) const {
  for (const Frame* frame = frame_; frame != nullptr; frame = frame->outer)
    if (const auto at = frame->values->find(name); at != frame->values->end()) return at->second;
  return {};
}

void GraphReader::run(const std::vector<const files::Node*>& nodes, Values& values) {
  constexpr int kDeepest = 64;
  require<ValueError>(depth_ < kDeepest, "[", who_, "] graphs and functions within each other are more than ", kDeepest,
                      " deep");
  ++depth_;
  const Frame frame{&values, frame_, frame_ != nullptr ? frame_->arguments : nullptr,
                    frame_ != nullptr ? frame_->opsets : &model_->opsets};
  const Frame* const before = std::exchange(frame_, &frame);
  try {
    for (const files::Node* node : nodes) run_node(*node, values);
  } catch (...) {
    frame_ = before, --depth_;
    throw;
  }
  frame_ = before, --depth_;
}

Tensors GraphReader::run_graph(Values& values) {
  const files::Graph& graph = model_->graph;
  for (const auto& [name, array] : graph.initializers)
    if (!values.contains(name)) values[name] = graph::constant(computable(array));
  std::vector<const files::Node*> nodes;
  for (const files::Node& node : graph.nodes) nodes.push_back(&node);
  run(nodes, values);
  Tensors outputs;
  for (const files::Value& output : graph.outputs) outputs.push_back(values.at(output.name));
  return outputs;
}

const files::Function* GraphReader::function_of(const files::Node& node) const {
  for (const files::Function& function : model_->functions)
    if (function.name == node.op_type && function.domain == node.domain) return &function;
  return nullptr;
}

void GraphReader::run_node(const files::Node& node, Values& values) {
  const std::string here = described(who_, node);
  const auto known = import_functions().find({node.domain, node.op_type});
  const files::Function* const function = function_of(node);
  const std::map<std::string, std::int64_t>& opsets = *frame_->opsets;
  const auto opset = opsets.find(node.domain);
  const std::int64_t version = opset == opsets.end() ? 1 : opset->second;
  require<ValueError>(function != nullptr || known != import_functions().end(), here, "the operator \"",
                      node.domain.empty() ? "" : node.domain + ".", node.op_type, "\" of opset ", version,
                      " is not known. onnx::add_import(\"", node.op_type,
                      "\", …) makes it known (cornu/keras/onnx/importer.h)");
  Tensors outputs;
  try {
    if (function != nullptr) {
      outputs = call_function(*function, node);
    } else {
      ImportCall call(*this, node, version);
      outputs = known->second(call);
    }
  } catch (const ShapeError& e) {  // what is said by ops does not name the node
    if (std::string_view(e.what()).starts_with('[')) throw;
    throw ShapeError(here + e.what());
  } catch (const TypeError& e) {
    if (std::string_view(e.what()).starts_with('[')) throw;
    throw TypeError(here + e.what());
  } catch (const NumbersNeeded&) {
    throw;
  } catch (const ValueError& e) {
    if (std::string_view(e.what()).starts_with('[')) throw;
    throw ValueError(here + e.what());
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    require<ValueError>(i < outputs.size() && outputs[i].defined(), here, "its output ", i,
                        " is not computed by this operator here");
    values[node.outputs[i]] = outputs[i];
  }
}

Tensors GraphReader::call_function(const files::Function& function, const files::Node& node) {
  files::Attributes arguments;
  for (const auto& [name, attribute] : function.defaults)
    if (!std::holds_alternative<std::monostate>(attribute.value)) arguments[name] = attribute;
  for (const auto& [name, attribute] : node.attributes) {
    if (attribute.reference.empty())
      arguments[name] = attribute;
    else if (frame_->arguments != nullptr && frame_->arguments->contains(attribute.reference))
      arguments[name] = frame_->arguments->at(attribute.reference);
  }
  Values inner;
  for (std::size_t i = 0; i < function.inputs.size() && i < node.inputs.size(); ++i)
    if (!node.inputs[i].empty()) inner[function.inputs[i]] = find(node.inputs[i]);
  const Values nothing;
  const Frame frame{&nothing, nullptr, &arguments, &function.opsets};  // it sees nothing from around the node
  const Frame* const before = std::exchange(frame_, &frame);
  try {
    std::vector<const files::Node*> nodes;
    for (const files::Node& each : function.nodes) nodes.push_back(&each);
    run(nodes, inner);
  } catch (...) {
    frame_ = before;
    throw;
  }
  frame_ = before;
  Tensors outputs;
  for (const std::string& name : function.outputs) outputs.push_back(inner.contains(name) ? inner.at(name) : Tensor());
  return outputs;
}

Tensors GraphReader::subgraph(const files::Graph& graph, const Tensors& inputs, const std::string& who) {
  require<ValueError>(inputs.size() == graph.inputs.size(), who, "its graph \"", graph.name, "\" takes ",
                      graph.inputs.size(), " inputs, got ", inputs.size());
  Values values;
  for (const auto& [name, array] : graph.initializers) values[name] = graph::constant(computable(array));
  for (std::size_t i = 0; i < inputs.size(); ++i) values[graph.inputs[i].name] = inputs[i];
  std::vector<const files::Node*> nodes;
  for (const files::Node& node : graph.nodes) nodes.push_back(&node);
  run(nodes, values);
  Tensors outputs;
  for (const files::Value& output : graph.outputs)
    outputs.push_back(values.contains(output.name) ? values.at(output.name) : find(output.name));
  return outputs;
}

Array GraphReader::numbers_of(const Tensor& tensor, const std::string& who) {
  if (const auto* fixed = graph::as<graph::Constant>(tensor)) {
    if (const auto at = weights_.find(&tensor.node()); at != weights_.end()) asked_.insert(at->second);
    return fixed->value;
  }
  if (tensor.index() == 0)
    if (const auto at = computed_.find(&tensor.node()); at != computed_.end()) return at->second.second;
  for (const auto& node : graph::reachable(Outputs(tensor))) {
    if (const auto* parameter = graph::as<graph::Parameter>(node->op()))
      throw NumbersNeeded(who + "what it reads must be known before the model runs, and depends on the model's inputs",
                          parameter->index);
    if (const auto at = weights_.find(node.get()); at != weights_.end()) asked_.insert(at->second);
  }
  const Array value = Function([&] { return tensor; })();
  if (tensor.index() == 0) computed_[&tensor.node()] = {tensor, value};
  return value;
}

}  // namespace internal

bool ImportCall::has(int i) const {
  return i < inputs() && !node_.inputs[static_cast<std::size_t>(i)].empty() &&
         reader_.find(node_.inputs[static_cast<std::size_t>(i)]).defined();
}
bool ImportCall::wants(int i) const {
  return static_cast<std::size_t>(i) < node_.outputs.size() && !node_.outputs[static_cast<std::size_t>(i)].empty();
}
Tensor ImportCall::in(int i) const {
  if (!has(i)) refuse(graph::message("its input ", i, " is missing"));
  return reader_.find(node_.inputs[static_cast<std::size_t>(i)]);
}
Tensors ImportCall::all_inputs() const {
  Tensors all;
  for (int i = 0; i < inputs(); ++i) all.push_back(in(i));
  return all;
}
Array ImportCall::known(const Tensor& tensor) const {
  return reader_.numbers_of(tensor, internal::described(reader_.who(), node_));
}
Array ImportCall::numbers(int i) const { return known(in(i)); }
std::vector<std::int64_t> ImportCall::integers(int i) const {
  const Array whole = numbers(i).astype(graph::int64);
  return {whole.data<std::int64_t>(), whole.data<std::int64_t>() + whole.size()};
}
double ImportCall::number(int i) const { return numbers(i).item<double>(); }

const files::Attribute* ImportCall::attribute(std::string_view name) const {
  const auto at = node_.attributes.find(std::string(name));
  if (at == node_.attributes.end()) return nullptr;
  if (at->second.reference.empty()) return &at->second;
  const files::Attributes* arguments = reader_.frame_->arguments;
  if (arguments == nullptr || !arguments->contains(at->second.reference)) return nullptr;
  return &arguments->at(at->second.reference);
}
bool ImportCall::has_attribute(std::string_view name) const { return attribute(name) != nullptr; }

namespace {

template <class T>
T attribute_value(const ImportCall& call, std::string_view name, T otherwise) {
  const files::Attribute* attribute = call.attribute(name);
  if (attribute == nullptr) return otherwise;
  const T* value = std::get_if<T>(&attribute->value);
  if (value == nullptr)
    call.refuse(graph::message("its attribute \"", name, "\" is of another kind than it should be"));
  return *value;
}

}  // namespace

std::int64_t ImportCall::integer(std::string_view name, std::int64_t otherwise) const {
  return attribute_value(*this, name, otherwise);
}
double ImportCall::number(std::string_view name, double otherwise) const {
  if (!has_attribute(name)) return otherwise;
  return static_cast<double>(attribute_value(*this, name, 0.f));
}
std::string ImportCall::text(std::string_view name, std::string otherwise) const {
  return attribute_value(*this, name, std::move(otherwise));
}
std::vector<std::int64_t> ImportCall::integers(std::string_view name, std::vector<std::int64_t> otherwise) const {
  return attribute_value(*this, name, std::move(otherwise));
}
std::vector<float> ImportCall::floats(std::string_view name, std::vector<float> otherwise) const {
  return attribute_value(*this, name, std::move(otherwise));
}
std::vector<std::string> ImportCall::texts(std::string_view name, std::vector<std::string> otherwise) const {
  return attribute_value(*this, name, std::move(otherwise));
}
Array ImportCall::array(std::string_view name) const {
  if (!has_attribute(name)) refuse(graph::message("its attribute \"", name, "\" is missing"));
  return internal::computable(attribute_value(*this, name, Array()));
}
graph::DType ImportCall::dtype(std::string_view name, std::int64_t otherwise) const {
  const auto type = static_cast<files::ElementType>(integer(name, otherwise));
  const auto dtype = files::dtype_of_type(type);
  if (!dtype)
    throw TypeError(internal::described(reader_.who(), node_) + "nothing is computed here in the type " +
                    files::name_of_type(type));
  if (graph::is_floating(*dtype)) return graph::float32;
  return *dtype;
}

namespace {

const files::Graph& graph_attribute(const ImportCall& call, std::string_view name) {
  const auto graph = attribute_value<std::shared_ptr<const files::Graph>>(call, name, nullptr);
  if (graph == nullptr) call.refuse(graph::message("its graph \"", name, "\" is missing"));
  return *graph;
}

}  // namespace

Tensors ImportCall::graph(std::string_view name, const Tensors& inputs) const {
  return reader_.subgraph(graph_attribute(*this, name), inputs, internal::described(reader_.who(), node_));
}

int ImportCall::graph_outputs(std::string_view name) const {
  return static_cast<int>(graph_attribute(*this, name).outputs.size());
}

void ImportCall::refuse(const std::string& what) const {
  throw ValueError(internal::described(reader_.who(), node_) + what);
}

}  // namespace cornu::keras::onnx

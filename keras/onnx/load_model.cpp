#include "cornu/keras/onnx/load_model.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/core/identity.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/onnx/internal/graph_layer.h"
#include "cornu/keras/onnx/internal/layer_form.h"

namespace cornu::keras::onnx {

using graph::require;
namespace files = io::onnx;

namespace {

/// Makes layers of the nodes of a graph, in their order. Nodes that no layer of Keras does wait, until somebody reads
/// what they give; then they become a layer together. What follows from shapes alone is part of every such layer that
/// reads it, since it is known only where it is computed.
class ModelMaker {
 public:
  ModelMaker(std::shared_ptr<const files::Model> model, std::string who)
      : model_(std::move(model)), who_(std::move(who)) {
    for (const auto& [name, array] : model_->graph.initializers) constants_.emplace(name, internal::computable(array));
    const auto opset = model_->opsets.find("");
    opset_ = opset == model_->opsets.end() ? 1 : opset->second;
  }

  models::Model make() {
    for (const files::Value& input : model_->graph.inputs) add_input(input);
    require<ValueError>(!inputs_.empty(), "[", who_, "] the graph takes no inputs");
    find_samples();
    for (std::size_t i = 0; i < model_->graph.nodes.size(); ++i) add_node(i);
    require<ValueError>(!model_->graph.outputs.empty(), "[", who_, "] the graph gives nothing");
    std::vector<KerasTensor> outputs;
    for (const auto& output : model_->graph.outputs) {
      const KerasTensor y = value(output.name);
      const std::string name = clean(output.name);
      const bool named = y.layer()->name() == name && y.layer()->output_specs().size() == 1 && !is_input(y);
      outputs.push_back(named ? y : layers::Identity({.name = unique(name), .dtype = "float32"})(y));
    }
    return models::Model(inputs_, outputs, clean(model_->graph.name.empty() ? "onnx_model" : model_->graph.name));
  }

 private:
  /// Layers' names have no '/'.
  static std::string clean(const std::string& name) {
    std::string cleaned;
    for (const char c : name)
      cleaned += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' ? c : '_';
    cleaned.erase(0, cleaned.find_first_not_of('_'));
    return cleaned.empty() ? "layer" : cleaned;
  }
  std::string unique(const std::string& wish) {
    std::string name = wish;
    for (int i = 1; !names_.insert(name).second; ++i) name = graph::message(wish, '_', i);
    return name;
  }
  bool is_input(const KerasTensor& y) const {
    return std::any_of(inputs_.begin(), inputs_.end(), [&](const KerasTensor& x) { return x.same(y); });
  }

  void add_input(const files::Value& input) {
    require<TypeError>(input.kind == "tensor", "[", who_, "] input \"", input.name, "\" is a ", input.kind,
                       ": only tensors are taken");
    const auto type = files::dtype_of_type(input.type);
    require<TypeError>(type.has_value(), "[", who_, "] input \"", input.name, "\" is of the type ",
                       files::name_of_type(input.type), ", which arrays do not have");
    require<ShapeError>(input.shape && !input.shape->empty(), "[", who_, "] input \"", input.name,
                        "\" has no axis of samples in front; onnx::compute takes such graphs");
    Shape shape;
    for (std::size_t i = 1; i < input.shape->size(); ++i) shape = shape.append((*input.shape)[i].length);
    layers::InputConfig config{.shape = shape, .name = unique(clean(input.name))};
    if (const std::int64_t batch = input.shape->front().length; batch != kUnknown)
      config.batch_size = static_cast<int>(batch);
    config.dtype = std::string(graph::name_of(graph::is_floating(*type) ? graph::float32 : *type));
    inputs_.push_back(layers::Input(config));
    values_[input.name] = inputs_.back();
  }

  bool is_constant(const std::string& name) const { return constants_.contains(name); }

  void add_node(std::size_t number) {
    const files::Node& node = model_->graph.nodes[number];
    if (taken_.contains(number)) return;
    const auto read = internal::values_read(node);
    if (node.op_type == "Constant" && node.domain.empty()) {
      const auto at = node.attributes.find("value");
      if (at != node.attributes.end())
        if (const Array* array = std::get_if<Array>(&at->second.value))
          constants_.emplace(node.outputs.at(0), internal::computable(*array));
    }
    // What nodes give on as it is has two names.
    const bool same =
        node.domain.empty() && (node.op_type == "Identity" || (node.op_type == "Dropout" && node.inputs.size() < 3));
    if (same && (node.outputs.size() < 2 || node.outputs[1].empty()) && values_.contains(node.inputs.at(0))) {
      values_[node.outputs.at(0)] = values_.at(node.inputs[0]);
      return;
    }
    const bool about_shapes = node.domain.empty() && (node.op_type == "Shape" || node.op_type == "Size");
    const bool fixed = about_shapes || std::all_of(read.begin(), read.end(), [&](const std::string& name) {
                         return is_constant(name) || fixed_.contains(name);
                       });
    for (const std::string& output : node.outputs) {
      made_by_[output] = number;
      if (fixed) fixed_.insert(output);
    }
    if (fixed) return;
    if (const auto* form = node.domain.empty() ? internal::find_layer_form(node.op_type) : nullptr;
        form && becomes_layer(node, *form))
      return;
    waiting_.push_back(number);
  }

  bool becomes_layer(const files::Node& node, const internal::LayerForm& form) {
    // One output, and inputs that are known as tensors or numbers.
    if (std::count_if(node.outputs.begin(), node.outputs.end(), [](const std::string& n) { return !n.empty(); }) != 1)
      return false;
    bool any = false;
    for (const std::string& name : node.inputs) {
      if (name.empty() || is_constant(name)) continue;
      if (fixed_.contains(name)) return false;
      any = true;
    }
    if (!any) return false;
    // Between layers only tensors with the samples in front are handed on, as a symbolic tensor does not say which of
    // its lengths is which.
    bool waits = false;
    for (const std::string& name : node.inputs) {
      if (name.empty() || is_constant(name)) continue;
      if (!samples_first_.contains(name)) return false;
      waits = waits || !values_.contains(name);
    }
    if (waits)
      for (const std::string& name : segment("").outputs)
        if (!samples_first_.contains(name)) return false;
    // Nodes that a layer may do are tried with what waits computed before: a layer of ops ends there.
    for (const std::string& name : node.inputs)
      if (!name.empty() && !is_constant(name)) value(name);
    const auto [bias, adder] = bias_behind(node);
    const std::string& output = adder ? model_->graph.nodes[*adder].outputs[0] : node.outputs[0];
    const bool last = std::any_of(model_->graph.outputs.begin(), model_->graph.outputs.end(),
                                  [&](const auto& v) { return v.name == output; });
    const std::string name = unique(clean(last ? output : !node.name.empty() ? node.name : output));
    const internal::LayerCall call(node, opset_, values_, constants_, permuted_, name, bias);
    const KerasTensor y = form(call);
    if (!y.defined()) {
      names_.erase(name);
      return false;
    }
    values_[output] = y;
    if (adder) taken_.insert(*adder);
    return true;
  }

  /// The node that does nothing but add a vector to what a product gives.
  std::pair<const Array*, std::optional<std::size_t>> bias_behind(const files::Node& node) const {
    const std::pair<const Array*, std::optional<std::size_t>> none{nullptr, std::nullopt};
    if (node.op_type != "MatMul" || !is_constant(node.inputs.at(1)) || constants_.at(node.inputs[1]).ndim() != 2)
      return none;
    const std::string& output = node.outputs[0];
    std::optional<std::size_t> reader;
    const auto& nodes = model_->graph.nodes;
    for (std::size_t i = 0; i < nodes.size(); ++i)
      for (const std::string& name : internal::values_read(nodes[i]))
        if (name == output) {
          if (reader) return none;
          reader = i;
        }
    for (const auto& value : model_->graph.outputs)
      if (value.name == output) return none;
    if (!reader || nodes[*reader].op_type != "Add" || !nodes[*reader].domain.empty() ||
        nodes[*reader].inputs.size() != 2)
      return none;
    const files::Node& adder = nodes[*reader];
    const std::string& other = adder.inputs[0] == output ? adder.inputs[1] : adder.inputs[0];
    if (!is_constant(other)) return none;
    const Array& bias = constants_.at(other);
    const bool fits =
        bias.ndim() == 1 && bias.size() == constants_.at(node.inputs[1]).shape()[1] && graph::is_floating(bias.dtype());
    return fits ? std::pair{&bias, reader} : none;
  }

  /// A value as a symbolic tensor: what waits for it becomes a layer.
  const KerasTensor& value(const std::string& name) {
    if (!values_.contains(name)) flush(name);
    return values_.at(name);
  }

  /// What waits, with what it reads of the rest and gives to it.
  struct Segment {
    std::vector<const files::Node*> nodes;
    std::vector<std::string> inputs, outputs;
  };
  Segment segment(const std::string& wanted) const {
    const auto& nodes = model_->graph.nodes;
    std::set<std::size_t> members(waiting_.begin(), waiting_.end());
    // What follows from shapes alone, as far as it is read.
    std::vector<std::string> look{wanted};
    for (const std::size_t i : waiting_)
      for (std::string& name : internal::values_read(nodes[i])) look.push_back(std::move(name));
    while (!look.empty()) {
      const std::string name = std::move(look.back());
      look.pop_back();
      const auto maker = made_by_.find(name);
      if (maker == made_by_.end() || !fixed_.contains(name) || !members.insert(maker->second).second) continue;
      for (std::string& each : internal::values_read(nodes[maker->second])) look.push_back(std::move(each));
    }
    Segment found;
    std::set<std::string> given, read{wanted};
    for (const std::size_t i : members) given.insert(nodes[i].outputs.begin(), nodes[i].outputs.end());
    for (const std::size_t i : members) {
      found.nodes.push_back(&nodes[i]);
      for (const std::string& name : internal::values_read(nodes[i])) {
        const bool outside = !given.contains(name) && values_.contains(name);
        if (outside && std::find(found.inputs.begin(), found.inputs.end(), name) == found.inputs.end())
          found.inputs.push_back(name);
      }
    }
    // What others read of it: later nodes, nodes about shapes, who asks, and the graph itself.
    for (std::size_t i = 0; i < nodes.size(); ++i)
      if (!members.contains(i) || fixed_.contains(nodes[i].outputs[0]))
        for (std::string& name : internal::values_read(nodes[i])) read.insert(std::move(name));
    for (const auto& output : model_->graph.outputs) read.insert(output.name);
    for (const std::size_t i : members)
      for (const std::string& name : nodes[i].outputs)
        if (!name.empty() && read.contains(name) && (!fixed_.contains(name) || name == wanted))
          found.outputs.push_back(name);
    return found;
  }

  void flush(const std::string& wanted) {
    Segment found = segment(wanted);
    // What follows from nothing needs a tensor all the same.
    if (found.inputs.empty()) found.inputs.push_back(model_->graph.inputs.front().name);
    std::vector<KerasTensor> x;
    std::vector<graph::DType> dtypes;
    for (const std::string& name : found.inputs) {
      x.push_back(values_.at(name));
      dtypes.push_back(x.back().dtype());
    }
    const auto layer = share(internal::GraphLayer(model_, who_, std::move(found.nodes), found.inputs, dtypes,
                                                  found.outputs, unique("onnx_graph")));
    const KerasTensor first = x.size() == 1 ? (*layer)(x[0]) : (*layer)(x);
    const auto results = first.outputs();
    for (std::size_t i = 0; i < results.size(); ++i) values_[found.outputs[i]] = results[i];
    waiting_.clear();
  }

  /// All values of the graph, described for so many samples and steps.
  std::map<std::string, Shape> shapes_for(std::int64_t samples, std::int64_t steps) const {
    internal::GraphReader reader(model_, who_);
    internal::Values values;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      Spec spec = inputs_[i].spec();
      for (int axis = 0; axis < spec.shape.rank(); ++axis)
        if (spec.shape[axis] == kUnknown) spec.shape[axis] = axis == 0 ? samples : steps;
      values[model_->graph.inputs[i].name] = graph::parameter(static_cast<int>(i), spec);
    }
    reader.run_graph(values);
    std::map<std::string, Shape> shapes;
    for (const auto& [name, tensor] : values) shapes[name] = tensor.shape();
    return shapes;
  }

  /// Finds the values whose first axis are the samples, and whose other lengths are those of an input, or fixed.
  void find_samples() {
    for (const std::int64_t steps : internal::kTriedLengths) try {
        const auto few = shapes_for(3, steps), more = shapes_for(5, 2 * steps);
        for (const auto& [name, shape] : few) {
          const Shape& other = more.at(name);
          const std::int64_t samples = inputs_.front().shape()[0];
          bool first = shape.rank() >= 1 && other.rank() == shape.rank();
          if (samples == kUnknown) first = first && shape[0] == 3 && other[0] == 5;
          for (int axis = 1; first && axis < shape.rank(); ++axis)
            first = shape[axis] == other[axis] || (shape[axis] == steps && other[axis] == 2 * steps);
          if (first) samples_first_.insert(name);
        }
        return;
      } catch (const ShapeError&) {
      }
  }

  std::shared_ptr<const files::Model> model_;
  std::string who_;
  std::int64_t opset_ = 1;
  std::vector<KerasTensor> inputs_;
  internal::SymbolicValues values_;
  internal::ConstantValues constants_;
  std::vector<internal::Permuted> permuted_;
  std::map<std::string, std::size_t> made_by_;  ///< values by the number of their node
  std::set<std::string> fixed_;                 ///< values that follow from shapes alone
  std::set<std::string> samples_first_, names_;
  std::set<std::size_t> taken_;  ///< nodes that are part of the layer of another one
  std::vector<std::size_t> waiting_;
};

}  // namespace

models::Model load_model(const io::Path& path) {
  auto model = std::make_shared<const files::Model>(files::read(path));
  return ModelMaker(std::move(model), path.string()).make();
}

}  // namespace cornu::keras::onnx

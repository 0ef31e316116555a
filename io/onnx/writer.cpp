#include <limits>

#include "cornu/io/atomic_file.h"
#include "cornu/io/onnx/internal/tensor.h"
#include "cornu/io/onnx/model.h"

namespace cornu::io::onnx {
namespace {

namespace proto = ::cornu_onnx;

constexpr int kTypeOfFloat = 1, kTypeOfInt = 2, kTypeOfString = 3, kTypeOfTensor = 4, kTypeOfGraph = 5,
              kTypeOfFloats = 6, kTypeOfInts = 7, kTypeOfStrings = 8;

void set_graph(proto::Graph& to, const Graph& graph);

void set_value(proto::Value& to, const Value& value) {
  to.set_name(value.name);
  auto& tensor = *to.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(value.type);
  if (!value.shape) return;
  auto& shape = *tensor.mutable_shape();
  for (const Dimension& length : *value.shape) {
    auto& dimension = *shape.add_dim();
    if (length.length != graph::kUnknown)
      dimension.set_dim_value(length.length);
    else if (!length.name.empty())
      dimension.set_dim_param(length.name);
  }
}

struct SetAttribute {
  proto::Attribute& to;

  void operator()(std::monostate) const {}
  void operator()(std::int64_t value) const { to.set_i(value), to.set_type(kTypeOfInt); }
  void operator()(float value) const { to.set_f(value), to.set_type(kTypeOfFloat); }
  void operator()(const std::string& value) const { to.set_s(value), to.set_type(kTypeOfString); }
  void operator()(const Array& value) const {
    internal::set_tensor(*to.mutable_t(), "", value), to.set_type(kTypeOfTensor);
  }
  void operator()(const std::shared_ptr<const Graph>& value) const {
    set_graph(*to.mutable_g(), *value), to.set_type(kTypeOfGraph);
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    for (const std::int64_t value : values) to.add_ints(value);
    to.set_type(kTypeOfInts);
  }
  void operator()(const std::vector<float>& values) const {
    for (const float value : values) to.add_floats(value);
    to.set_type(kTypeOfFloats);
  }
  void operator()(const std::vector<std::string>& values) const {
    for (const std::string& value : values) to.add_strings(value);
    to.set_type(kTypeOfStrings);
  }
};

void set_node(proto::Node& to, const Node& node) {
  for (const std::string& name : node.inputs) to.add_input(name);
  for (const std::string& name : node.outputs) to.add_output(name);
  if (!node.name.empty()) to.set_name(node.name);
  to.set_op_type(node.op_type);
  if (!node.domain.empty()) to.set_domain(node.domain);
  for (const auto& [name, attribute] : node.attributes) {
    auto& written = *to.add_attribute();
    written.set_name(name);
    if (!attribute.reference.empty()) written.set_ref_attr_name(attribute.reference);
    std::visit(SetAttribute{written}, attribute.value);
  }
}

void set_graph(proto::Graph& to, const Graph& graph) {
  to.set_name(graph.name);
  for (const Node& node : graph.nodes) set_node(*to.add_node(), node);
  for (const auto& [name, array] : graph.initializers) internal::set_tensor(*to.add_initializer(), name, array);
  for (const Value& value : graph.inputs) set_value(*to.add_input(), value);
  for (const Value& value : graph.outputs) set_value(*to.add_output(), value);
}

}  // namespace

std::string serialize(const Model& model) {
  std::size_t bytes = 0;
  for (const auto& [name, array] : model.graph.initializers) bytes += array.nbytes();
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
  graph::require<ValueError>(bytes < kMost, "onnx: a file of ", bytes, " bytes of weights cannot be, as ", kMost,
                             " is the most that such a file holds");
  proto::Model to;
  to.set_ir_version(model.ir_version);
  to.set_producer_name(model.producer);
  to.set_producer_version(model.producer_version);
  set_graph(*to.mutable_graph(), model.graph);
  for (const auto& [domain, version] : model.opsets) {
    auto& opset = *to.add_opset_import();
    opset.set_domain(domain), opset.set_version(version);
  }
  for (const auto& [key, value] : model.metadata) {
    auto& entry = *to.add_metadata_props();
    entry.set_key(key), entry.set_value(value);
  }
  for (const Function& function : model.functions) {
    auto& written = *to.add_functions();
    written.set_name(function.name), written.set_domain(function.domain);
    for (const std::string& name : function.inputs) written.add_input(name);
    for (const std::string& name : function.outputs) written.add_output(name);
    for (const Node& node : function.nodes) set_node(*written.add_node(), node);
    for (const auto& [domain, version] : function.opsets) {
      auto& opset = *written.add_opset_import();
      opset.set_domain(domain), opset.set_version(version);
    }
    for (const auto& [name, attribute] : function.defaults) {
      if (std::holds_alternative<std::monostate>(attribute.value)) {
        written.add_attribute(name);
        continue;
      }
      auto& default_value = *written.add_attribute_proto();
      default_value.set_name(name);
      std::visit(SetAttribute{default_value}, attribute.value);
    }
  }
  graph::require<ValueError>(to.ByteSizeLong() < kMost, "onnx: a file of ", to.ByteSizeLong(), " bytes cannot be, as ",
                             kMost, " is the most that such a file holds");
  return to.SerializeAsString();
}

void write(const Path& path, const Model& model) {
  const std::string bytes = serialize(model);
  AtomicFile file{std::filesystem::path(path)};
  file.write(bytes.data(), bytes.size());
  file.commit();
}

}  // namespace cornu::io::onnx

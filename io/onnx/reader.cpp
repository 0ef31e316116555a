#include <algorithm>
#include <filesystem>
#include <set>

#include "cornu/io/internal/source.h"
#include "cornu/io/onnx/internal/tensor.h"
#include "cornu/io/onnx/model.h"

namespace cornu::io::onnx {
namespace {

namespace proto = ::cornu_onnx;
using internal::Origin;

Graph graph_of(const proto::Graph& from, const Origin& origin, const std::set<std::string>& around);

std::vector<std::string> texts(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

Value value_of(const proto::Value& from) {
  Value value{from.name()};
  using proto::Type;
  switch (from.type().value_case()) {
    case Type::kSequenceType:
      value.kind = "sequence";
      break;
    case Type::kMapType:
      value.kind = "map";
      break;
    case Type::kOpaqueType:
      value.kind = "opaque";
      break;
    case Type::kSparseTensorType:
      value.kind = "sparse tensor";
      break;
    case Type::kOptionalType:
      value.kind = "optional";
      break;
    default:
      break;
  }
  const auto& tensor = from.type().tensor_type();
  value.type = tensor.elem_type();
  if (!tensor.has_shape()) return value;
  value.shape.emplace();
  for (const auto& dimension : tensor.shape().dim())
    value.shape->push_back(dimension.has_dim_value() && dimension.dim_value() >= 0
                               ? Dimension{dimension.dim_value()}
                               : Dimension{graph::kUnknown, dimension.dim_param()});
  return value;
}

// Older files do not say the kind of an attribute: it is that of what is there.
struct Kind {
  enum : int { kFloat = 1, kInt, kString, kTensor, kGraph, kFloats, kInts, kStrings };
};
int kind_of(const proto::Attribute& from) {
  if (from.type() != 0) return from.type();
  if (from.has_f()) return Kind::kFloat;
  if (from.has_i()) return Kind::kInt;
  if (from.has_s()) return Kind::kString;
  if (from.has_t()) return Kind::kTensor;
  if (from.has_g()) return Kind::kGraph;
  if (from.floats_size() > 0) return Kind::kFloats;
  return from.strings_size() > 0 ? Kind::kStrings : Kind::kInts;
}

Attribute attribute_of(const proto::Attribute& from, const Origin& origin, const std::set<std::string>& around) {
  Attribute attribute;
  attribute.reference = from.ref_attr_name();
  if (!attribute.reference.empty()) return attribute;
  switch (kind_of(from)) {
    case Kind::kFloat:
      attribute.value = from.f();
      break;
    case Kind::kInt:
      attribute.value = static_cast<std::int64_t>(from.i());
      break;
    case Kind::kString:
      attribute.value = from.s();
      break;
    case Kind::kTensor:
      attribute.value = internal::array_of(from.t(), origin);
      break;
    case Kind::kGraph:
      attribute.value = std::make_shared<const Graph>(graph_of(from.g(), origin, around));
      break;
    case Kind::kFloats:
      attribute.value = std::vector<float>(from.floats().begin(), from.floats().end());
      break;
    case Kind::kInts:
      attribute.value = std::vector<std::int64_t>(from.ints().begin(), from.ints().end());
      break;
    case Kind::kStrings:
      attribute.value = texts(from.strings());
      break;
    default:  // sparse tensors, types, lists of tensors: an operator that needs one will miss it
      break;
  }
  return attribute;
}

Node node_of(const proto::Node& from, const Origin& origin, const std::set<std::string>& around) {
  Node node{from.op_type(), texts(from.input()), texts(from.output()), {}, from.name(), from.domain()};
  if (node.domain == "ai.onnx") node.domain.clear();
  for (const auto& attribute : from.attribute())
    node.attributes[attribute.name()] = attribute_of(attribute, origin, around);
  return node;
}

// Adds the values that a node gives. Each reads what was given before: so there are no cycles.
void add_node(std::vector<Node>& nodes, const proto::Node& from, std::set<std::string>& known, const Origin& origin) {
  nodes.push_back(node_of(from, origin, known));
  const Node& node = nodes.back();
  for (const std::string& name : node.inputs)
    if (!name.empty() && !known.contains(name))
      origin.malformed("node \"", node.name, "\" (", node.op_type, ") reads \"", name,
                       "\", which no input, no weight and no node before it gives");
  for (const std::string& name : node.outputs)
    if (!name.empty() && !known.insert(name).second)
      origin.malformed("node \"", node.name, "\" (", node.op_type, ") gives \"", name, "\", which is there already");
}

Graph graph_of(const proto::Graph& from, const Origin& origin, const std::set<std::string>& around) {
  Graph graph;
  graph.name = from.name();
  if (from.sparse_initializer_size() > 0) origin.malformed("sparse weights are not read");
  std::set<std::string> known = around, own;
  for (const auto& tensor : from.initializer()) {
    if (!own.insert(tensor.name()).second) origin.malformed("there are two weights \"", tensor.name(), "\"");
    graph.initializers.emplace_back(tensor.name(), internal::array_of(tensor, origin));
    known.insert(tensor.name());
  }
  std::set<std::string> inputs;
  for (const auto& input : from.input()) {
    if (!inputs.insert(input.name()).second) origin.malformed("there are two inputs \"", input.name(), "\"");
    known.insert(input.name());
    // Older files list the weights as inputs, too.
    if (!own.contains(input.name())) graph.inputs.push_back(value_of(input));
  }
  for (const auto& node : from.node()) add_node(graph.nodes, node, known, origin);
  for (const auto& output : from.output()) {
    if (!known.contains(output.name())) origin.malformed("nothing gives the output \"", output.name(), "\"");
    graph.outputs.push_back(value_of(output));
  }
  return graph;
}

template <class List>
std::map<std::string, std::int64_t> opsets_of(const List& list) {
  std::map<std::string, std::int64_t> opsets;
  for (const auto& opset : list) opsets[opset.domain() == "ai.onnx" ? "" : opset.domain()] = opset.version();
  return opsets;
}

Function function_of(const proto::Function& from, const Origin& origin) {
  Function function{from.domain(), from.name(), texts(from.input()), texts(from.output()), {}, {}, {}};
  function.opsets = opsets_of(from.opset_import());
  std::set<std::string> known(function.inputs.begin(), function.inputs.end());
  for (const auto& name : from.attribute()) function.defaults[name];
  for (const auto& attribute : from.attribute_proto())
    function.defaults[attribute.name()] = attribute_of(attribute, origin, known);
  for (const auto& node : from.node()) add_node(function.nodes, node, known, origin);
  for (const std::string& output : function.outputs)
    if (!known.contains(output))
      origin.malformed("nothing gives the output \"", output, "\" of function ", function.name);
  return function;
}

template <class Message>
Message parsed(std::string_view bytes, const Origin& origin) {
  Message message;
  if (bytes.size() > static_cast<std::size_t>(INT32_MAX) ||
      !message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    origin.malformed("is no ONNX file, or a damaged one: its ", bytes.size(), " bytes cannot be parsed");
  return message;
}

Model model_of(std::string_view bytes, const Origin& origin) {
  const auto from = parsed<proto::Model>(bytes, origin);
  if (!from.has_graph() || from.opset_import_size() == 0)
    origin.malformed("is no ONNX file: it has ", from.has_graph() ? "no version of its operators" : "no graph");
  Model model;
  model.ir_version = from.ir_version();
  model.producer = from.producer_name(), model.producer_version = from.producer_version();
  model.opsets = opsets_of(from.opset_import());
  for (const auto& entry : from.metadata_props()) model.metadata[entry.key()] = entry.value();
  for (const auto& function : from.functions()) model.functions.push_back(function_of(function, origin));
  model.graph = graph_of(from.graph(), origin, {});
  return model;
}

std::string bytes_of(const std::filesystem::path& path) {
  io::internal::InputFile file(path);
  std::string bytes(file.size(), '\0');
  file.read({reinterpret_cast<std::byte*>(bytes.data()), bytes.size()});
  return bytes;
}

}  // namespace

Model read(const Path& path) {
  const std::filesystem::path file(path);
  return model_of(bytes_of(file), {path.string(), file.parent_path()});
}

Model parse(std::string_view bytes, const std::string& name) { return model_of(bytes, {name, std::nullopt}); }

Array read_tensor(const Path& path) {
  const Origin origin{path.string(), std::nullopt};
  return internal::array_of(parsed<proto::Tensor>(bytes_of(std::filesystem::path(path)), origin), origin);
}

}  // namespace cornu::io::onnx

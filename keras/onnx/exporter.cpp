#include "cornu/keras/onnx/exporter.h"

#include <algorithm>
#include <map>

#include "cornu/graph/bodies.h"
#include "cornu/graph/check.h"
#include "cornu/keras/onnx/internal/export_registry.h"
#include "cornu/keras/onnx/internal/graph_writer.h"

namespace cornu::keras::onnx {

using graph::require;
using internal::FieldValue;

bool Length::fixed() const {
  return std::all_of(traced.begin(), traced.end(), [&](std::int64_t each) { return each == traced.front(); });
}

namespace {

std::map<std::string, ExportFunction, std::less<>>& export_functions() {
  static std::map<std::string, ExportFunction, std::less<>> all;
  return all;
}

Lengths side_by_side(const std::vector<std::vector<std::int64_t>>& traces) {
  Lengths lengths(traces.front().size());
  for (const auto& trace : traces)
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i].traced.push_back(trace.at(i));
  return lengths;
}

std::vector<std::int64_t> as_list(const graph::Shape& shape) { return {shape.begin(), shape.end()}; }

}  // namespace

bool add_export(std::string op, ExportFunction function) {
  const auto [at, added] = export_functions().try_emplace(std::move(op), std::move(function));
  require<ValueError>(added, "onnx: how the op \"", at->first, "\" is written has been said already");
  return true;
}

std::vector<std::string> exported_ops() {
  std::vector<std::string> names;
  for (const auto& [name, function] : export_functions()) names.push_back(name);
  return names;
}

const ExportFunction* internal::find_export(std::string_view op) {
  const auto at = export_functions().find(op);
  return at == export_functions().end() ? nullptr : &at->second;
}

std::string ExportCall::in(int i) const { return node_.inputs.at(static_cast<std::size_t>(i)); }
const Spec& ExportCall::spec(int i) const { return node_.front().inputs().at(static_cast<std::size_t>(i)).spec(); }
const Spec& ExportCall::out_spec(int i) const { return node_.front().outputs().at(static_cast<std::size_t>(i)); }
int ExportCall::inputs() const { return static_cast<int>(node_.inputs.size()); }
int ExportCall::outputs() const { return static_cast<int>(node_.outputs.size()); }

Lengths ExportCall::shape(int i) const {
  std::vector<std::vector<std::int64_t>> all;
  for (const auto& trace : node_.traces) all.push_back(as_list(trace->inputs()[static_cast<std::size_t>(i)].shape()));
  return side_by_side(all);
}
Lengths ExportCall::out_shape(int i) const {
  std::vector<std::vector<std::int64_t>> all;
  for (const auto& trace : node_.traces) all.push_back(as_list(trace->outputs()[static_cast<std::size_t>(i)].shape));
  return side_by_side(all);
}

namespace {

const FieldValue& field_of(const internal::TracedNode& node, std::size_t trace, std::string_view field) {
  const auto at = node.fields[trace].find(std::string(field));
  require<ValueError>(at != node.fields[trace].end(), "onnx: the op \"", node.front().op().name(), "\" has no field \"",
                      field, "\"");
  return at->second;
}

// A field that is the same in all traces.
template <class T>
T fixed_field(const ExportCall& call, const internal::TracedNode& node, std::string_view field) {
  const FieldValue& first = field_of(node, 0, field);
  for (std::size_t t = 1; t < node.fields.size(); ++t)
    if (field_of(node, t, field) != first)
      call.refuse(graph::message("has a \"", field, "\" that depends on the size of the batch"));
  return std::get<T>(first);
}

}  // namespace

bool ExportCall::flag(std::string_view field) const { return fixed_field<bool>(*this, node_, field); }
std::int64_t ExportCall::integer(std::string_view field) const {
  return fixed_field<std::int64_t>(*this, node_, field);
}
double ExportCall::number(std::string_view field) const { return fixed_field<double>(*this, node_, field); }
std::string ExportCall::text(std::string_view field) const { return fixed_field<std::string>(*this, node_, field); }
std::vector<std::int64_t> ExportCall::integers(std::string_view field) const {
  return fixed_field<std::vector<std::int64_t>>(*this, node_, field);
}
bool ExportCall::has_field(std::string_view field) const { return node_.fields[0].contains(std::string(field)); }
Length ExportCall::length(std::string_view field) const {
  Length length;
  for (std::size_t t = 0; t < node_.fields.size(); ++t)
    length.traced.push_back(std::get<std::int64_t>(field_of(node_, t, field)));
  return length;
}
Lengths ExportCall::lengths(std::string_view field) const {
  std::vector<std::vector<std::int64_t>> all;
  for (std::size_t t = 0; t < node_.fields.size(); ++t)
    all.push_back(std::get<std::vector<std::int64_t>>(field_of(node_, t, field)));
  return side_by_side(all);
}

std::string ExportCall::node(std::string_view op_type, std::vector<std::string> inputs, Attributes attributes) {
  return writer_.add(op_type, std::move(inputs), std::move(attributes), 1)[0];
}
std::vector<std::string> ExportCall::nodes(std::string_view op_type, std::vector<std::string> inputs,
                                           Attributes attributes, int outputs) {
  return writer_.add(op_type, std::move(inputs), std::move(attributes), outputs);
}
std::string ExportCall::constant(const Array& value) { return writer_.constant(value); }
std::string ExportCall::number(double value, DType dtype) {
  return constant(graph::full({}, value, dtype == graph::bfloat16 ? graph::float32 : dtype));
}
std::string ExportCall::list(const std::vector<std::int64_t>& values) {
  return constant(Array(values, graph::Shape{static_cast<std::int64_t>(values.size())}));
}
std::string ExportCall::list(const Lengths& lengths) {
  return writer_.list(
      lengths, graph::message("onnx: [", node_.front().scope(), "] the op \"", node_.front().op().name(), "\" "));
}
std::string ExportCall::cast(const std::string& value, DType dtype) {
  return node("Cast", {value}, {{"to", io::onnx::type_of_dtype(dtype)}});
}
std::string ExportCall::transposed(const std::string& value, const std::vector<std::int64_t>& axes) {
  return writer_.transposed(value, axes);
}

std::string ExportCall::reshaped(const std::string& value, const Lengths& shape) {
  std::vector<std::int64_t> lengths;
  int changing = 0;
  bool empty = false;
  for (const Length& length : shape) {
    lengths.push_back(length.fixed() ? length.front() : -1);
    changing += length.fixed() ? 0 : 1;
    empty = empty || (length.fixed() && length.front() == 0);
  }
  return node("Reshape", {value, changing <= 1 && !empty ? list(lengths) : list(shape)},
              empty ? Attributes{{"allowzero", 1}} : Attributes{});
}

void ExportCall::give(int i, const std::string& value) {
  std::vector<graph::Shape> shapes;
  for (const auto& trace : node_.traces) shapes.push_back(trace->outputs()[static_cast<std::size_t>(i)].shape);
  writer_.know(value, shapes);
  node_.outputs.at(static_cast<std::size_t>(i)) = value;
}

void ExportCall::begin_graph(const std::vector<io::onnx::Value>& inputs) { writer_.begin_graph(inputs); }

std::shared_ptr<const io::onnx::Graph> ExportCall::end_graph(const std::vector<std::string>& outputs,
                                                             const graph::Specs& specs) {
  std::vector<io::onnx::Value> values;
  for (std::size_t i = 0; i < outputs.size();
       ++i)  // what comes from around the graph, or twice, needs a node of its own
    values.push_back({node("Identity", {outputs[i]}), "tensor", io::onnx::type_of_dtype(specs.at(i).dtype)});
  return std::make_shared<const io::onnx::Graph>(writer_.end_graph(values));
}

std::vector<std::string> ExportCall::body(int i, const std::vector<std::string>& parameters) {
  std::vector<const graph::Outputs*> bodies;
  for (const auto& trace : node_.traces)
    bodies.push_back(graph::bodies_of(trace->op()).at(static_cast<std::size_t>(i)));
  return writer_.write(bodies, parameters);
}

int ExportCall::bodies() const { return static_cast<int>(graph::bodies_of(node_.front().op()).size()); }

graph::Specs ExportCall::body_results(int i) const {
  graph::Specs specs;
  for (const Tensor& tensor : graph::bodies_of(node_.front().op()).at(static_cast<std::size_t>(i))->tensors())
    specs.push_back(tensor.spec());
  return specs;
}

io::onnx::Value ExportCall::fresh(std::string_view stem, const Spec& spec) {
  return {writer_.unique(writer_.prefix + std::string(stem)), "tensor", io::onnx::type_of_dtype(spec.dtype)};
}

void ExportCall::refuse(const std::string& what) const {
  const graph::Node& node = node_.front();
  throw ValueError(graph::message("onnx: [", node.scope(), "] the op \"", node.op().name(), "\" ", what));
}

}  // namespace cornu::keras::onnx

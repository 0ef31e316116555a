// Model::export_model.
#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/graph/function.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/onnx/internal/graph_writer.h"

namespace cornu::keras {
namespace {

using graph::require;
using graph::Specs;

constexpr int kTraces = 3;
constexpr std::int64_t kOpset = 18;

/// How lengths that are not known are chosen for a trace. Those of different inputs are different numbers, if what the
/// layers do with them allows it; else the same axis has the same length everywhere; else one that all strides divide.
enum class Choice { each_its_own, same_axis_same_length, divisible };

std::int64_t chosen(Choice choice, int trace, std::size_t input, int axis) {
  if (axis == 0) return std::int64_t{5} + 2 * trace + trace * trace;  // 5, 8, 13
  const std::int64_t base = axis + 8 * (choice == Choice::each_its_own ? static_cast<std::int64_t>(input) : 0);
  if (choice == Choice::divisible) return 240 * (base + 1) * (trace + 1);
  // Odd and even lengths, since what "same" puts around an input depends on that.
  return 96 + 11 * base + (trace == 0 ? 0 : trace == 1 ? 1 + 2 * base : 4 + 6 * base);
}

Specs traced_specs(const Specs& inputs, Choice choice, int trace) {
  Specs specs = inputs;
  for (std::size_t i = 0; i < specs.size(); ++i)
    for (int axis = 0; axis < specs[i].shape.rank(); ++axis)
      if (specs[i].shape[axis] == graph::kUnknown) specs[i].shape[axis] = chosen(choice, trace, i, axis);
  return specs;
}

Specs input_specs(const models::Network& network) {
  Specs specs;
  const auto& wiring = network.wiring();
  if (!wiring.empty()) {
    for (const KerasTensor& tensor : wiring.inputs) specs.push_back(tensor.spec());
    return specs;
  }
  for (const Shape& shape : network.input_shapes()) specs.push_back({network.input_dtype(graph::float32), shape});
  return specs;
}

io::onnx::Value value_of(const std::string& name, DType dtype, const Shape& shape, const Shape& unknown) {
  io::onnx::Value value{name, "tensor", io::onnx::type_of_dtype(dtype), std::vector<io::onnx::Dimension>{}};
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (unknown[axis] != graph::kUnknown)
      value.shape->push_back({shape[axis]});
    else
      value.shape->push_back({graph::kUnknown, axis == 0 ? "N" : graph::message(name, '_', axis)});
  }
  return value;
}

/// The lengths that differ among traces are kUnknown.
Shape common(const std::vector<graph::Outputs>& traces, std::size_t output) {
  Shape shape = traces.front().tensors()[output].shape();
  for (const graph::Outputs& trace : traces)
    for (int axis = 0; axis < shape.rank(); ++axis)
      if (trace.tensors()[output].shape()[axis] != shape[axis]) shape[axis] = graph::kUnknown;
  return shape;
}

struct Traces {
  Specs inputs;  // kUnknown where a length is free
  std::vector<Specs> specs;
  std::vector<graph::Outputs> outputs;
};

Traces traces_of(const graph::Function& described, const Specs& inputs) {
  Traces made{inputs, {}, {}};
  for (const Choice choice : {Choice::each_its_own, Choice::same_axis_same_length, Choice::divisible}) try {
      made.outputs.clear(), made.specs.clear();
      for (int trace = 0; trace < kTraces; ++trace) {
        made.specs.push_back(traced_specs(inputs, choice, trace));
        made.outputs.push_back(described.trace(made.specs.back()));
      }
      break;
    } catch (const ShapeError&) {
      if (choice == Choice::divisible) throw;
    }
  return made;
}

// The batch is free, also of a model that was made for so many samples, unless a layer insists on their number.
Traces traces_of_any_batch(const graph::Function& described, const Specs& inputs) {
  Specs free = inputs;
  for (graph::Spec& spec : free)
    if (spec.shape.rank() > 0) spec.shape[0] = graph::kUnknown;
  try {
    return traces_of(described, free);
  } catch (const ShapeError&) {
    return traces_of(described, inputs);
  }
}

io::onnx::Model onnx_of(const std::shared_ptr<models::Network>& network) {
  const graph::Function described(
      [&](std::span<const Tensor> x) {
        Context ctx(false);
        const Tensors y = network->predict_step(Inputs(Tensors(x.begin(), x.end())), ctx);
        return graph::Outputs(y, ctx.updates());
      },
      -1, {.name = network->name()});
  auto [inputs, specs, traces] = traces_of_any_batch(described, input_specs(*network));
  std::vector<const graph::Outputs*> pointers;
  for (graph::Outputs& trace : traces) {
    require<ValueError>(trace.updates().empty(), "export_model: model \"", network->name(),
                        "\" keeps a state between calls (\"",
                        trace.updates().empty() ? "" : trace.updates()[0].first.name(), "\"), which ONNX cannot");
    pointers.push_back(&trace);
  }

  onnx::internal::GraphWriter writer(kTraces);
  const auto input_names = network->input_names(), output_names = network->output_names();
  std::vector<std::string> parameters, results;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    parameters.push_back(writer.unique(input_names[i]));
    std::vector<Shape> shapes;
    for (const Specs& trace : specs) shapes.push_back(trace[i].shape);
    writer.know(parameters.back(), shapes);
  }
  for (const std::string& name : output_names) results.push_back(writer.unique(name));
  const auto values = writer.write(pointers, parameters);
  writer.prefix.clear();
  io::onnx::Model model;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string last = writer.add("Identity", {values[i]}, {}, 1)[0];
    writer.graph().nodes.back().outputs = {results.at(i)};
    writer.graph().nodes.back().name = last;
    const Tensor& y = traces[0].tensors()[i];
    const Shape shape = common(traces, i);
    writer.graph().outputs.push_back(value_of(results.at(i), y.dtype(), shape, shape));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i)
    writer.graph().inputs.push_back(value_of(parameters[i], inputs[i].dtype, inputs[i].shape, inputs[i].shape));
  writer.graph().name = network->name();
  model.graph = std::move(writer.graph());
  model.opsets[""] = kOpset;
  model.producer = "cornu";
  return model;
}

}  // namespace

void models::Model::export_model(const io::Path& path, ExportConfig config) const {
  require<ValueError>(config.format == "onnx", "export_model: expected the format 'onnx', got '", config.format, "'");
  require<ValueError>(built(), "export_model: model \"", name(),
                      "\" is not built: call it with data, or `build` it with an input shape");
  io::onnx::write(path, onnx_of(network_));
}

}  // namespace cornu::keras

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/onnx/internal/graph_reader.h"

namespace cornu::keras::onnx::internal {

/// Lengths in place of unknown ones, tried one after the other: what the nodes can bear is known to them alone.
inline constexpr std::int64_t kTriedLengths[] = {16, 64, 7, 224, 1024};

/// Nodes of an ONNX graph as a layer: what no layer of Keras does. Its weights are the floating numbers that the nodes
/// compute with, but for single ones and those that must be known when the computation is described.
class GraphLayer final : public layers::Layer {
 public:
  GraphLayer() = default;  ///< for the registry, which says why no file holds one
  GraphLayer(std::shared_ptr<const io::onnx::Model> model, std::string who, std::vector<const io::onnx::Node*> nodes,
             std::vector<std::string> inputs, std::vector<graph::DType> dtypes, std::vector<std::string> outputs,
             std::string name);

  std::string class_name() const override { return "ONNXGraph"; }
  void build_all(const layers::Shapes& inputs) override;
  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Specs compute_output_specs(const Specs& inputs) override;

 private:
  Tensors describe(GraphReader& reader, const Tensors& inputs, bool with_weights) const;
  Specs described(GraphReader& reader, const Specs& inputs, std::int64_t length, int round) const;
  /// The outputs' specs in two rounds of other lengths in place of unknown ones, which the nodes can bear.
  std::pair<Specs, Specs> probed(GraphReader& reader, const Specs& inputs) const;

  std::shared_ptr<const io::onnx::Model> model_;
  std::string file_;
  std::vector<const io::onnx::Node*> nodes_;
  std::vector<std::string> inputs_, outputs_;
  std::vector<graph::DType> dtypes_;  ///< of the inputs
  std::vector<std::pair<std::string, Variable>> weights_;
};

/// The values that a node reads from around it, those of its graphs as well.
std::vector<std::string> values_read(const io::onnx::Node& node);

}  // namespace cornu::keras::onnx::internal

#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/graph/tensor.h"
#include "cornu/keras/onnx/importer.h"

namespace cornu::keras::onnx::internal {

/// Thrown where the numbers of a parameter must be known, as those of a shape must: who describes the computation may
/// try again with a constant in its place.
class NumbersNeeded : public graph::ValueError {
 public:
  NumbersNeeded(const std::string& what, int given_parameter) : ValueError(what), parameter(given_parameter) {}
  int parameter;
};

using Values = std::map<std::string, Tensor, std::less<>>;

/// Computes the nodes of an ONNX graph by ops.
class GraphReader {
 public:
  /// `who` begins messages: a file's name.
  GraphReader(std::shared_ptr<const io::onnx::Model> model, std::string who);

  /// Computes nodes from the values that are there, and adds theirs.
  void run(const std::vector<const io::onnx::Node*>& nodes, Values& values);
  /// All nodes of the graph, whose values are added. Gives the graph's outputs.
  Tensors run_graph(Values& values);

  /// Numbers that are known; throws NumbersNeeded if they depend on a parameter. Weights of which that was asked are
  /// listed.
  Array numbers_of(const Tensor& tensor, const std::string& who);
  const std::set<std::string>& asked() const { return asked_; }
  /// Says of which weight a tensor is the value.
  void name_weight(const Tensor& tensor, const std::string& name);

  const std::string& who() const { return who_; }

 private:
  friend class onnx::ImportCall;
  struct Frame {
    const Values* values;
    const Frame* outer;
    const io::onnx::Attributes* arguments;  ///< of the function that is computed
    const std::map<std::string, std::int64_t>* opsets;
  };
  Tensor find(const std::string& name) const;
  Tensors subgraph(const io::onnx::Graph& graph, const Tensors& inputs, const std::string& who);
  void run_node(const io::onnx::Node& node, Values& values);
  Tensors call_function(const io::onnx::Function& function, const io::onnx::Node& node);
  const io::onnx::Function* function_of(const io::onnx::Node& node) const;

  std::shared_ptr<const io::onnx::Model> model_;
  std::string who_;
  const Frame* frame_ = nullptr;
  int depth_ = 0;
  std::set<std::string> asked_;
  std::unordered_map<const graph::Node*, std::string> weights_;
  std::unordered_map<const graph::Node*, std::pair<Tensor, Array>> computed_;
};

/// Numbers in a dtype in which graphs compute: all floating ones are float32.
Array computable(const Array& array);

/// `[model.onnx] node "x" (Conv): `
std::string described(const std::string& who, const io::onnx::Node& node);

}  // namespace cornu::keras::onnx::internal

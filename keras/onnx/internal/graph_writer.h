#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "cornu/graph/outputs.h"
#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx::internal {

using FieldValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// One node in all traces: the same op, with lengths that may differ.
struct TracedNode {
  std::vector<std::shared_ptr<const graph::Node>> traces;
  std::vector<std::string> inputs;                             ///< values
  std::vector<std::map<std::string, FieldValue>> fields = {};  ///< of each trace
  std::vector<std::string> outputs = {};                       ///< values, once they are given

  const graph::Node& front() const { return *traces.front(); }
};

/// Writes a computation, traced with several sizes of the batch, as a graph of ONNX.
class GraphWriter {
 public:
  explicit GraphWriter(std::size_t traces) : traces_(traces) { scopes_.emplace_back(); }

  /// A name that no other value has.
  std::string unique(const std::string& wish);
  /// A value that is there, with its shape in each trace: from it lengths are known when the graph runs.
  void know(const std::string& value, const std::vector<graph::Shape>& shapes);

  /// The values that the tensors are; `parameters` are those of the computation's.
  std::vector<std::string> write(const std::vector<const graph::Outputs*>& traces,
                                 const std::vector<std::string>& parameters);

  std::vector<std::string> add(std::string_view op_type, std::vector<std::string> inputs, Attributes attributes,
                               int outputs);
  std::string constant(const Array& value);
  std::string list(const Lengths& lengths, const std::string& who);
  std::string transposed(const std::string& value, const std::vector<std::int64_t>& axes);

  void begin_graph(const std::vector<io::onnx::Value>& inputs);
  io::onnx::Graph end_graph(const std::vector<io::onnx::Value>& outputs);
  /// The graph that is written last, which is the model's.
  io::onnx::Graph& graph() { return scopes_.front().graph; }

  /// Where nodes are written now: "dense/".
  std::string prefix;

 private:
  struct Place {
    std::string value;
    int axis;
  };
  /// A graph, and what is known in it and in those within it.
  struct Scope {
    io::onnx::Graph graph = {};
    std::map<std::vector<std::int64_t>, Place> lengths = {};
    std::map<std::vector<std::int64_t>, std::string> computed = {};
    std::map<std::pair<std::string, std::vector<std::int64_t>>, std::string> transposes = {};
  };
  std::string leaf(const TracedNode& node, const std::vector<std::string>& parameters, bool& is_leaf);
  std::string changing_constant(const TracedNode& node);
  std::string counted_constant(const std::vector<Array>& values, const Lengths& shape, const std::string& who);
  std::string band_constant(const std::vector<Array>& values, const Lengths& shape, const std::string& who);
  std::string range(const Length& start, const Length& end, std::int64_t step, const std::string& who);
  std::string length(const std::vector<std::int64_t>& traced, const std::string& who);
  std::string find_length(const std::vector<std::int64_t>& traced);
  std::string from_lengths(const std::vector<std::int64_t>& traced, bool products);
  std::string arithmetic(const char* op_type, const std::string& a, std::int64_t b);

  std::size_t traces_;
  std::vector<Scope> scopes_;
  std::set<std::string> names_;
  std::unordered_map<std::string, int> numbers_;
  std::unordered_map<const void*, std::string> variables_;
  std::map<std::string, std::string> constants_;    ///< values by their numbers
  std::map<std::string, Array> weights_, emitted_;  ///< numbers that no node has read yet, and that are initializers
  std::map<std::string, std::pair<std::string, std::vector<std::int64_t>>> transposed_of_;
};

}  // namespace cornu::keras::onnx::internal

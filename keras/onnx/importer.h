#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/tensor.h"
#include "cornu/io/onnx/model.h"

namespace cornu::keras::onnx {

namespace internal {
class GraphReader;
}

/// A node of an ONNX graph that is computed by ops. Shapes are static; what is fixed (weights that say a shape, what
/// follows from lengths) is there as numbers.
///
///     const bool read = onnx::add_import("HardSwish", [](onnx::ImportCall& c) -> Tensors {
///       return {c.in() * ops::clip(c.in() * (1. / 6) + 0.5, 0, 1)};
///     });
class CORNU_EXPORT ImportCall {
 public:
  ImportCall(internal::GraphReader& reader, const io::onnx::Node& node, std::int64_t opset)
      : reader_(reader), node_(node), opset_(opset) {}

  const std::string& op_type() const { return node_.op_type; }
  /// The version of the operators that the file speaks.
  std::int64_t opset() const { return opset_; }
  int inputs() const { return static_cast<int>(node_.inputs.size()); }
  /// Whether input `i` is given, and output `i` is asked for.
  bool has(int i) const;
  bool wants(int i) const;
  /// Throws ValueError if it is left out.
  Tensor in(int i = 0) const;
  Tensors all_inputs() const;
  /// The numbers of an input that must be known before anything runs, such as a shape. Throws ValueError if they depend
  /// on the model's inputs.
  Array numbers(int i) const;
  std::vector<std::int64_t> integers(int i) const;
  double number(int i) const;
  /// The same of any tensor.
  Array known(const Tensor& tensor) const;

  bool has_attribute(std::string_view name) const;
  /// Attributes; throw ValueError for one of another kind, and for one that is missing and has no default.
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  double number(std::string_view name, double otherwise) const;
  bool flag(std::string_view name, bool otherwise) const { return integer(name, otherwise ? 1 : 0) != 0; }
  std::string text(std::string_view name, std::string otherwise) const;
  std::vector<std::int64_t> integers(std::string_view name, std::vector<std::int64_t> otherwise = {}) const;
  std::vector<float> floats(std::string_view name, std::vector<float> otherwise = {}) const;
  std::vector<std::string> texts(std::string_view name, std::vector<std::string> otherwise = {}) const;
  Array array(std::string_view name) const;
  /// The dtype that an attribute means, 7: int64; all floating types are computed in float32. Throws TypeError where
  /// there is none.
  graph::DType dtype(std::string_view name, std::int64_t otherwise) const;
  const io::onnx::Attribute* attribute(std::string_view name) const;

  /// What a graph among the attributes gives for such inputs. It reads the values around the node as well.
  Tensors graph(std::string_view name, const Tensors& inputs = {}) const;
  int graph_outputs(std::string_view name) const;

  /// Throws ValueError that names the node.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  internal::GraphReader& reader_;
  const io::onnx::Node& node_;
  std::int64_t opset_;
};

using ImportFunction = std::function<Tensors(ImportCall&)>;

/// Says how an operator is computed: outputs in order, undefined where nobody asks. Throws ValueError if it has been
/// said.
CORNU_EXPORT bool add_import(std::string op_type, ImportFunction function, std::string domain = "");
/// The operators of ONNX's own domain that are known.
CORNU_EXPORT std::vector<std::string> imported_operators();

}  // namespace cornu::keras::onnx

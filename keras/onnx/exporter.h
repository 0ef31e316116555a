#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/op.h"
#include "cornu/io/onnx/model.h"

namespace cornu::keras::onnx {

using io::onnx::Attributes;

/// A whole number in each of the traces of a model, which have batches of different sizes: a length that follows the
/// batch differs among them.
struct Length {
  std::vector<std::int64_t> traced;
  bool fixed() const;
  std::int64_t front() const { return traced.front(); }
};
using Lengths = std::vector<Length>;

namespace internal {
class GraphWriter;
struct TracedNode;
}  // namespace internal

/// A node of a computation, which a function writes as nodes of ONNX. Values of the ONNX graph go by their names.
///
///     const bool written = onnx::add_export("softmax", [](onnx::ExportCall& c) {
///       c.give(0, c.node("Softmax", {c.in()}, {{"axis", c.integer("axis")}}));
///     });
class CORNU_EXPORT ExportCall {
 public:
  ExportCall(internal::GraphWriter& writer, internal::TracedNode& node) : writer_(writer), node_(node) {}

  /// The value that is input `i`; its dtype, rank and, as far as they are fixed, lengths; lengths that may follow the
  /// batch.
  std::string in(int i = 0) const;
  const Spec& spec(int i = 0) const;
  const Spec& out_spec(int i = 0) const;
  Lengths shape(int i = 0) const;
  Lengths out_shape(int i = 0) const;
  int inputs() const;
  int outputs() const;

  /// Fields of the op, by name. Throw ValueError if there is none, or if it depends on the batch, where the ONNX form
  /// needs a fixed one.
  bool flag(std::string_view field) const;
  std::int64_t integer(std::string_view field) const;
  double number(std::string_view field) const;
  std::string text(std::string_view field) const;
  std::vector<std::int64_t> integers(std::string_view field) const;
  bool has_field(std::string_view field) const;
  Length length(std::string_view field) const;
  Lengths lengths(std::string_view field) const;

  /// A node of ONNX's opset 18, and its output, or several. An empty name stands for an input that is left out.
  std::string node(std::string_view op_type, std::vector<std::string> inputs, Attributes attributes = {});
  std::vector<std::string> nodes(std::string_view op_type, std::vector<std::string> inputs, Attributes attributes,
                                 int outputs);
  /// A fixed value: any array, a number of a dtype, int64 in one axis.
  std::string constant(const Array& value);
  std::string number(double value, DType dtype);
  std::string list(const std::vector<std::int64_t>& values);
  /// Int64 in one axis, computed from the lengths of values that are there where they follow the batch. Throws
  /// ValueError if they follow it in no way that is known.
  std::string list(const Lengths& lengths);
  /// The value in another dtype; bfloat16 stands for float32.
  std::string cast(const std::string& value, DType dtype);
  /// The value with its axes permuted; of a weight another form of it.
  std::string transposed(const std::string& value, const std::vector<std::int64_t>& axes);
  /// In another shape, of which at most one length follows the batch, or all are computed.
  std::string reshaped(const std::string& value, const Lengths& shape);

  /// Says what output `i` is.
  void give(int i, const std::string& value);

  /// A graph within the node: between the two what is written goes there.
  void begin_graph(const std::vector<io::onnx::Value>& inputs);
  std::shared_ptr<const io::onnx::Graph> end_graph(const std::vector<std::string>& outputs, const graph::Specs& specs);
  /// Writes body `i` of an op with bodies, where its parameters are these values; gives its results.
  std::vector<std::string> body(int i, const std::vector<std::string>& parameters);
  graph::Specs body_results(int i) const;
  int bodies() const;
  /// A name that no value has, and a value of it for `begin_graph`.
  io::onnx::Value fresh(std::string_view stem, const Spec& spec);

  /// Throws ValueError, naming the layer and the op: `what` says why it has no ONNX form here.
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  internal::GraphWriter& writer_;
  internal::TracedNode& node_;
};

using ExportFunction = std::function<void(ExportCall&)>;

/// Says how an op is written in ONNX, in the op's own file or in any other. Throws ValueError if it has been said.
CORNU_EXPORT bool add_export(std::string op, ExportFunction function);
/// The ops that have an ONNX form.
CORNU_EXPORT std::vector<std::string> exported_ops();

}  // namespace cornu::keras::onnx

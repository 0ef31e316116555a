#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/io/onnx/model.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::onnx::internal {

using ConstantValues = std::map<std::string, Array, std::less<>>;
using SymbolicValues = std::map<std::string, KerasTensor, std::less<>>;

/// A tensor that is another one with its axes in another order.
struct Permuted {
  KerasTensor tensor, source;
  std::vector<std::int64_t> axes;
};

/// A node that may be a layer of Keras: its inputs are symbolic tensors or fixed numbers.
class LayerCall {
 public:
  LayerCall(const io::onnx::Node& node, std::int64_t opset, const SymbolicValues& values,
            const ConstantValues& constants, std::vector<Permuted>& permuted, std::string name, const Array* bias)
      : node_(node),
        opset_(opset),
        values_(values),
        constants_(constants),
        permuted_(permuted),
        name_(std::move(name)),
        bias_(bias) {}

  std::int64_t opset() const { return opset_; }
  int inputs() const { return static_cast<int>(node_.inputs.size()); }
  /// Null if the input is no symbolic tensor, or no fixed numbers.
  const KerasTensor* tensor(int i) const;
  const Array* numbers(int i) const;
  bool has(int i) const { return i < inputs() && !node_.inputs[static_cast<std::size_t>(i)].empty(); }
  /// A number for each filter that the next node adds, which this one takes along; null if there is none.
  const Array* added_bias() const { return bias_; }

  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  double number(std::string_view name, double otherwise) const;
  std::string text(std::string_view name, std::string otherwise) const;
  std::vector<std::int64_t> integers(std::string_view name, std::vector<std::int64_t> otherwise = {}) const;

  /// A layer of a class, called on tensors, with these weights. Of several layers that a node becomes, all but one have
  /// no name of their own.
  KerasTensor apply(const std::string& class_name, nlohmann::json config, const std::vector<KerasTensor>& inputs,
                    const std::vector<Array>& weights = {}, bool named = true) const;
  /// The tensor with its axes, the samples' first, in another order. What is permuted twice is so once, or not at all.
  KerasTensor permuted(const KerasTensor& x, const std::vector<std::int64_t>& axes, bool named = false) const;
  /// The tensor whose channels are last if `x` is that one with its channels second, else an undefined one: where
  /// layers with channels last stand between permutations, those go.
  KerasTensor with_channels_last(const KerasTensor& x) const;
  /// A layer of tensors of one shape, by whose channels it does not go: applied where they are last, if they are so
  /// in all.
  KerasTensor apply_anywhere(const std::string& class_name, nlohmann::json config,
                             const std::vector<KerasTensor>& inputs) const;

 private:
  const io::onnx::Node& node_;
  std::int64_t opset_;
  const SymbolicValues& values_;
  const ConstantValues& constants_;
  std::vector<Permuted>& permuted_;
  std::string name_;
  const Array* bias_;
};

/// The order of axes that brings channels from the last place to the second one.
std::vector<std::int64_t> channels_to_second(int rank);

/// Gives the tensor that a layer makes of the node; an undefined one if no layer does.
using LayerForm = std::function<KerasTensor(const LayerCall&)>;

/// Says which layer an operator is, in that operator's file.
bool add_layer_form(std::string op_type, LayerForm form);
/// Null if there is none.
const LayerForm* find_layer_form(std::string_view op_type);

}  // namespace cornu::keras::onnx::internal

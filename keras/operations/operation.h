#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::operations {

/// An argument of an operation that is no tensor: None, a bool, a number, a text, a list of whole numbers.
using Literal = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// The arguments of one call, by the names of parameters.
struct CORNU_EXPORT Arguments {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, Literal> literals;

  /// A tensor. A number becomes a constant that goes with `like`, as in Keras: of its dtype, unless that is for whole
  /// numbers and the number is none.
  Tensor tensor(const std::string& name, const std::string& like = "") const;
  bool has_tensor(const std::string& name) const { return tensors.contains(name); }
  /// What was given, or a default. Throw ValueError for a literal of another type.
  bool flag(const std::string& name, bool otherwise) const;
  double number(const std::string& name, double otherwise) const;
  std::vector<std::int64_t> integers(const std::string& name) const;  ///< one number stands for a list of it
  std::string text(const std::string& name) const;
  bool is_none(const std::string& name) const;
};

/// Keras' modules of operations.
inline constexpr const char *kNumpy = "keras.src.ops.numpy", *kNn = "keras.src.ops.nn", *kMath = "keras.src.ops.math",
                            *kLinalg = "keras.src.ops.linalg";

/// A function on tensors that may stand in a graph of layers, as Keras' operations do. `x * 0.5 + ops::relu(y)` on
/// symbolic tensors makes two of them.
struct Operation {
  std::string class_name;                ///< Keras 3's: "Multiply"
  std::string module;                    ///< "keras.src.ops.numpy"
  std::vector<std::string> parameters;   ///< of the call: {"x1", "x2"}
  std::vector<std::string> config = {};  ///< arguments that Keras 3 keeps in the config: {"axis", "keepdims"}
  std::string keras2 = "";               ///< TensorFlow's function in files of Keras 2, "math.multiply"; empty: none
  std::vector<std::string> keras2_names = {};  ///< of parameters and config there, where other: {"x", "y"}
  std::string key = "";  ///< the parameter that is an index, `x[:, 0]`, if there is one; see internal/key.h
  std::function<Tensor(const Arguments&)> compute;
};

/// Makes an operation known, to be called and to be read from files. Throws ValueError if the class is known already.
bool add(Operation operation);
/// Null if there is none. By Keras 3's class, or by TensorFlow's function.
const Operation* find(std::string_view class_name);
const Operation* find_keras2(std::string_view function);
std::vector<std::string> class_names();

/// An argument of a symbolic call.
using Argument = std::variant<KerasTensor, Literal>;
using NamedArgument = std::pair<std::string, Argument>;

/// Calls an operation on symbolic tensors and literals, given by the names of parameters in their order. Throws
/// ValueError for an unknown class or parameter.
CORNU_EXPORT KerasTensor apply(std::string_view class_name, const std::vector<NamedArgument>& arguments);

/// One use of an operation: a layer without weights.
class CORNU_EXPORT OperationLayer final : public layers::Layer {
 public:
  /// `arguments`: literals; tensors are left out and come with the call, in the order of `tensors`.
  OperationLayer(const Operation& operation, std::map<std::string, Literal> literals, std::vector<std::string> tensors);
  std::string class_name() const override { return operation_.class_name; }
  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;

  const Operation& operation() const { return operation_; }
  const std::map<std::string, Literal>& literals() const { return literals_; }
  const std::vector<std::string>& tensors() const { return tensors_; }

 private:
  const Operation& operation_;
  std::map<std::string, Literal> literals_;
  std::vector<std::string> tensors_;
};

}  // namespace cornu::keras::operations

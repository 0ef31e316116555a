#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/fields.h"
#include "cornu/graph/plan/kernel.h"
#include "cornu/graph/tensor.h"

namespace cornu::graph {

/// What passes may know of an op; they know no op by name.
struct Traits {
  bool elementwise = false;  ///< element i of the output depends on element i of same-shaped inputs: may run in place
  bool commutative = false;
  bool view = false;      ///< output 0 has the bytes of input 0 (reshape): costs nothing
  bool stateful = false;  ///< two equal calls differ: neither shared nor folded
  std::int64_t effect = 0;  ///< above 0: something outside sees it run, and such nodes run in the order of the numbers
  /// Inputs from this number on are read as elementwise ones are: an output of the same spec may lie there. -1: only if
  /// `elementwise`, then all.
  int in_place_from = -1;
};

/// The next number for an op with an effect, which a function that makes one gives it.
std::int64_t next_effect();

class Backward;

/// A kind of computation. An op is a class with its fields as data members, in one file with the functions that use it:
///
///     struct Softmax final : graph::Op {
///       int axis = -1;
///       std::string_view name() const override            { return "softmax"; }
///       void fields(FieldVisitor& f) const override       { f("axis", axis); }
///       Specs infer(const Specs& in) const override       { in[0].shape.normalize(axis); return {in[0]}; }
///       Tensors gradient(const Backward& b) const override { auto [x, y, dy] = b.unary(); return {(dy - sum(dy * y,
///       …)) * y}; } Kernel plan(const PlanRequest& r) const override  { return onednn::softmax_forward(r, axis); }
///     };
///     static const bool registered = register_op<Softmax>();
class CORNU_EXPORT Op {
 public:
  virtual ~Op();
  /// The op's name, unique in the registry; the first word of its error messages.
  virtual std::string_view name() const = 0;
  virtual void fields(FieldVisitor&) const {}
  /// Specs of the outputs; throws ShapeError or TypeError for inputs that do not fit. Shapes are static.
  virtual Specs infer(const Specs& in) const = 0;
  /// One tensor per input, made of ordinary ops; an undefined tensor where no gradient flows. An op that has none says
  /// `return no_gradient(b);`.
  virtual Tensors gradient(const Backward& b) const = 0;
  virtual Kernel plan(const PlanRequest& request) const = 0;
  virtual Traits traits() const { return {}; }

 protected:
  static Tensors no_gradient(const Backward& b);
};

/// `softmax(axis=-1)`: name and fields. Equal texts of one class mean equal ops, so every data member must be visited.
std::string to_string(const Op&);

/// What an op's gradient is made from: the inputs and outputs of its node and the gradients of the loss by the outputs.
class Backward {
 public:
  Backward(const Tensors& inputs, const Tensors& outputs, const Tensors& grads, const std::vector<bool>& wanted)
      : inputs_(inputs), outputs_(outputs), grads_(grads), wanted_(wanted) {}

  const Tensors& inputs() const { return inputs_; }
  const Tensor& x(int i = 0) const { return inputs_[i]; }
  const Tensor& y(int i = 0) const { return outputs_[i]; }
  /// Undefined if nothing depends on output i (never for an op with one output).
  const Tensor& dy(int i = 0) const { return grads_[i]; }
  /// False if nobody asks for the gradient of input i: an op may leave it undefined.
  bool wants(int i) const;

  struct Unary {
    Tensor x, y, dy;
  };
  Unary unary() const { return {x(), y(), dy()}; }
  struct Binary {
    Tensor a, b, y, dy;
  };
  Binary binary() const { return {x(0), x(1), y(), dy()}; }

 private:
  const Tensors& inputs_;
  const Tensors& outputs_;
  const Tensors& grads_;
  const std::vector<bool>& wanted_;
};

/// One use of an op: its inputs, the specs of its outputs, and the name scope in which it was made. Immutable.
class Node : public std::enable_shared_from_this<Node> {
 public:
  Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs);
  /// In the scope of another node.
  Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs, const Node& scope_of);
  /// The op and scope of another node on other inputs, which must give the same specs.
  Node(const Node& like, Tensors inputs);
  Node(const Node&) = delete;
  ~Node();

  const Op& op() const { return *op_; }
  const std::shared_ptr<const Op>& op_ptr() const { return op_; }
  const Tensors& inputs() const { return inputs_; }
  const Specs& outputs() const { return *outputs_; }
  const std::string& scope() const { return *scope_; }  ///< "dense_1", "sequential/dense_1"; may be empty
  std::uint64_t id() const { return id_; }              ///< grows with every node made: inputs have smaller ones

 private:
  friend class NameScope;

  // Rewriting makes nodes anew by the thousand: those share what does not change.
  std::shared_ptr<const Op> op_;
  Tensors inputs_;
  std::shared_ptr<const Specs> outputs_;
  std::shared_ptr<const std::string> scope_;
  std::uint64_t id_;
};

/// Makes a node: infers the output specs, which checks the inputs. The way in which every function of ops/ ends.
Tensors apply(std::shared_ptr<const Op> op, Tensors inputs);
/// The same for an op with one output.
Tensor apply1(std::shared_ptr<const Op> op, Tensors inputs);

/// Nodes made while this lives are named below `name`; scopes nest ("model/dense_1"), per thread.
class NameScope {
 public:
  explicit NameScope(std::string_view name);
  /// The scope of a node, which must outlive this, in place of the current one.
  explicit NameScope(const Node& node);
  ~NameScope();
  NameScope(const NameScope&) = delete;
  NameScope& operator=(const NameScope&) = delete;
  static const std::string& current();

 private:
  using Text = std::shared_ptr<const std::string>;
  Text own_;
  const Text* outer_;
};

/// The ops of this process by name: the sweeps of the tests run over it, and a reader of graphs would look ops up in
/// it.
class OpRegistry {
 public:
  using Factory = std::function<std::unique_ptr<Op>()>;
  /// Throws ValueError if the name is taken.
  void add(Factory factory);
  std::vector<std::string> names() const;
  /// A default-constructed op; throws ValueError with the known names.
  std::unique_ptr<Op> make(std::string_view name) const;
};
OpRegistry& op_registry();

/// Registers ops of the library's or of a user's program: `static const bool registered = register_op<MyOp>();`
template <class... T>
bool register_op() {
  (op_registry().add([] { return std::make_unique<T>(); }), ...);
  return true;
}

}  // namespace cornu::graph

namespace cornu {
using graph::Backward;
using graph::FieldVisitor;
using graph::Kernel;
using graph::Op;
using graph::PlanRequest;
}  // namespace cornu

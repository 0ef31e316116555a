#pragma once

#include <map>
#include <string>
#include <typeindex>
#include <utility>
#include <vector>

#include "cornu/graph/outputs.h"

namespace cornu::keras {
namespace layers {
class Layer;
}

using graph::Array;
using graph::DType;
using graph::Outputs;
using graph::Shape;
using graph::Spec;
using graph::Tensor;
using graph::Tensors;
using graph::Variable;

/// What one traced call of a model carries along: whether it trains, the losses that layers add, the variables they
/// change.
class CORNU_EXPORT Context {
 public:
  explicit Context(bool training = false);
  ~Context();
  Context(const Context&);
  Context& operator=(const Context&);

  bool training() const { return training_; }
  /// While one lives, the context trains or not as it says: for a layer that was called with `training`.
  class Training {
   public:
    Training(Context& context, bool training)
        : context_(context), before_(std::exchange(context.training_, training)) {}
    ~Training() { context_.training_ = before_; }
    Training(const Training&) = delete;
    Training& operator=(const Training&) = delete;

   private:
    Context& context_;
    bool before_;
  };

  /// Whether a layer is trained: as it was when the model was compiled, or as it is now if the context knows nothing of
  /// it.
  bool trainable(const layers::Layer& layer) const;
  /// The layers that are frozen and those that are not, at one time.
  using Trainable = std::map<const layers::Layer*, bool>;
  void set_trainable(const Trainable* trainable) { trainable_ = trainable; }

  /// A scalar that is added to the model's loss (regularizers, a layer's own losses), in float32.
  void add_loss(const Tensor& loss);
  const Tensors& losses() const { return losses_; }
  /// A figure that is logged under that name: the mean over batches of a tensor's mean. The same name again replaces
  /// it.
  void add_metric(const Tensor& value, const std::string& name);
  const std::vector<std::pair<std::string, Tensor>>& metrics() const { return metrics_; }
  /// True the first time it is asked for a variable: a weight is regularized once, however often its layer is used.
  bool first_penalty(const Variable& variable);

  /// A new value for a variable, at the end of the call. Floating values become of the variable's dtype.
  void update(const Variable& variable, const Tensor& value);
  /// The same for a weight that a layer changes before it is used: layers that are called from now on compute with the
  /// new value, and gradients flow through it. A training step differentiates by that value and changes it, as Keras on
  /// TensorFlow does with a variable that `call` assigns to.
  void assign(const Variable& variable, const Tensor& value);
  /// What `assign` has set variables to, in order.
  const std::vector<Outputs::Update>& assigned() const { return assigned_; }
  /// The variable as this call would leave it: its update if there is one, else its present value.
  Tensor value(const Variable& variable) const;
  const std::vector<Outputs::Update>& updates() const { return updates_; }
  /// What was read of a variable, as this call would leave it: layers that are called after a step of an optimizer
  /// compute with the new weights, as in Keras. Any other tensor is given back.
  Tensor latest(const Tensor& read) const;
  /// Which steps of a tensor count: bool, of its first axes; undefined: all. Layers hand masks on from their inputs to
  /// their outputs
  /// (`Layer::compute_mask`); what is masked in a model's output counts neither in the loss nor in metrics. Keras:
  /// `_keras_mask`.
  Tensor mask(const Tensor& of) const;
  /// An undefined mask takes the present one away.
  void set_mask(const Tensor& of, const Tensor& mask) { set_mask(of, mask, of.shape()); }
  /// The same where a layer lays the axes otherwise (Layer::masked_axes).
  void set_mask(const Tensor& of, const Tensor& mask, const graph::Shape& axes);

  /// What a layer was given and gave, and its place in the model, "sequential/dense": kept for those who want to look
  /// at it.
  struct LayerCall {
    const layers::Layer* layer;
    std::string path;
    Tensors inputs, outputs;
  };
  void keep_layer_calls() { keeps_calls_ = true; }
  void note(LayerCall call);
  /// In the order in which they ended: a model's layers before the model.
  const std::vector<LayerCall>& layer_calls() const { return calls_; }

  /// Lends an object of the caller's to the layers of this call, which ask for it by its type: caches of attention.
  /// It must outlive the context.
  template <class T>
  void lend(T& object) {
    lent_[typeid(T)] = &object;
  }
  /// Null if there is none.
  template <class T>
  T* lent() const {
    const auto found = lent_.find(typeid(T));
    return found == lent_.end() ? nullptr : static_cast<T*>(found->second);
  }

  /// Forgets losses, updates, masks and calls (what a pass only for shapes has described).
  void clear();

 private:
  bool training_, keeps_calls_ = false;
  std::vector<LayerCall> calls_;
  const Trainable* trainable_ = nullptr;
  Tensors losses_;
  std::vector<std::pair<std::string, Tensor>> metrics_;
  std::vector<Variable> penalized_;
  std::vector<std::pair<Tensor, Tensor>> masks_;  // few: of the tensors that have one
  const Tensor& updated(std::size_t at) const;
  bool is_assigned(const Tensor& value) const;
  mutable std::vector<Outputs::Update> updates_;  // an update of the same variable replaces the earlier one
  std::vector<Outputs::Update> assigned_;
  std::map<const void*, std::size_t> updated_;  // places in `updates_`, by the variables' ids
  std::map<std::type_index, void*> lent_;
};

}  // namespace cornu::keras

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/export.h"
#include "cornu/graph/tensor.h"
#include "cornu/keras/layers/call_arguments.h"

namespace cornu::keras {

/// What a layer is called with: tensors by position, and perhaps tensors by name (`mask`, `initial_state`) and values
/// (`use_causal_mask`).
///
///     Tensors call_all(const Inputs& x, Context&) override { return {x[0] + x[1]}; }
///     Tensor y = add({a, b}, ctx)[0];
class CORNU_EXPORT Inputs {
 public:
  Inputs();
  Inputs(const Inputs&);
  Inputs(Inputs&&) noexcept;
  Inputs& operator=(const Inputs&);
  Inputs& operator=(Inputs&&) noexcept;
  ~Inputs();
  Inputs(graph::Tensor x);  // NOLINT: one tensor
  Inputs(std::initializer_list<graph::Tensor> tensors);
  Inputs(graph::Tensors tensors);  // NOLINT: several tensors

  /// Adds a tensor by name: `Inputs(x).with("mask", m)`. An undefined tensor is left out.
  Inputs& with(std::string name, graph::Tensor tensor) &;
  Inputs&& with(std::string name, graph::Tensor tensor) &&;
  /// Adds a value, which takes the place of one of that name.
  Inputs& with_value(std::string name, CallValue value) &;
  Inputs&& with_value(std::string name, CallValue value) &&;

  std::size_t size() const { return tensors_.size(); }
  const graph::Tensor& operator[](std::size_t i) const { return tensors_[i]; }
  auto begin() const { return tensors_.begin(); }
  auto end() const { return tensors_.end(); }
  const graph::Tensors& tensors() const { return tensors_; }
  /// The tensor of that name; undefined if there is none.
  graph::Tensor named(std::string_view name) const;
  const std::vector<std::pair<std::string, graph::Tensor>>& all_named() const { return named_; }
  /// All tensors of that name, in the order in which they were given: Keras' lists of masks or of states.
  graph::Tensors list_named(std::string_view name) const;
  /// The value of that name, or another one if there is none. Throws ValueError for one of another type.
  bool flag(std::string_view name, bool otherwise = false) const;
  const CallValues& values() const { return values_; }
  /// The call as specs.
  CallSpecs specs() const;

 private:
  graph::Tensors tensors_;
  std::vector<std::pair<std::string, graph::Tensor>> named_;
  CallValues values_;
};

}  // namespace cornu::keras

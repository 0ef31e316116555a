#pragma once

#include <concepts>
#include <optional>
#include <variant>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// A tensor of a computation or a symbolic one, whichever the layer is called on.
class CORNU_EXPORT EitherTensor {
 public:
  EitherTensor() = default;
  template <class T>
  requires(std::convertible_to<const T&, KerasTensor> && !std::same_as<T, EitherTensor>) EitherTensor(const T& tensor)
      : tensor_(static_cast<KerasTensor>(tensor)) {}  // NOLINT: is one
  template <class T>
  requires(std::convertible_to<const T&, Tensor> && !std::convertible_to<const T&, KerasTensor> &&
           !std::same_as<T, EitherTensor>) EitherTensor(const T& tensor)
      : tensor_(static_cast<Tensor>(tensor)) {}  // NOLINT: is one

  bool defined() const { return !std::holds_alternative<std::monostate>(tensor_); }
  /// Undefined if there is none. Throw ValueError for one of the other kind.
  Tensor tensor() const;
  KerasTensor symbolic() const;

 private:
  std::variant<std::monostate, Tensor, KerasTensor> tensor_;
};

/// What attention is called with beside query and value, by the names that Keras has:
/// .use_causal_mask = true}, ctx)`. Masks are bool, or numbers of which 0 is false.
struct AttentionCall {
  EitherTensor key = {};             ///< the value unless given
  EitherTensor query_mask = {};      ///< (batch, steps); the query's own mask unless given
  EitherTensor value_mask = {};      ///< (batch, source steps); likewise
  EitherTensor key_mask = {};        ///< (batch, source steps); likewise
  EitherTensor attention_mask = {};  ///< broadcasts to (batch, heads, steps, source steps); without heads, to the rest
  bool return_attention_scores = false;         ///< the second output: (batch, heads, steps, source steps)
  std::optional<bool> training = std::nullopt;  ///< of a symbolic call: instead of what the model does
  bool use_causal_mask = false;                 ///< step i reads source steps up to number i
};

}  // namespace cornu::keras::layers

#pragma once

#include <memory>

#include "cornu/keras/models/model.h"

namespace cornu::keras::models {

struct DecoderConfig {
  std::int64_t max_length = 0;  ///< steps that there may be in all; required
};

/// Runs a model of causal attention a few steps at a time, as one generates text: the keys and values of earlier steps
/// are kept (layers::AttentionCaches), so that a step costs that step alone. The outputs are those of the model for all
/// steps so far in one call.
///
///     models::Decoder decode(model, {.max_length = 256});
///     Array logits = decode(prompt);                                      // (batch, steps, …)
///     for (int i = 0; i < 100; ++i) logits = decode(next_token(logits));  // (batch, 1)
///
/// The model has one input, (batch, steps) or (batch, steps, features), and every layer of it computes each step from
/// that step alone, but for attention with `use_causal_mask`; a layer that reads a step's place asks
/// `layers::positions`. One call at a time.
class CORNU_EXPORT Decoder {
 public:
  /// Throws ValueError for a max_length below 1.
  Decoder(const Model& model, const DecoderConfig& config);
  ~Decoder();
  Decoder(Decoder&&) noexcept;

  /// The outputs for further steps. Throws ShapeError for more than `max_length` in all, and for another batch size
  /// than that of the steps before.
  Array operator()(const Array& steps);
  /// How many steps there have been.
  std::int64_t length() const;
  /// As if no step had been; another batch may come.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cornu::keras::models

#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "cornu/keras/context.h"

namespace cornu::keras::layers {

/// Keys and values of the steps that the attention layers of a model have seen, so that each further step costs that
/// step alone: lent to a context (`Context::lend`), they serve every call with `use_causal_mask`. Layers compute with
/// the steps they are given as if those before were there, too. `models::Decoder` does all this for a whole model; in a
/// computation of one's own:
///
///     layers::AttentionCaches caches(256);
///     Function next([&](const Tensor& tokens) {  // (batch, steps)
///       Context ctx;
///       caches.begin(ctx, tokens.shape()[1]);
///       Outputs outputs{model(tokens, ctx)};
///       for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
///       return outputs;
///     });
///
/// One call at a time. What is described with them refers to them: they must outlive it.
class CORNU_EXPORT AttentionCaches {
 public:
  /// For so many steps at most. Throws ValueError for less than one.
  explicit AttentionCaches(std::int64_t max_length);
  ~AttentionCaches();
  AttentionCaches(const AttentionCaches&) = delete;
  AttentionCaches& operator=(const AttentionCaches&) = delete;

  std::int64_t max_length() const { return max_length_; }
  /// How many steps there have been: numbers after a computation, a scalar (int32) within it. Who runs a computation
  /// sees to it that they do not become more than `max_length`.
  std::int64_t length() const;
  Tensor position(const Context& ctx) const;
  /// As if no step had been.
  void reset();

  /// In a computation, before layers are called: lends the caches to the context, in which as many steps come.
  void begin(Context& ctx, std::int64_t steps);

  /// What a layer attends to: keys and values of max_length steps, and which of them each step reads, (steps,
  /// max_length), bool.
  struct Extended {
    Tensor key, value, mask;
  };
  /// For attention layers: takes the keys and values of these steps, (batch, steps, heads, dimension). Throws
  /// ShapeError for another batch size than before, and for other steps than `begin` said.
  Extended extend(const Layer& layer, const Tensor& key, const Tensor& value, std::int64_t sliding_window,
                  Context& ctx);

 private:
  struct Cache {
    Variable key, value;
  };
  std::int64_t max_length_, steps_ = 0;
  Variable position_;
  std::map<const Layer*, std::vector<Cache>> caches_;  // of a layer's calls, in order
  std::map<const Layer*, std::size_t> calls_;          // so far in this computation
};

/// The numbers of a sequence's steps, (steps), int32: from 0, or from where the context's caches are. For what is added
/// or multiplied by a step's place.
CORNU_EXPORT Tensor positions(const Context& ctx, std::int64_t steps);

}  // namespace cornu::keras::layers

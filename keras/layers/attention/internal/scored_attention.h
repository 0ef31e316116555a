#pragma once

#include "cornu/keras/layers/attention/internal/attend.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers::internal {

/// Where scores come from: what differs between Attention and AdditiveAttention.
class ScoreFunction {
 public:
  virtual ~ScoreFunction() = default;
  /// (batch, steps, source steps), of query and key of three axes.
  virtual Tensor scores(const Tensor& query, const Tensor& key) const = 0;
  /// The query whose products with keys are the scores, where they are such; else undefined.
  virtual Tensor multiplied_query(const Tensor&) const { return {}; }
};

const CallSignature& scored_signature();
void check_scored_inputs(const std::string& who, const Shapes& inputs);
/// The outputs of a call. Throws ShapeError and ValueError for one that does not fit.
Specs scored_outputs(const std::string& who, const CallSpecs& call, DType dtype);
/// Attention of {query, value} or {query, value, key}, (batch, …, steps, features); of `attending` dropout and random
/// state count.
Tensors attend_by_scores(const ScoreFunction& function, const Inputs& inputs, const Context& ctx, Attending attending);

/// The base of these layers.
template <class Config>
class ScoredAttention : public Configured<Layer, Config>, public ScoreFunction {
 public:
  explicit ScoredAttention(Config config) : Configured<Layer, Config>(std::move(config)) {
    this->set_supports_masking(true);
    if (this->config_.dropout > 0) this->set_seed(this->config_.seed);
  }

  const CallSignature& call_signature() const override { return scored_signature(); }
  void build_all(const Shapes& inputs) override {
    check_scored_inputs(this->who(), inputs);
    this->build(inputs.front());
  }
  Specs compute_output_specs(const Specs& inputs) override { return outputs_for_call({inputs}); }
  Specs outputs_for_call(const CallSpecs& call) override {
    this->ensure_built_for(call.inputs);
    return scored_outputs(this->who(), call, this->compute_dtype());
  }
  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    scored_outputs(this->who(), inputs.specs(), this->compute_dtype());
    Attending attending{.dropout = ctx.training() ? this->config_.dropout : 0};
    if (attending.dropout > 0) attending.random_state = this->random_state(ctx);
    return attend_by_scores(*this, inputs, ctx, std::move(attending));
  }
  Tensor compute_mask_all(const Inputs&, const Tensors& masks) const override { return masks.front(); }
};

}  // namespace cornu::keras::layers::internal

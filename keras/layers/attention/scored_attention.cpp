#include "cornu/keras/layers/attention/internal/scored_attention.h"

#include <algorithm>

#include "cornu/graph/check.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/dot_product_attention.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::layers::internal {

using graph::require;

namespace {

// (batch, …, steps, features) -> (batch, steps, features): axes between are more of the batch.
Tensor flat(const Tensor& x) {
  const Shape& s = x.shape();
  return s.rank() == 3 ? x : ops::reshape(x, {s.drop_back(2).elements(), s[s.rank() - 2], s.back()});
}

Shape scores_shape(const Shape& query, const Shape& value) { return query.drop_back().append(value[value.rank() - 2]); }

}  // namespace

const CallSignature& scored_signature() {
  static const CallSignature signature{{}, {{"return_attention_scores", false}, {"use_causal_mask", false}}};
  return signature;
}

void check_scored_inputs(const std::string& who, const Shapes& inputs) {
  require<ValueError>(inputs.size() == 2 || inputs.size() == 3, who,
                      "takes a list of query, value and perhaps key, got ", inputs.size(),
                      inputs.size() == 1 ? " input" : " inputs");
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.back();
  const int rank = query.rank();
  require<ShapeError>(rank >= 3 && value.rank() == rank && key.rank() == rank, who,
                      "expected inputs (batch, steps, features) of as many axes, three or more, got shapes ", query,
                      ", ", value, " and ", key);
  const auto fits = [](std::int64_t a, std::int64_t b) { return a == b || a == kUnknown || b == kUnknown; };
  bool batch = fits(value[rank - 2], key[rank - 2]) && fits(query.back(), key.back());
  for (int i = 0; i < rank - 2; ++i) batch = batch && fits(query[i], value[i]) && fits(value[i], key[i]);
  require<ShapeError>(batch, who,
                      "expected query (batch, steps, n), value (batch, source steps, …) and key (batch, source steps, "
                      "n), got shapes ",
                      query, ", ", value, " and ", key);
}

Specs scored_outputs(const std::string& who, const CallSpecs& call, DType dtype) {
  Shapes inputs;
  for (const graph::Spec& input : call.inputs) inputs.push_back(input.shape);
  check_scored_inputs(who, inputs);
  std::size_t masks = 0;
  for (const auto& [name, spec] : call.named) {
    require<ValueError>(name == "mask", who, "takes no tensor '", name, "' in a call");
    require<ValueError>(masks < inputs.size(), who, "takes a mask for each of ", inputs.size(), " inputs");
    require_mask(who, masks == 0 ? "a mask of the query" : "a mask of the value", spec.shape,
                 inputs[masks].drop_back());
    ++masks;
  }
  Specs outputs{{dtype, inputs[0].drop_back().append(inputs[1].back())}};
  for (const auto& [name, value] : call.values)
    if (name == "return_attention_scores" && std::get<bool>(value))
      outputs.push_back({dtype, scores_shape(inputs[0], inputs[1])});
  return outputs;
}

Tensors attend_by_scores(const ScoreFunction& function, const Inputs& inputs, const Context& ctx, Attending attending) {
  const Tensor &query = inputs[0], &value = inputs[1];
  const Tensors given = inputs.list_named("mask");
  // A mask of the first axes, as (batch, steps).
  const auto mask_of = [&](std::size_t i) -> Tensor {
    Tensor mask = given.empty() ? ctx.mask(inputs[i]) : i < given.size() ? truth(given[i]) : Tensor();
    if (!mask.defined()) return {};
    const Shape axes = inputs[i].shape().drop_back();
    while (mask.ndim() < axes.rank()) mask = ops::expand_dims(mask, mask.ndim());
    return ops::reshape(ops::broadcast_to(mask, axes), {axes.drop_back().elements(), axes.back()});
  };
  Tensor query_mask = mask_of(0), value_mask = mask_of(1);

  const Tensor q = flat(query), v = flat(value), k = flat(inputs[inputs.size() - 1]);
  attending.is_causal = inputs.flag("use_causal_mask");
  const bool returns_scores = inputs.flag("return_attention_scores");
  const Tensor multiplied = function.multiplied_query(q);
  Tensor y, kept;
  if (multiplied.defined() && !returns_scores && attending.dropout == 0) {
    const auto one_head = [](const Tensor& x) { return ops::expand_dims(x, 2); };
    const Tensor mask = value_mask.defined() ? ops::expand_dims(value_mask, std::vector<int>{1, 2}) : Tensor();
    y = ops::squeeze(attend(one_head(multiplied), one_head(k), one_head(v), mask, attending).y, 2);
  } else {
    const Tensor all = function.scores(q, k);
    const Tensor mask = both(value_mask.defined() ? ops::expand_dims(value_mask, 1) : Tensor(),
                             ops::attention_band(q.shape()[1], k.shape()[1], attending.is_causal, 0));
    const Weights weights = weigh(all, mask, attending);
    y = ops::matmul(weights.kept, v);
    kept = weights.whole;
  }
  if (query_mask.defined()) y = y * ops::cast(ops::expand_dims(query_mask, 2), y.dtype());
  Tensors outputs{ops::reshape(y, query.shape().drop_back().append(value.shape().back()))};
  if (returns_scores) outputs.push_back(ops::reshape(kept, scores_shape(query.shape(), value.shape())));
  return outputs;
}

}  // namespace cornu::keras::layers::internal

#include "cornu/keras/layers/attention/multi_head_attention.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/attention/attention_caches.h"
#include "cornu/keras/layers/attention/internal/attend.h"
#include "cornu/keras/layers/attention/internal/projection.h"
#include "cornu/keras/layers/internal/weights.h"
#include "cornu/keras/layers/regularization/internal/noise.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::layers {

using graph::require;

/// Which axes of an input are attended along. All others but the last become the batch's, in front.
class MultiHeadAttentionLayer::Axes {
 public:
  Axes(const std::string& who, const std::optional<std::vector<int>>& given, int input_rank) : rank_(input_rank) {
    if (given) {
      for (const int axis : *given) attended_.push_back(axis < 0 ? axis + rank_ : axis);
    } else {
      for (int axis = 1; axis < rank_ - 1; ++axis) attended_.push_back(axis);
    }
    for (std::size_t i = 0; i < attended_.size(); ++i)
      require<ValueError>(attended_[i] >= 1 && attended_[i] < rank_ - 1 &&
                              std::count(attended_.begin(), attended_.end(), attended_[i]) == 1,
                          who, "attention_axes has ", attended_[i], ", expected different axes from 1 to ", rank_ - 2,
                          " of inputs of ", rank_, " axes");
    for (int axis = 0; axis < rank_ - 1; ++axis)
      if (std::find(attended_.begin(), attended_.end(), axis) == attended_.end()) batch_.push_back(axis);
  }

  std::size_t attended() const { return attended_.size(); }
  /// The lengths of an input, or of what has its axes, along the attended axes and along the others.
  Shape steps(const Shape& x) const { return along(x, attended_); }
  Shape batch(const Shape& x) const { return along(x, batch_); }

  /// (batch, …, heads, dimension) -> (batch, steps, heads, dimension).
  Tensor flat(const Tensor& x) const {
    std::vector<int> order = this->order();
    order.push_back(rank_ - 1), order.push_back(rank_);
    const Shape& s = x.shape();
    return ops::reshape(transposed(x, order), {batch(s).elements(), steps(s).elements(), s[rank_ - 1], s[rank_]});
  }
  /// And back, for a query of that shape.
  Tensor unflat(const Tensor& y, const Shape& query) const {
    const std::vector<int> order = this->order();
    std::vector<int> back(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) back[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
    back.push_back(rank_ - 1), back.push_back(rank_);
    Shape shape = batch(query);
    for (const std::int64_t length : steps(query)) shape = shape.append(length);
    return transposed(ops::reshape(y, shape.append(y.shape()[2]).append(y.shape()[3])), back);
  }
  /// A mask of the first axes of an input -> (batch, steps).
  Tensor flat_mask(Tensor mask, const Shape& input) const {
    while (mask.ndim() < rank_ - 1) mask = ops::expand_dims(mask, mask.ndim());
    if (rank_ > 3) mask = ops::broadcast_to(mask, input.drop_back());
    const Tensor ordered = transposed(mask, order());
    return ops::reshape(ordered, {batch(ordered_shape(mask)).elements(), steps(ordered_shape(mask)).elements()});
  }
  /// The shape of scores as Keras has them: (batch, …, heads, steps, …, source steps, …).
  Shape scores(const Shape& query, const Shape& value, std::int64_t heads) const {
    Shape shape = batch(query).append(heads);
    for (const Shape& lengths : {steps(query), steps(value)})
      for (const std::int64_t length : lengths) shape = shape.append(length);
    return shape;
  }
  /// An attention mask, which may lack axes in front of the steps', -> (batch, heads, steps, source steps) or lengths
  /// of 1 there.
  Tensor flat_attention_mask(Tensor mask, const Shape& scores) const {
    const int steps = 2 * static_cast<int>(attended_.size());
    while (mask.ndim() < scores.rank()) mask = ops::expand_dims(mask, std::max(mask.ndim() - steps, 0));
    if (scores.rank() == 4) return mask;
    // Lengths that are multiplied with others must be there.
    Shape full = scores;
    const int heads = scores.rank() - steps - 1;
    if (mask.shape()[heads] == 1) full[heads] = 1;
    mask = ops::broadcast_to(mask, full);
    std::int64_t batch = 1, rows = 1, columns = 1;
    for (int i = 0; i < heads; ++i) batch *= full[i];
    for (int i = heads + 1; i <= heads + steps / 2; ++i) rows *= full[i], columns *= full[i + steps / 2];
    return ops::reshape(mask, {batch, full[heads], rows, columns});
  }

 private:
  static Shape ordered_shape(const Tensor& mask) { return mask.shape().append(1); }
  static Shape along(const Shape& x, const std::vector<int>& axes) {
    Shape lengths;
    for (const int axis : axes) lengths = lengths.append(x[axis]);
    return lengths;
  }
  std::vector<int> order() const {
    std::vector<int> order = batch_;
    order.insert(order.end(), attended_.begin(), attended_.end());
    return order;
  }
  static Tensor transposed(const Tensor& x, const std::vector<int>& order) {
    return std::is_sorted(order.begin(), order.end()) ? x : ops::transpose(x, order);
  }

  int rank_;
  std::vector<int> attended_, batch_;
};

MultiHeadAttentionLayer::MultiHeadAttentionLayer(LayerConfig config) : Layer(std::move(config)) {
  set_supports_masking(true);
}

const CallSignature& MultiHeadAttentionLayer::call_signature() const {
  static const CallSignature signature{{"query", "value", "key"},
                                       {{"return_attention_scores", false}, {"use_causal_mask", false}}};
  return signature;
}

void MultiHeadAttentionLayer::check_arguments() const {
  const Arguments a = arguments();
  internal::require_share(who(), "dropout", a.dropout);
  require<ValueError>(a.sliding_window.value_or(1) >= 1, who(), "expected a sliding_window of at least 1, got ",
                      a.sliding_window.value_or(1));
  require<ValueError>(!a.flash_attention.value_or(false) || a.dropout == 0, who(),
                      "flash_attention takes no dropout, got ", a.dropout);
}

void MultiHeadAttentionLayer::check_inputs(const Shapes& inputs) const {
  require<ValueError>(inputs.size() == 2 || inputs.size() == 3, who(), "takes query, value and perhaps key, got ",
                      inputs.size(), inputs.size() == 1 ? " input" : " inputs");
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.back();
  require<ShapeError>(query.rank() >= 3 && value.rank() == query.rank() && key.rank() == query.rank(), who(),
                      "expected inputs (batch, steps, features) of as many axes, three or more, got shapes ", query,
                      ", ", value, inputs.size() == 3 ? graph::message(" and ", key) : "");
  const Axes axes(who(), arguments().attention_axes, query.rank());
  const auto same = [](const Shape& a, const Shape& b) {
    bool fits = true;
    for (int i = 0; i < a.rank(); ++i) fits = fits && (a[i] == b[i] || a[i] == kUnknown || b[i] == kUnknown);
    return fits;
  };
  require<ShapeError>(same(value.drop_back(), key.drop_back()), who(),
                      "expected value and key of the same lengths but for the last, got shapes ", value, " and ", key);
  require<ShapeError>(same(axes.batch(query), axes.batch(value)), who(),
                      "expected query and value of the same lengths but for the last and those attended along, got "
                      "shapes ",
                      query, " and ", value);
  if (!built()) return;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Shape& expected = input_shapes()[std::min(i, input_shapes().size() - 1)];
    require<ShapeError>(inputs[i].rank() == expected.rank() && inputs[i].back() == expected.back(), who(),
                        "expected a ", call_signature().tensors[i], " of ", expected.rank(),
                        " axes, the last of length ", expected.back(), ", got shape ", inputs[i]);
  }
}

Shared<Layer> MultiHeadAttentionLayer::add_projection(const std::string& name, int free, int bound, const Shape& result,
                                                      const std::string& activation, const Shape& input) {
  std::string from, to, kernel, made;
  char letter = 'a';
  for (int i = 0; i < free; ++i) from += letter, to += letter++;
  for (int i = 0; i < bound; ++i) from += letter, kernel += letter++;
  for (int i = 0; i < result.rank(); ++i) made += letter++;
  EinsumDenseConfig config = projection();
  config.equation = graph::message(from, ',', kernel, made, "->", to, made);
  for (int i = 1; i < free; ++i) config.output_shape = (i == 1 ? Shape() : config.output_shape).append(kUnknown);
  for (const std::int64_t length : result) config.output_shape = config.output_shape.append(length);
  if (arguments().use_bias) config.bias_axes = made;
  if (!activation.empty()) config.activation = activation;
  config.dtype = dtype_policy().name();
  config.name = name;
  // Keras' files name them otherwise than their weights.
  const bool is_private = arguments().private_parts || name == "gate";
  const std::string part = (is_private ? "_" : "") + (name == "attention_output" ? "output" : name) + "_dense";
  Shared<Layer> layer = add_layer(Shared<Layer>(EinsumDense(std::move(config))), part);
  layer->ensure_built(input);
  return layer;
}

void MultiHeadAttentionLayer::build_all(const Shapes& inputs) {
  check_inputs(inputs);
  const Arguments a = arguments();
  const Shape &query = inputs[0], &value = inputs[1], &key = inputs.back();
  const int free = query.rank() - 1;
  parts_.query = add_projection("query", free, 1, {a.query_heads, a.key_dim}, "", query);
  parts_.key = add_projection("key", free, 1, {a.key_heads, a.key_dim}, "", key);
  if (a.use_gate) parts_.gate = add_projection("gate", free, 1, {a.query_heads, a.value_dim}, "sigmoid", query);
  parts_.value = add_projection("value", free, 1, {a.key_heads, a.value_dim}, "", value);
  parts_.attention_output =
      add_projection("attention_output", free, 2, a.output_shape.is_set() ? a.output_shape : Shape{query.back()}, "",
                     query.drop_back().append(a.query_heads).append(a.value_dim));
}

void MultiHeadAttentionLayer::forget() { parts_ = {}; }

Specs MultiHeadAttentionLayer::compute_output_specs(const Specs& inputs) { return outputs_for_call({inputs}); }

Specs MultiHeadAttentionLayer::outputs_for_call(const CallSpecs& call) {
  ensure_built_for(call.inputs);
  Shapes inputs;
  for (const graph::Spec& input : call.inputs) inputs.push_back(input.shape);
  check_inputs(inputs);
  const Arguments a = arguments();
  const Shape &query = inputs[0], &value = inputs[1];
  const Axes axes(who(), a.attention_axes, query.rank());
  const Shape scores = axes.scores(query, value, a.query_heads);
  for (const auto& [name, spec] : call.named) {
    if (name == "query_mask") internal::require_mask(who(), "query_mask", spec.shape, query.drop_back());
    if (name == "value_mask") internal::require_mask(who(), "value_mask", spec.shape, value.drop_back());
    if (name == "key_mask") internal::require_mask(who(), "key_mask", spec.shape, value.drop_back());
    if (name != "attention_mask") continue;
    const bool has_heads = spec.shape.rank() == scores.rank();
    const int heads = scores.rank() - 2 * static_cast<int>(axes.attended()) - 1;
    Shape without_heads;
    for (int i = 0; i < scores.rank(); ++i)
      if (i != heads) without_heads = without_heads.append(scores[i]);
    internal::require_mask(who(), "attention_mask", spec.shape, has_heads ? scores : without_heads);
  }
  Shape y = a.output_shape.is_set() ? query.drop_back() : query;
  if (a.output_shape.is_set())
    for (const std::int64_t length : a.output_shape) y = y.append(length);
  Specs outputs{{compute_dtype(), y}};
  for (const auto& [name, value_given] : call.values) {
    if (name == "use_causal_mask" && std::get<bool>(value_given))
      require<ValueError>(axes.attended() == 1, who(), "use_causal_mask needs one axis to attend along, got ",
                          axes.attended());
    if (name != "return_attention_scores" || !std::get<bool>(value_given)) continue;
    require<ValueError>(!a.flash_attention.value_or(false), who(), "flash_attention keeps no scores to be returned");
    outputs.push_back({compute_dtype(), scores});
  }
  return outputs;
}

Tensors MultiHeadAttentionLayer::call_all(const Inputs& inputs, Context& ctx) {
  outputs_for_call(inputs.specs());  // throws for what does not fit

  const Arguments a = arguments();
  const Tensor &query = inputs[0], &value = inputs[1], &key = inputs[inputs.size() - 1];
  const Axes axes(who(), a.attention_axes, query.ndim());
  const Shape scores_shape = axes.scores(query.shape(), value.shape(), a.query_heads);
  const bool returns_scores = inputs.flag("return_attention_scores");

  // Keras' names for the tensors' masks; the key's counts if there is one.
  const auto mask_of = [&](const char* name, const Tensor& x) -> Tensor {
    const Tensor given = internal::truth(inputs.named(name));
    const Tensor mask = given.defined() ? given : ctx.mask(x);
    return mask.defined() ? axes.flat_mask(mask, x.shape()) : Tensor();
  };
  Tensor mask = internal::truth(inputs.named("attention_mask"));
  if (mask.defined()) mask = axes.flat_attention_mask(mask, scores_shape);
  const auto add_mask = [&](const Tensor& steps, const std::vector<int>& places) {
    if (steps.defined()) mask = internal::both(mask, ops::expand_dims(steps, places));
  };
  add_mask(mask_of("query_mask", query), {1, 3});
  add_mask(mask_of("value_mask", value), {1, 2});
  if (inputs.size() == 3 || inputs.named("key_mask").defined()) add_mask(mask_of("key_mask", key), {1, 2});

  internal::Attending attending{.scale = 1 / std::sqrt(static_cast<double>(a.key_dim)),
                                .dropout = ctx.training() ? a.dropout : 0,
                                .is_causal = inputs.flag("use_causal_mask"),
                                .sliding_window = a.sliding_window.value_or(0),
                                .flash_attention = a.flash_attention};
  attending.keeps_scores = returns_scores || attending.dropout > 0;
  if (attending.dropout > 0 && attending.dropout < 1) attending.random_state = random_state(ctx);
  const Tensor q = axes.flat(parts_.query(query, ctx));
  Tensor k = axes.flat(parts_.key(key, ctx)), v = axes.flat(parts_.value(value, ctx));
  if (auto* caches = ctx.lent<AttentionCaches>(); caches && attending.is_causal) {
    require<ValueError>(!mask.defined(), who(), "takes no masks beside its caches");
    AttentionCaches::Extended all = caches->extend(*this, k, v, attending.sliding_window, ctx);
    k = std::move(all.key), v = std::move(all.value), mask = std::move(all.mask);
    attending.is_causal = false, attending.sliding_window = 0;
  }
  const internal::Attended attended = internal::attend(q, k, v, mask, attending);
  Tensor y = axes.unflat(attended.y, query.shape());
  if (a.use_gate) y = y * parts_.gate(query, ctx);
  Tensors results{parts_.attention_output(y, ctx)};
  if (returns_scores)
    results.push_back(k.shape()[1] == axes.steps(value.shape()).elements()
                          ? ops::reshape(attended.scores, scores_shape)
                          : attended.scores);  // of all steps that caches have room for
  return results;
}

Tensor MultiHeadAttentionLayer::compute_mask_all(const Inputs& inputs, const Tensors& masks) const {
  const Tensor given = internal::truth(inputs.named("query_mask"));
  return given.defined() ? given : masks.front();
}

namespace {

Inputs with(Inputs inputs, const AttentionCall& call) {
  inputs.with("key", call.key.tensor())
      .with("query_mask", call.query_mask.tensor())
      .with("value_mask", call.value_mask.tensor())
      .with("key_mask", call.key_mask.tensor())
      .with("attention_mask", call.attention_mask.tensor());
  if (call.return_attention_scores) inputs.with_value("return_attention_scores", true);
  if (call.use_causal_mask) inputs.with_value("use_causal_mask", true);
  return inputs;
}

}  // namespace

Tensors MultiHeadAttentionLayer::operator()(const Inputs& inputs, const AttentionCall& call, Context& ctx) {
  const Context::Training mode(ctx, call.training.value_or(ctx.training()));
  return (*this)(with(inputs, call), ctx);
}

Tensor MultiHeadAttentionLayer::operator()(const Tensor& query, const Tensor& value, const AttentionCall& call,
                                           Context& ctx) {
  return (*this)(Inputs{query, value}, call, ctx).front();
}

Tensor MultiHeadAttentionLayer::operator()(const Tensor& query, const Tensor& value, Context& ctx) {
  return (*this)(query, value, AttentionCall(), ctx);
}

KerasTensor MultiHeadAttentionLayer::operator()(const KerasTensor& query, const KerasTensor& value,
                                                const AttentionCall& call) {
  CallConfig config{.training = call.training};
  const auto add = [&](const char* name, const EitherTensor& tensor) {
    if (tensor.defined()) config.named.emplace_back(name, tensor.symbolic());
  };
  add("query_mask", call.query_mask);
  add("value_mask", call.value_mask);
  add("key_mask", call.key_mask);
  add("attention_mask", call.attention_mask);
  if (call.return_attention_scores) config.values.emplace_back("return_attention_scores", true);
  if (call.use_causal_mask) config.values.emplace_back("use_causal_mask", true);
  std::vector<KerasTensor> inputs{query, value};
  if (call.key.defined()) inputs.push_back(call.key.symbolic());
  return (*this)(inputs, config);
}

namespace {

struct MultiHeadAttentionOfConfig final : Configured<MultiHeadAttentionLayer, MultiHeadAttentionConfig> {
  explicit MultiHeadAttentionOfConfig(MultiHeadAttentionConfig config) : Configured(std::move(config)) {
    internal::require_positive(who(), "num_heads", config_.num_heads);
    internal::require_positive(who(), "key_dim", config_.key_dim);
    internal::require_positive(who(), "value_dim", *config_.value_dim);
    if (config_.output_shape.is_set())
      for (const std::int64_t length : config_.output_shape)
        internal::require_positive(who(), "length in output_shape", length);
    check_arguments();
    if (config_.dropout > 0) set_seed(config_.seed);
  }

  void build_all(const Shapes& inputs) override {
    Configured::build_all(inputs);
    config_.query_shape = inputs[0], config_.value_shape = inputs[1], config_.key_shape = inputs.back();
  }

  Arguments arguments() const override {
    return completed({.query_heads = config_.num_heads,
                      .key_heads = config_.num_heads,
                      .key_dim = config_.key_dim,
                      .value_dim = *config_.value_dim,
                      .output_shape = config_.output_shape,
                      .attention_axes = config_.attention_axes},
                     config_);
  }
  EinsumDenseConfig projection() const override { return internal::projection_of(config_); }
};

}  // namespace

void MultiHeadAttentionConfig::check() {
  if (!value_dim) value_dim = key_dim;
  if (output_shape.is_set() && output_shape.rank() == 0) output_shape = Shape::unset();
}

void MultiHeadAttentionConfig::fields(ConfigVisitor& v) {
  v("num_heads", num_heads);
  v("key_dim", key_dim);
  v("value_dim", value_dim);
  v("dropout", dropout);
  v("use_bias", use_bias);
  v("output_shape", output_shape);
  v("attention_axes", attention_axes);
  v("sliding_window", sliding_window, {.since_keras3 = true});
  v("flash_attention", flash_attention, {.only_read = true});
  internal::visit_behind_use_bias(*this, v);
  v("use_gate", use_gate, {.since_keras3 = true});
  v("seed", seed, {.since_keras3 = true});
  const auto purpose = v.purpose();
  if (purpose != ConfigVisitor::Purpose::read && purpose != ConfigVisitor::Purpose::write_keras2) return;
  v("query_shape", query_shape, {.only_keras2 = true});
  v("key_shape", key_shape, {.only_keras2 = true});
  v("value_shape", value_shape, {.only_keras2 = true});
}

Made<MultiHeadAttentionLayer, MultiHeadAttentionConfig> MultiHeadAttentionConfig::make() const {
  return std::make_shared<MultiHeadAttentionOfConfig>(*this);
}
[[maybe_unused]] static const bool registered = registry().add<MultiHeadAttentionOfConfig>("MultiHeadAttention");

}  // namespace cornu::keras::layers

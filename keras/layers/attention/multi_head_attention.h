#pragma once

#include "cornu/keras/layers/attention/attention_call.h"
#include "cornu/keras/layers/core/einsum_dense.h"
#include "cornu/keras/layers/weight_arguments.h"

namespace cornu::keras::layers {

/// What is common to MultiHeadAttention and GroupQueryAttention, as layers of one's own keep them:
///
///     Shared<MultiHeadAttentionLayer> attention = add_layer(MultiHeadAttention(2, 16, {.name = "attention"}));
///     Tensor y = attention(x, x, AttentionCall{.use_causal_mask = true}, ctx);
class CORNU_EXPORT MultiHeadAttentionLayer : public Layer {
 public:
  template <class Config>
  using Of = Handle<Configured<MultiHeadAttentionLayer, Config>, Config>;
  template <class Config>
  MultiHeadAttentionLayer(FromConfig, const Config& config) : MultiHeadAttentionLayer(LayerConfig::of(config)) {}

  using Layer::operator();
  /// In a computation: the output; with `return_attention_scores` the scores are left out. Inputs by place take
  /// `call` the same way, and give both.
  Tensor operator()(const Tensor& query, const Tensor& value, const AttentionCall& call, Context& ctx);
  Tensor operator()(const Tensor& query, const Tensor& value, Context& ctx);
  Tensors operator()(const Inputs& inputs, const AttentionCall& call, Context& ctx);
  /// In a graph of layers: the first output, of which `outputs()` has the scores, too.
  KerasTensor operator()(const KerasTensor& query, const KerasTensor& value, const AttentionCall& call = {});

  const CallSignature& call_signature() const override;
  void build_all(const Shapes& inputs) override;
  Tensors call_all(const Inputs& inputs, Context& ctx) override;
  Specs compute_output_specs(const Specs& inputs) override;
  Specs outputs_for_call(const CallSpecs& call) override;
  Tensor compute_mask_all(const Inputs& inputs, const Tensors& masks) const override;

 protected:
  explicit MultiHeadAttentionLayer(LayerConfig config);
  /// What the classes' configs say.
  struct Arguments {
    int query_heads = 0, key_heads = 0, key_dim = 0, value_dim = 0;
    double dropout = 0;
    std::optional<int> sliding_window = std::nullopt;
    std::optional<bool> flash_attention = std::nullopt;
    bool use_bias = true, use_gate = false;
    Shape output_shape = Shape::unset();
    std::optional<std::vector<int>> attention_axes = std::nullopt;
    bool private_parts = false;  ///< Keras 3's files keep the projections by their private names, "_query_dense"
  };
  virtual Arguments arguments() const = 0;
  /// With those that the classes have alike.
  template <class Config>
  static Arguments completed(Arguments own, const Config& c) {
    own.dropout = c.dropout, own.use_bias = c.use_bias, own.use_gate = c.use_gate;
    own.sliding_window = c.sliding_window, own.flash_attention = c.flash_attention;
    return own;
  }
  /// The config that projections have in common.
  virtual EinsumDenseConfig projection() const = 0;
  /// Throws ValueError for arguments that make no layer. In a class' constructor.
  void check_arguments() const;
  void forget() override;

 private:
  struct Parts {
    Shared<Layer> query, key, gate, value, attention_output;
  };
  class Axes;
  void check_inputs(const Shapes& inputs) const;
  Shared<Layer> add_projection(const std::string& name, int free, int bound, const Shape& result,
                               const std::string& activation, const Shape& input);
  Parts parts_;
};

struct MultiHeadAttentionConfig {
  int num_heads = 0;                            ///< required
  int key_dim = 0;                              ///< of each head, for query and key; required
  std::optional<int> value_dim = std::nullopt;  ///< of each head, for the value; key_dim unless given
  double dropout = 0;                           ///< of the scores, while training
  bool use_bias = true;                         ///< of all projections
  Shape output_shape = Shape::unset();          ///< behind the steps; the query's last axis unless set
  std::optional<std::vector<int>> attention_axes = std::nullopt;  ///< all but batch and features unless given
  std::optional<int> sliding_window = std::nullopt;               ///< step i reads source steps nearer to i than that
  std::optional<bool> flash_attention =
      std::nullopt;  ///< true: never keep scores, an error with dropout or their return
  CORNU_ARGUMENTS_BEHIND_USE_BIAS(kernel);
  bool use_gate = false;  ///< multiplies what heads give by sigmoid(a projection of the query)
  std::optional<std::int64_t> seed = std::nullopt;
  // The inputs' shapes, which files of Keras 2 hold of a layer that is built.
  Shape query_shape = Shape::unset(), key_shape = Shape::unset(), value_shape = Shape::unset();
  CORNU_LAYER_ARGUMENTS;
  using positional = Positions<&MultiHeadAttentionConfig::num_heads, &MultiHeadAttentionConfig::key_dim,
                               &MultiHeadAttentionConfig::value_dim>;
  void fields(ConfigVisitor& v);
  Made<MultiHeadAttentionLayer, MultiHeadAttentionConfig> make() const;
  void check();
};

/// Each step of the query gets the values of a source's steps, weighed by how much it attends to their keys, in several
/// heads: query (batch, steps, features), value and key (batch, source steps, features) -> (batch, steps, features or
/// output_shape). Inputs of more axes attend along `attention_axes`, which come in the place of the steps. Sublayers
/// (EinsumDense): query, key, gate if there is one, value, attention_output, each with kernel (features, heads,
/// dimension) and bias (heads, dimension), the last (heads, dimension, …). A call takes what AttentionCall has; masks
/// of the inputs count, and the query's goes on.
///
/// A step that no source step counts for gets the mean of all values, or zeros where scores are returned or dropped
/// out; Keras has both. Throws ValueError for num_heads, key_dim, value_dim or sliding_window below 1, a dropout that
/// is no share, axes that there are not, one or more than three inputs; ShapeError for inputs and masks that do not
/// fit. Keras: `layers.MultiHeadAttention`; Vaswani et al. 2017.
///
///     auto y = MultiHeadAttention(8, 64, {.dropout = 0.1})(x, x, AttentionCall{.use_causal_mask = true});
using MultiHeadAttention = MultiHeadAttentionLayer::Of<MultiHeadAttentionConfig>;

}  // namespace cornu::keras::layers

#pragma once

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

/// A layer without a name gets that of its class, "dense".
CORNU_EXPORT void name_after_class(Layer& layer);

/// The base of layers that apply another one in some way: it keeps the layer that the config has as `Arg<Layer> layer`,
/// and builds it for its own input. Throws ValueError without a layer, at the latest when it is built. Keras:
/// `layers.Wrapper`.
///
///     struct TwiceConfig {
///       Arg<Layer> layer = nullptr;
///       CORNU_LAYER_ARGUMENTS;
///       void fields(ConfigVisitor& v) { v("layer", layer); }
///     };
///     struct Twice : layers::Wrapper<TwiceConfig> {
///       using Wrapper::Wrapper;
///       Tensor call(const Tensor& x, Context& ctx) override { return layer()(layer()(x, ctx), ctx); }
///     };
template <class Config>
class Wrapper : public Configured<Layer, Config> {
 public:
  Wrapper(Config config = {}) : Configured<Layer, Config>(std::move(config)) {  // NOLINT: from a config
    if (layer()) {
      name_after_class(*layer());
      this->add_layer(Shared<Layer>(layer()), "layer");
    }
    this->set_autocast(false);  // the layer casts for itself
    this->set_supports_masking(true);
  }

  const Shared<Layer>& layer() const { return this->config_.layer; }
  void build(const Shape& input) override {
    require_layer();
    layer()->ensure_built(input);
  }

 protected:
  /// In the constructor of a class: while this base is made, nobody knows how the class is called.
  void require_layer() const {
    graph::require<ValueError>(static_cast<bool>(layer()), this->who(), "expected a layer to wrap, got none");
  }
};

}  // namespace cornu::keras::layers

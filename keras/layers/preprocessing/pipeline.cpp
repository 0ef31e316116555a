#include "cornu/keras/layers/preprocessing/pipeline.h"

#include <utility>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/internal/places_in_list.h"

namespace cornu::keras::layers {
namespace {

struct PipelineLayer final : Configured<Layer, PipelineConfig> {
  explicit PipelineLayer(PipelineConfig config) : Configured(std::move(config)) {
    set_autocast(false);
    set_supports_masking(true);
    internal::PlacesInList places("layers");
    for (const auto& layer : config_.layers) {
      graph::require<ValueError>(static_cast<bool>(layer), who(), "expected layers, got an empty one");
      add_layer(Shared<Layer>(layer), places.next(*layer));
    }
  }

  // Keras' class takes its layers and a name, and refuses other arguments in files.
  static void config_fields(PipelineConfig& c, ConfigVisitor& v) {
    v("layers", c.layers);
    v("name", c.name, {.in_front = true});
    v("trainable", c.trainable, {.until_keras3 = true, .in_front = true});
    mixed_precision::policy_field(v, "dtype", c.dtype, {.until_keras3 = true, .in_front = true});
    visit_batch_input_shape(v, c.input_shape, c.batch_size);
  }
  void fields(ConfigVisitor& v) override {
    PipelineConfig c = config_;
    c.name = name(), c.trainable = trainable(), c.dtype = dtype_policy().name();
    config_fields(c, v);
  }

  DType input_dtype(DType data) const override {
    return config_.layers.empty() ? data : config_.layers.front()->input_dtype(data);
  }

  void build_all(const Shapes&) override {}  // each is built when it is called

  Tensors call_all(const Inputs& inputs, Context& ctx) override {
    Tensors x = inputs.tensors();
    for (const auto& layer : config_.layers) x = (*layer)(Inputs(x), ctx);
    return x;
  }

  // The last layer has set it.
  Tensor compute_mask_all(const Inputs&, const Tensors&) const override { return {}; }
};

}  // namespace

void PipelineConfig::fields(ConfigVisitor& v) { v("layers", layers); }

Pipeline::Pipeline(std::initializer_list<Shared<Layer>> layers, PipelineConfig config)
    : Handle([&] {
        config.layers.assign(layers.begin(), layers.end());
        return std::move(config);
      }()) {}

CORNU_LAYER(PipelineConfig, PipelineLayer, "Pipeline", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers

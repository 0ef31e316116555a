#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/keras/literal.h"

// What the families of poolings have in common: a largest number and a mean, each over one, two and three axes.

namespace cornu::keras::layers::internal {

/// The base of a pooling over kAxes axes between the batch's and the channels'. Arguments are checked by the
/// constructor of the class itself, whose name is in the messages.
template <class Config, int kAxes>
class PoolingOver : public Configured<Layer, Config> {
 public:
  using Configured<Layer, Config>::Configured;

  void build(const Shape& input) override { require_axes(this->who(), input, kAxes); }

  Tensor call(const Tensor& x, Context& ctx) override {
    require_axes(this->who(), x.shape(), kAxes);
    return pooled(x, ctx);
  }

 protected:
  virtual Tensor pooled(const Tensor& x, Context& ctx) = 0;
  /// Of an op that takes and gives tensors whose channels lie last.
  template <class Pool, class... A>
  Tensor with_channels_last(Pool pool, const Tensor& x, const A&... arguments) const {
    const std::string& format = this->config_.data_format;
    return channels_as(pool(channels_last(x, format), arguments...), format);
  }
};

/// Whether a family's class of that name takes means.
template <Literal kName>
inline constexpr bool kTakesMean = kName.contains("Average");

/// Registers "GlobalAveragePooling2D" for ("Global", "Average", 2), and Keras' shorter name for it, "GlobalAvgPool2D",
/// which classes that only Keras 3 has are without.
template <class PoolingLayer>
bool add_pooling(const std::string& prefix, const std::string& kind, int axes, const ClassForm& form) {
  const std::string end = std::to_string(axes) + "D", shorter = kind == "Average" ? "Avg" : kind;
  std::vector<std::string> aliases;
  if (!form.since_keras3) aliases.push_back(prefix + shorter + "Pool" + end);
  return registry().add<PoolingLayer>(prefix + kind + "Pooling" + end, std::move(aliases), form);
}

}  // namespace cornu::keras::layers::internal

#define CORNU_INTERNAL_POOLING(LayerOf, prefix, kind, axes, form) \
  internal::add_pooling<LayerOf<prefix kind "Pooling", axes>>(prefix, kind, axes, form)

/// The six classes of a family whose names begin with `prefix`, and the `make` of its config: to stand below the
/// templates of the config and of the layer.
#define CORNU_POOLINGS(Config, LayerOf, prefix, form)                                                    \
  template <Literal kName, int kAxes>                                                                    \
  Made<Layer, Config<kName, kAxes>> Config<kName, kAxes>::make() const {                                 \
    return std::make_shared<LayerOf<kName, kAxes>>(*this);                                               \
  }                                                                                                      \
  template struct Config<prefix "MaxPooling", 1>;                                                        \
  template struct Config<prefix "MaxPooling", 2>;                                                        \
  template struct Config<prefix "MaxPooling", 3>;                                                        \
  template struct Config<prefix "AveragePooling", 1>;                                                    \
  template struct Config<prefix "AveragePooling", 2>;                                                    \
  template struct Config<prefix "AveragePooling", 3>;                                                    \
  static const bool Config##_registered = CORNU_INTERNAL_POOLING(LayerOf, prefix, "Max", 1, form) &&     \
                                          CORNU_INTERNAL_POOLING(LayerOf, prefix, "Max", 2, form) &&     \
                                          CORNU_INTERNAL_POOLING(LayerOf, prefix, "Max", 3, form) &&     \
                                          CORNU_INTERNAL_POOLING(LayerOf, prefix, "Average", 1, form) && \
                                          CORNU_INTERNAL_POOLING(LayerOf, prefix, "Average", 2, form) && \
                                          CORNU_INTERNAL_POOLING(LayerOf, prefix, "Average", 3, form)

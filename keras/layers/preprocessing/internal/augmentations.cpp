#include "cornu/keras/layers/preprocessing/internal/augmentations.h"

#include <algorithm>
#include <functional>

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/internal/own_random_state.h"
#include "cornu/keras/layers/preprocessing/auto_contrast.h"
#include "cornu/keras/layers/preprocessing/equalization.h"
#include "cornu/keras/layers/preprocessing/random_adjustment.h"
#include "cornu/keras/layers/preprocessing/random_affine.h"
#include "cornu/keras/layers/preprocessing/random_color.h"
#include "cornu/keras/layers/preprocessing/random_posterization.h"
#include "cornu/keras/layers/preprocessing/solarization.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/random.h"
#include "cornu/ops/control/switch_case.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::layers::internal {
namespace {

/// The state with a key of its own: by Philox, numbers of different keys have nothing to do with one another.
Tensor stream_of(const Tensor& state, std::int64_t stream) {
  constexpr std::uint64_t kGoldenRatio = 0x9E3779B97F4A7C15;
  const auto key = static_cast<std::int64_t>(kGoldenRatio * static_cast<std::uint64_t>(stream + 1));
  return state + graph::constant(Array{key, std::int64_t{0}});
}

}  // namespace

Tensor call_part(const Shared<Layer>& part, const Tensor& images, const Tensor& state, std::int64_t stream) {
  part->ensure_built_for({{images.dtype(), images.shape()}});
  Context ctx(true);
  const Variable random = own_random_state(*part);
  if (random.defined()) ctx.update(random, stream_of(state, stream));
  return (*part)(images, ctx);
}

std::vector<Shared<Layer>> augmentations(const AugmentationConfig& c, bool all) {
  const double upper = c.factor->back();
  const auto same = [&](auto config) {
    config.data_format = c.data_format, config.dtype = c.dtype;
    if constexpr (requires { config.value_range; }) config.value_range = c.value_range;
    if constexpr (requires { config.interpolation; }) config.interpolation = c.interpolation;
    if constexpr (requires { config.factor = c.factor; }) config.factor = c.factor;
    if constexpr (requires { config.height_factor; }) config.height_factor = config.width_factor = c.factor;
    return config;
  };
  RandomShearConfig shear = same(RandomShearConfig());
  shear.x_factor = shear.y_factor = c.factor;
  RandomPosterizationConfig posterization = same(RandomPosterizationConfig());
  posterization.factor = std::max(1, static_cast<int>(8 * upper));
  SolarizationConfig solarization = same(SolarizationConfig());
  solarization.addition_factor = solarization.threshold_factor = c.factor;
  std::vector<Shared<Layer>> parts{RandomShear(shear),
                                   RandomTranslation(same(RandomTranslationConfig())),
                                   RandomRotation(same(RandomRotationConfig())),
                                   RandomPosterization(posterization),
                                   Solarization(solarization),
                                   AutoContrast(same(AutoContrastConfig())),
                                   Equalization(same(EqualizationConfig()))};
  if (!all) return parts;
  parts.push_back(RandomBrightness(same(RandomColorConfig<"RandomBrightness">())));
  parts.push_back(RandomColorDegeneration(same(RandomAdjustmentConfig<"RandomColorDegeneration">())));
  parts.push_back(RandomContrast(same(RandomColorConfig<"RandomContrast">())));
  parts.push_back(RandomSharpness(same(RandomAdjustmentConfig<"RandomSharpness">())));
  return parts;
}

Tensor call_any(const std::vector<Shared<Layer>>& parts, bool or_nothing, const Tensor& images, const Tensor& state,
                std::int64_t& stream) {
  std::vector<std::function<Tensors(const Tensors&)>> branches;
  const Tensor share = ops::random_uniform(stream_of(state, stream++), {1});
  for (const Shared<Layer>& part : parts)
    branches.emplace_back([&part, &state, number = stream++](const Tensors& x) -> Tensors {
      return {call_part(part, x[0], state, number)};
    });
  if (or_nothing) branches.emplace_back([](const Tensors& x) -> Tensors { return {x[0]}; });
  const Tensor number = ops::cast(share * static_cast<double>(branches.size()), graph::int32);
  return ops::switch_case(number, branches, {images})[0];
}

}  // namespace cornu::keras::layers::internal

#include "cornu/keras/layers/preprocessing/stft_spectrogram.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/epsilon.h"
#include "cornu/keras/initializers/stft.h"
#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/convolution.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

constexpr std::array<std::string_view, 7> kSpectrogramModes{"log", "magnitude", "psd", "real", "imag", "angle", "stft"};

struct STFTSpectrogramLayer final : Configured<Layer, STFTSpectrogramConfig> {
  explicit STFTSpectrogramLayer(STFTSpectrogramConfig config) : Configured(std::move(config)) {
    auto& c = config_;
    require<ValueError>(
        std::find(kSpectrogramModes.begin(), kSpectrogramModes.end(), c.mode) != kSpectrogramModes.end(), who(),
        "expected mode 'log', 'magnitude', 'psd', 'real', 'imag', 'angle' or 'stft', got '", c.mode, "'");
    require<ValueError>(c.frame_length > 1, who(), "expected a frame_length above 1, got ", c.frame_length);
    step_ = c.frame_step.value_or(c.frame_length / 2);
    require<ValueError>(step_ > 0 && step_ <= c.frame_length, who(), "expected a frame_step from 1 to frame_length ",
                        c.frame_length, ", got ", step_);
    int power = 1;
    while (power < c.frame_length) power *= 2;
    fft_length_ = c.fft_length.value_or(power);
    require<ValueError>(fft_length_ >= c.frame_length, who(), "expected an fft_length of at least frame_length ",
                        c.frame_length, ", got ", fft_length_);
    internal::complete_padding(who(), c.padding);
    internal::complete_data_format(who(), c.data_format);
    kernel_of("real").check();
  }

  void build(const Shape& input) override {
    internal::require_axes(who(), input, 1);
    const std::int64_t channels = internal::channels(input, config_.data_format);
    require<ShapeError>(channels != kUnknown, who(), "the number of channels must be known, got shape ", input);
    const Shape shape{config_.frame_length, 1, frequencies()};
    if (config_.mode != "imag") real_ = add_weight({"real_kernel", shape, {}, initializers::STFT(kernel_of("real"))});
    if (config_.mode != "real") imag_ = add_weight({"imag_kernel", shape, {}, initializers::STFT(kernel_of("imag"))});
  }

  Tensor call(const Tensor& given, Context&) override {
    internal::require_axes(who(), given.shape(), 1);
    // Each channel by itself: (batch * channels, samples, 1).
    const bool first = config_.data_format == "channels_first";
    const Tensor rows = first ? given : ops::moveaxis(given, 2, 1);
    const std::int64_t batch = rows.shape()[0], channels = rows.shape()[1];
    const Tensor x = ops::cast(ops::reshape(rows, {batch * channels, rows.shape()[2], 1}), float32);
    const auto side = [&](const Variable& kernel) {
      return ops::conv(x, ops::cast(kernel, float32), {.strides = step_, .padding = config_.padding});
    };
    const Tensor y = ops::cast(in_mode(side), compute_dtype());
    const std::int64_t frames = y.shape()[1], count = y.shape()[2];
    const Tensor apart = ops::reshape(y, {batch, channels, frames, count});
    if (config_.expand_dims) return first ? apart : ops::moveaxis(apart, 1, 3);
    const Tensor joined = ops::reshape(ops::moveaxis(apart, 3, 2), {batch, channels * count, frames});
    return first ? joined : ops::moveaxis(joined, 1, 2);
  }

 private:
  std::int64_t frequencies() const { return fft_length_ / 2 + 1; }
  initializers::StftConfig kernel_of(const char* side) const {
    return {.side = side, .window = config_.window, .scaling = config_.scaling, .periodic = config_.periodic};
  }

  /// (…, frames, frequencies) of both sides, (…, frames, frequencies) each.
  template <class Side>
  Tensor in_mode(const Side& side) const {
    const std::string& mode = config_.mode;
    if (mode == "real") return side(real_);
    if (mode == "imag") return side(imag_);
    const Tensor real = side(real_), imag = side(imag_);
    if (mode == "angle") return ops::arctan2(imag, real);
    if (mode == "stft") return ops::concatenate({real, imag}, 2);
    const Tensor power = ops::square(real) + ops::square(imag);
    // What lies between the ends stands for negative frequencies as well.
    if (mode == "psd") return power + ops::pad(ops::slice(power, 2, 1, frequencies() - 1), 2, 1, 1);
    const Tensor least = graph::constant(kEpsilon, float32), magnitude = ops::sqrt(ops::maximum(power, least));
    return mode == "magnitude" ? magnitude : ops::log(ops::maximum(magnitude, least));
  }

  int step_ = 0, fft_length_ = 0;
  Variable real_, imag_;
};

}  // namespace

void STFTSpectrogramConfig::fields(ConfigVisitor& v) {
  v("mode", mode);
  v("frame_length", frame_length);
  v("frame_step", frame_step);
  v("fft_length", fft_length);
  v("window", window);
  v("periodic", periodic);
  v("scaling", scaling);
  v("padding", padding);
  v("expand_dims", expand_dims);
  v("data_format", data_format);
}

CORNU_LAYER(STFTSpectrogramConfig, STFTSpectrogramLayer, "STFTSpectrogram", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers

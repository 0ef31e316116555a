#include "cornu/keras/layers/preprocessing/mel_spectrogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/elementwise.h"
#include "cornu/ops/composite/pad.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::require;

// In float32, as Keras computes it: at the feet of the triangles one sees the difference.
float mel_of(float hertz) { return 1127.f * std::log(1 + hertz / 700.f); }

struct MelSpectrogramLayer final : Configured<Layer, MelSpectrogramConfig> {
  explicit MelSpectrogramLayer(MelSpectrogramConfig config) : Configured(std::move(config)) {
    auto& c = config_;
    if (!c.sequence_length) c.sequence_length = c.fft_length;
    if (!c.max_freq) c.max_freq = c.sampling_rate / 2;
    for (const auto& [name, number] : {std::pair{"fft_length", c.fft_length},
                                       {"sequence_stride", c.sequence_stride},
                                       {"sequence_length", *c.sequence_length},
                                       {"sampling_rate", c.sampling_rate},
                                       {"num_mel_bins", c.num_mel_bins}})
      require<ValueError>(number > 0, who(), "expected a positive ", name, ", got ", number);
    require<ValueError>(*c.sequence_length <= c.fft_length, who(), "expected a sequence_length of at most fft_length ",
                        c.fft_length, ", got ", *c.sequence_length);
    require<ValueError>(c.window.empty() || c.window == "hann" || c.window == "hamming", who(),
                        "expected window 'hann' or 'hamming', or none, got '", c.window, "'");
    require<ValueError>(c.min_freq >= 0 && *c.max_freq > c.min_freq, who(),
                        "expected a max_freq above min_freq, both of at least 0, got ", *c.max_freq, " and ",
                        c.min_freq);
    require<ValueError>(c.min_power > 0, who(), "expected a positive min_power, got ", c.min_power);
  }

  void build(const Shape& input) override {
    require<ShapeError>(input.rank() == 1 || input.rank() == 2, who(),
                        "expected samples of one axis, or two with a batch, got shape ", input);
  }

  Tensor call(const Tensor& given, Context&) override {
    build(given.shape());
    const Tensor x = ops::cast(given.ndim() == 1 ? ops::expand_dims(given, 0) : given, graph::float32);
    Tensor y = ops::matmul(magnitudes(x), constant(bands()));
    if (config_.power_to_db) y = decibels(y);
    y = ops::cast(ops::moveaxis(y, -1, -2), compute_dtype());
    return given.ndim() == 1 ? ops::squeeze(y, 0) : y;
  }

 private:
  std::int64_t frequencies() const { return config_.fft_length / 2 + 1; }

  /// (batch, frames, frequencies), to the power of mag_exp.
  Tensor magnitudes(const Tensor& x) const {
    const std::int64_t length = config_.fft_length, stride = config_.sequence_stride, half = length / 2;
    const Tensor padded = ops::pad(x, {{0, 0}, {half, half}}, {.mode = "reflect"});
    const std::int64_t frames = (padded.shape()[1] - length) / stride + 1;
    graph::Array places = graph::empty({frames, length}, int32);
    for (std::int64_t i = 0; i < places.size(); ++i)
      places.data<std::int32_t>()[i] = static_cast<std::int32_t>(i / length * stride + i % length);
    const Tensor sides = ops::matmul(ops::take(padded, constant(places), 1), constant(waves()));
    const Tensor real = ops::slice(sides, 2, 0, frequencies()),
                 imag = ops::slice(sides, 2, frequencies(), 2 * frequencies());
    const Tensor power = ops::square(real) + ops::square(imag);
    return config_.mag_exp == 2 ? power : ops::power(ops::sqrt(power), config_.mag_exp);
  }

  /// The cosines, then the sines, of each frequency in the window: (fft_length, 2 frequencies).
  Array waves() const {
    const std::int64_t length = config_.fft_length, inside = *config_.sequence_length, before = (length - inside) / 2;
    // TensorFlow's periodic windows are periodic where their length is even.
    const auto period = static_cast<double>(inside % 2 == 0 ? inside : std::max<std::int64_t>(inside - 1, 1));
    Array matrix = graph::zeros({length, 2 * frequencies()});
    for (std::int64_t t = 0; t < inside; ++t) {
      const double cosine = std::cos(2 * std::numbers::pi * static_cast<double>(t) / period);
      const double weight = config_.window.empty()     ? 1
                            : config_.window == "hann" ? 0.5 - 0.5 * cosine
                                                       : 0.54 - 0.46 * cosine;
      float* row = matrix.data<float>() + (before + t) * 2 * frequencies();
      for (std::int64_t f = 0; f < frequencies(); ++f) {
        const double turns = static_cast<double>((before + t) * f % length) / static_cast<double>(length);
        row[f] = static_cast<float>(weight * std::cos(2 * std::numbers::pi * turns));
        row[frequencies() + f] = static_cast<float>(-weight * std::sin(2 * std::numbers::pi * turns));
      }
    }
    return matrix;
  }

  /// How much of each frequency belongs to each band: triangles on the scale of mels, (frequencies, num_mel_bins).
  Array bands() const {
    const float lowest = mel_of(static_cast<float>(config_.min_freq)),
                highest = mel_of(static_cast<float>(*config_.max_freq)),
                apart = (highest - lowest) / static_cast<float>(config_.num_mel_bins + 1),
                hertz = static_cast<float>(config_.sampling_rate) / 2 / static_cast<float>(frequencies() - 1);
    const auto edge = [&](std::int64_t i) { return lowest + apart * static_cast<float>(i); };
    Array matrix = graph::zeros({frequencies(), config_.num_mel_bins});
    for (std::int64_t f = 1; f < frequencies(); ++f) {
      const float mel = mel_of(hertz * static_cast<float>(f));
      for (std::int64_t bin = 0; bin < config_.num_mel_bins; ++bin) {
        const float up = (mel - edge(bin)) / (edge(bin + 1) - edge(bin)),
                    down = (edge(bin + 2) - mel) / (edge(bin + 2) - edge(bin + 1));
        matrix.data<float>()[f * config_.num_mel_bins + bin] = std::max(0.f, std::min(up, down));
      }
    }
    return matrix;
  }

  Tensor decibels(const Tensor& x) const {
    const double least = config_.min_power, reference = std::max(std::abs(config_.ref_power), least);
    const Tensor y = ops::log10(ops::maximum(x, constant(least, float32))) * 10 - 10 * std::log10(reference);
    return ops::maximum(y, ops::max(y) - config_.top_db);
  }
};

}  // namespace

void MelSpectrogramConfig::fields(ConfigVisitor& v) {
  v("fft_length", fft_length);
  v("sequence_stride", sequence_stride);
  v("sequence_length", sequence_length);
  v("window", window);
  v("sampling_rate", sampling_rate);
  v("num_mel_bins", num_mel_bins);
  v("min_freq", min_freq);
  v("max_freq", max_freq);
  v("power_to_db", power_to_db);
  v("top_db", top_db);
  v("mag_exp", mag_exp);
  v("min_power", min_power);
  v("ref_power", ref_power);
}

CORNU_LAYER(MelSpectrogramConfig, MelSpectrogramLayer, "MelSpectrogram", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers

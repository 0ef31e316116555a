#include "cornu/keras/layers/preprocessing/hashing.h"

#include "cornu/graph/leaf.h"
#include "cornu/keras/layers/preprocessing/internal/bins_layer.h"
#include "cornu/keras/layers/preprocessing/internal/index_lookup.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/hash_bucket.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/reduction.h"

namespace cornu::keras::layers {
namespace {

using graph::constant;
using graph::int64;
using graph::require;

class HashingLayer final : public internal::BinsLayer<HashingConfig> {
 public:
  explicit HashingLayer(HashingConfig config) : BinsLayer(std::move(config)) {
    check_arguments({"int", "one_hot", "multi_hot", "count"});
    salt_ = internal::salt_of(who(), config_.salt);
    set_autocast(false);  // bfloat16 does not hold every number
    if (config_.salt) config_.salt = std::vector<int>{config_.salt->front(), config_.salt->back()};  // as Keras
  }

  Tensor call(const Tensor& given, Context&) override {
    const bool texts = given.dtype() == graph::uint8;
    const auto& [number, text] = config_.mask_value;
    require<ValueError>(texts ? !number : text.empty(), who(), "expected a mask_value that is ",
                        texts ? "a text, as the input is, got a number" : "a number, as the input is, got a text");
    require<ValueError>(!texts || given.ndim() > 0, who(), "expected texts with an axis of bytes, got a number");
    const Tensor x = texts ? given : ops::cast(given, int64);
    const bool masks = (number || !text.empty()) && config_.num_bins > 1;
    const Tensor bins = ops::hash_bucket(
        x, {.num_buckets = masks ? config_.num_bins - 1 : config_.num_bins, .salt = salt_, .texts = texts});
    if (!masks) return encoded_bins(bins);
    const Tensor masked = texts ? is_text(x, text.front()) : is_number(given, *number);
    return encoded_bins(ops::where(masked, constant(0, int64), bins + constant(1, int64)));
  }

 private:
  // Fractions are cut off for their bin, but not here, as in Keras.
  static Tensor is_number(const Tensor& x, std::int64_t number) {
    if (graph::is_floating(x.dtype())) return ops::equal(x, constant(static_cast<double>(number), x.dtype()));
    return ops::equal(ops::cast(x, int64), constant(Array::scalar(number)));
  }
  static Tensor is_text(const Tensor& x, const std::string& text) {
    Array bytes = graph::zeros({x.shape().back()}, graph::uint8);
    const bool fits = static_cast<std::int64_t>(text.size()) <= bytes.size();
    if (fits) std::copy(text.begin(), text.end(), bytes.data<std::uint8_t>());
    const Tensor same = ops::cast(ops::equal(x, constant(bytes)), graph::float32);
    return ops::greater(ops::min(same, -1), constant(fits ? 0.5 : 2, graph::float32));
  }

  std::vector<std::int64_t> salt_;
};

}  // namespace

void HashingConfig::fields(ConfigVisitor& v) {
  v("num_bins", num_bins);
  auto& [number, text] = mask_value;
  const auto visit_text = [&] {
    v("mask_value", static_cast<std::vector<std::string>&>(text), {.number_if_one = true});
  };
  if (v.purpose() == ConfigVisitor::Purpose::read) {
    try {
      v("mask_value", number);
    } catch (const graph::FormatError&) {
      visit_text();
    }
  } else if (text.empty()) {
    v("mask_value", number);
  } else {
    visit_text();
  }
  v("salt", salt);
  v("output_mode", output_mode);
  v("sparse", sparse);
  if (v.purpose() == ConfigVisitor::Purpose::read) sparse = false;
}

CORNU_LAYER(HashingConfig, HashingLayer, "Hashing");

}  // namespace cornu::keras::layers

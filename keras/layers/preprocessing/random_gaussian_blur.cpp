#include "cornu/keras/layers/preprocessing/random_gaussian_blur.h"

#include "cornu/graph/check.h"
#include "cornu/keras/field_value.h"
#include "cornu/keras/layers/preprocessing/internal/image_layer.h"
#include "cornu/ops/image/gaussian_blur.h"
#include "cornu/ops/native/select.h"

namespace cornu::keras::layers {
namespace {

struct RandomGaussianBlurLayer final : internal::ImageLayer<RandomGaussianBlurConfig> {
  explicit RandomGaussianBlurLayer(RandomGaussianBlurConfig config) : ImageLayer(std::move(config)) {
    complete();
    probability_ = internal::complete_bounds(who(), "factor", config_.factor, 0, 1);
    sigma_ = internal::complete_bounds(who(), "sigma", config_.sigma, 0, 1);
    internal::complete_axes(who(), "kernel_size", config_.kernel_size, 2);
    for (const int size : config_.kernel_size)
      graph::require<ValueError>(size % 2 == 1, who(), "expected a kernel_size of odd numbers, got ",
                                 config_.kernel_size);
    internal::require_value_range(who(), config_.value_range);
  }

 protected:
  Tensor changed(const Tensor& images, Context& ctx) override {
    const Tensor x = as_floats(images);
    if (!ctx.training()) return x;
    const Tensor blurred = chosen(x, probability_, ctx);
    const Tensor sigma = internal::uniform(random_state(ctx), {2}, sigma_) + 1e-6;
    const Tensor y =
        ops::image::gaussian_blur(x, {config_.kernel_size[0], config_.kernel_size[1]}, sigma, config_.data_format);
    return in_value_range(ops::where(blurred, y, x));
  }

 private:
  internal::Bounds probability_, sigma_;
};

}  // namespace

void RandomGaussianBlurConfig::fields(ConfigVisitor& v) {
  v.visit({"factor"}, &factor);
  v("kernel_size", kernel_size);
  v.visit({"sigma"}, &sigma);
  v("value_range", value_range);
  internal::visit_format_and_seed(v, *this);
}

CORNU_LAYER(RandomGaussianBlurConfig, RandomGaussianBlurLayer, "RandomGaussianBlur", {}, {.since_keras3 = true});

}  // namespace cornu::keras::layers

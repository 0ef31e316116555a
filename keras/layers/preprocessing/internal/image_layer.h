#pragma once

#include <string>
#include <utility>

#include "cornu/keras/layers/internal/spatial.h"
#include "cornu/keras/layers/layer.h"
#include "cornu/keras/range.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

// What layers on pictures have in common.

namespace cornu::keras::layers::internal {

/// Visits the data format, which these layers have since Keras 3: files of Keras 2 hold none. A file's form of bounding
/// boxes is passed over: only pictures are changed here.
void visit_data_format(ConfigVisitor& v, std::string& data_format);
/// Visits the height and width that pictures are to have.
template <class Config>
void visit_size(ConfigVisitor& v, Config& c) {
  v("height", c.height), v("width", c.width);
}
/// Visits what ends the config of a layer that draws random numbers.
template <class Config>
void visit_random(ConfigVisitor& v, Config& c) {
  v("seed", c.seed);
  visit_data_format(v, c.data_format);
}

/// The same where the seed comes last.
template <class Config>
void visit_format_and_seed(ConfigVisitor& v, Config& c) {
  visit_data_format(v, c.data_format);
  v("seed", c.seed);
}

/// Throws ShapeError unless these are pictures, or a single one.
void require_pictures(const std::string& who, const Shape& input);

/// Of the tensors by position.
Shapes shapes_of(const Inputs& inputs);
/// Throws ValueError unless there is one input, the pictures, or `all` of them, which `inputs` names.
void require_one_or(const std::string& who, std::size_t count, std::size_t all, const char* inputs);

/// Throws ValueError unless the size that pictures are to have is positive.
void require_size(const std::string& who, int height, int width);

/// Between which numbers random ones lie.
struct Bounds {
  double lower = 0, upper = 0;
};

/// What a factor of one or two numbers means: one number f stands for -f (or `low`, if that is larger) to f; two stand
/// in any order. Throws ValueError, naming the layer and argument, for another count and for numbers beyond [low,
/// high]; with `overlapping` two numbers need only have a part in common with that, as in some of Keras' layers.
Bounds bounds_of(const std::string& who, const char* argument, const Range& given, double low, double high,
                 bool overlapping = false);

/// The same, after which the argument holds both numbers, as Keras' files do.
Bounds complete_bounds(const std::string& who, const char* argument, Range& given, double low, double high,
                       bool overlapping = true);

/// Throws ValueError unless these are two numbers.
void require_value_range(const std::string& who, const std::vector<double>& value_range);
/// The same, after which the lower one comes first.
void sort_value_range(const std::string& who, std::vector<double>& value_range);

/// Floats of one range as those of another.
Tensor changed_range(const Tensor& x, const std::vector<double>& from, const std::vector<double>& to);

/// Evenly distributed numbers, by a layer's random state.
Tensor uniform(const Tensor& state, const Shape& shape, const Bounds& bounds);

/// Which places of an axis of pictures, of that length, lie in a part of it: bool, of four axes. For each picture it is
/// `share` of the length long and lies at `place` of where it can begin, from 0 to 1; both (batch, 1, 1, 1).
Tensor within_random_part(std::int64_t length, int axis, const Tensor& share, const Tensor& place);

/// A layer that makes pictures of pictures, (batch, height, width, channels) or, by its data_format, (batch, channels,
/// height, width), or of a single one without the batch. Random layers change pictures in
/// training alone.
template <class Config>
class ImageLayer : public Configured<Layer, Config> {
 public:
  explicit ImageLayer(Config config) : Configured<Layer, Config>(std::move(config)) {
    if constexpr (requires { this->config_.seed; }) this->set_seed(this->config_.seed);
  }
  void build(const Shape& input) override { require_pictures(this->who(), input); }
  Tensor call(const Tensor& x, Context& ctx) override {
    require_pictures(this->who(), x.shape());
    return x.ndim() == 4 ? changed(x, ctx) : ops::squeeze(changed(ops::expand_dims(x, 0), ctx), 0);
  }

 protected:
  /// Checks what these layers have in common. For the constructor of a class, whose name stands in the errors.
  void complete() {
    complete_data_format(this->who(), this->config_.data_format);
    if constexpr (requires { this->config_.height; })
      require_size(this->who(), this->config_.height, this->config_.width);
  }
  /// The layer's work on a batch.
  virtual Tensor changed(const Tensor& images, Context& ctx) = 0;

  /// A random number for each picture of a batch.
  Tensor random(const Tensor& images, const Bounds& bounds, Context& ctx) {
    return uniform(this->random_state(ctx), {images.shape()[0], 1, 1, 1}, bounds);
  }
  /// Whether a picture is changed at all, which is as probable as a random number says: bool, for each picture.
  Tensor chosen(const Tensor& images, const Bounds& probability, Context& ctx) {
    const Tensor share = random(images, probability, ctx);
    return ops::less(random(images, {0, 1}, ctx), share);
  }
  Tensor in_value_range(const Tensor& x) const {
    return ops::clip(x, this->config_.value_range[0], this->config_.value_range[1]);
  }
  Tensor as_floats(const Tensor& images) const { return ops::cast(images, this->compute_dtype()); }
  bool channels_first() const { return this->config_.data_format == "channels_first"; }
  /// Axes of a batch.
  int height_axis() const { return channels_first() ? 2 : 1; }
  int width_axis() const { return height_axis() + 1; }
  int channel_axis() const { return channels_first() ? 1 : 3; }
  std::int64_t height(const Tensor& images) const { return images.shape()[height_axis()]; }
  std::int64_t width(const Tensor& images) const { return images.shape()[width_axis()]; }
};

/// The shape of pictures, or of a single one, that get another size.
Shape resized_shape(const Shape& input, const std::string& data_format, std::int64_t height, std::int64_t width);

}  // namespace cornu::keras::layers::internal

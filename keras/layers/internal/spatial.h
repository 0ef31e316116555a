#pragma once

#include <string>

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/margins.h"
#include "cornu/ops/per_axis.h"

// What layers over one to three spatial axes have in common.

namespace cornu::keras::layers::internal {

/// A number for each axis, at least 1: one that stands for all is spread. Throws ValueError naming the layer and
/// argument.
void complete_axes(const std::string& who, const char* argument, ops::PerAxis& given, int axes);

/// Two numbers for each of several axes, of at least 0: what is said once for all is spread. Throws ValueError naming
/// the layer and argument.
void complete_margins(const std::string& who, const char* argument, Margins& given, int axes);
/// The same for a single axis, whose two numbers may stand by themselves.
void complete_margins(const std::string& who, const char* argument, ops::PerAxis& given, int axes);
/// Before and behind one of the axes.
inline const std::vector<int>& margin_of(const Margins& margins, int axis) { return margins[axis]; }
inline const std::vector<int>& margin_of(const ops::PerAxis& margins, int) { return margins; }

/// Empty becomes "channels_last"; as in Keras, capitals become small letters. Throws ValueError for another word than
/// that and "channels_first".
void complete_data_format(const std::string& who, std::string& format);
/// The same for a padding, "valid", "same" or, for layers that know it, "causal".
void complete_padding(const std::string& who, std::string& padding, bool causal = false);

/// The channels of a tensor moved to the end, or back from there; the tensor itself where they lie last.
Tensor channels_last(const Tensor& x, const std::string& format);
Tensor channels_as(const Tensor& y, const std::string& format);
/// Their number.
std::int64_t channels(const Shape& x, const std::string& format);

/// Throws ShapeError unless the input has a batch axis, so many others and channels.
void require_axes(const std::string& who, const Shape& input, int axes);

/// A layer that treats each of the spatial axes by itself.
template <class Config, int kAxes>
class AxisByAxis : public Configured<Layer, Config> {
 public:
  using Configured<Layer, Config>::Configured;
  void build(const Shape& input) override { require_axes(this->who(), input, kAxes); }
  Tensor call(const Tensor& x, Context&) override {
    require_axes(this->who(), x.shape(), kAxes);
    Tensor y = x;
    for (int number = 0; number < kAxes; ++number) y = along(y, first_axis_ + number, number);
    return y;
  }

 protected:
  /// Checks the data format, if there is one. For the constructor of a class, whose name stands in the errors.
  void complete() {
    if constexpr (requires { this->config_.data_format; }) {
      complete_data_format(this->who(), this->config_.data_format);
      first_axis_ = this->config_.data_format == "channels_first" ? 2 : 1;
    }
  }
  /// The layer's work along an axis of x, of which it is the spatial one of that number.
  virtual Tensor along(const Tensor& x, int axis, int number) const = 0;

 private:
  int first_axis_ = 1;
};

}  // namespace cornu::keras::layers::internal

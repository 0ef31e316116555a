#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "cornu/graph/array/shape.h"
#include "cornu/ops/internal/windows.h"
#include "cornu/ops/onednn/describe.h"

namespace cornu::ops::internal {

/// One convolution as oneDNN describes it: channels and filters come first in its dimensions, wherever they lie. `rows`
/// are images of the batch.
class ConvolutionGeometry {
 public:
  using MemoryDesc = onednn::MemoryDesc;

  /// Of (batch, …, channels), (…, channels / groups, filters) and (batch, …, filters). `op` names it in errors.
  /// All are of one dtype; `result` is that of what is computed.
  ConvolutionGeometry(std::string_view op, const Windows& windows, const graph::Shape& x, const graph::Shape& kernel,
                      const graph::Shape& y, graph::DType dtype, graph::DType result);

  /// Rows of the batch, with channels last.
  static MemoryDesc data(const graph::Shape& shape, std::int64_t rows, graph::DType dtype);
  MemoryDesc bias() const { return MemoryDesc(graph::Shape{filters_}, dtype_); }
  /// As a kernel lies in a variable: (…, channels, filters).
  MemoryDesc plain_kernel() const;
  /// As a primitive likes it.
  MemoryDesc any_kernel() const { return MemoryDesc::any(kernel_dims(), dtype_); }
  MemoryDesc any_kernel_gradient() const { return MemoryDesc::any(kernel_dims(), result_); }

  onednn::PrimitiveDesc forward(const MemoryDesc& kernel, std::int64_t rows,
                                dnnl_prop_kind_t kind = dnnl_forward_inference, const MemoryDesc* bias = nullptr,
                                const std::optional<onednn::Eltwise>& activation = std::nullopt) const;
  onednn::PrimitiveDesc backward_data(const MemoryDesc& kernel, std::int64_t rows) const;
  onednn::PrimitiveDesc backward_weights(const MemoryDesc& kernel, std::int64_t rows) const;

  /// What the output's rows [begin, end) of the first spatial axis are a convolution of: rows of x, from `x_begin` on.
  /// Nothing if that is no part of x at all.
  struct Slab {
    std::int64_t x_begin, x_length, low, high;
  };
  std::optional<Slab> slab(std::int64_t begin, std::int64_t end) const;
  /// That convolution.
  ConvolutionGeometry of(const Slab& slab, std::int64_t length) const;

  std::string_view op() const { return op_; }
  std::int64_t images() const { return x_shape_.front(); }
  std::int64_t flops() const { return flops_; }
  graph::DType dtype() const { return dtype_; }
  graph::DType result() const { return result_; }
  const graph::Shape& x_shape() const { return x_shape_; }
  const graph::Shape& y_shape() const { return y_shape_; }

 private:
  graph::Shape kernel_dims() const;
  void become_plane();

  std::string_view op_;
  Windows windows_;
  graph::Shape x_shape_, kernel_shape_, y_shape_;
  graph::DType dtype_, result_;
  std::vector<std::int64_t> dilates_;
  std::int64_t groups_, per_group_, filters_, flops_;
};

}  // namespace cornu::ops::internal

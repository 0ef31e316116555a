#include "cornu/ops/native/slice.h"

#include "cornu/graph/op.h"
#include "cornu/ops/bfloat16.h"
#include "cornu/ops/internal/adds_up.h"
#include "cornu/ops/internal/axis.h"
#include "cornu/ops/internal/copy.h"
#include "cornu/ops/internal/section.h"

namespace cornu::ops {
namespace {

using graph::require;
using internal::Fold;

// A run of bytes for each of `outer` positions, `stride` bytes apart.
struct Runs {
  std::size_t offset = 0, stride = 0;
};

// Copies `bytes` for each outer position from one array into another.
void copy_runs(const graph::Call& c, std::int64_t outer, std::size_t bytes, const void* x, Runs from, void* y,
               Runs to) {
  const auto* source = static_cast<const char*>(x);
  auto* target = static_cast<char*>(y);
  c.share(outer, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o)
      internal::copy_bytes(target + static_cast<std::size_t>(o) * to.stride + to.offset,
                           source + static_cast<std::size_t>(o) * from.stride + from.offset, bytes);
  });
}

struct Slice final : Op, TakesBFloat16, internal::AddsUpBefore, internal::TakesSection {
  int axis = 0;
  std::int64_t start = 0, stop = 0;
  std::string_view name() const override { return "slice"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("start", start);
    f("stop", stop);
  }
  Specs infer(const Specs& in) const override {
    const int at = internal::normalize(name(), axis, in[0].shape);
    require<ShapeError>(start >= 0 && start <= stop && stop <= in[0].shape[at], "slice: [", start, ", ", stop,
                        ") is out of bounds for axis ", axis, " of shape ", in[0].shape);
    return {{in[0].dtype, in[0].shape.with(at, stop - start)}};
  }
  Tensors gradient(const Backward& b) const override { return {pad(b.dy(), axis, start, b.x().shape()[axis] - stop)}; }
  internal::Section section_of(const Shape& x) const override {
    const Fold from(x, axis);
    return {from.outer, (stop - start) * from.inner, from.length * from.inner, start * from.inner};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold from(r.in[0].shape, axis), to(r.out[0].shape, axis);
    const std::size_t unit = static_cast<std::size_t>(from.inner) * graph::size_of(r.in[0].dtype);
    const std::size_t bytes = static_cast<std::size_t>(to.length) * unit;
    const Runs source{static_cast<std::size_t>(start) * unit, static_cast<std::size_t>(from.length) * unit},
        target{0, bytes};
    return Kernel::native(r.parts(from.outer * static_cast<std::int64_t>(bytes / 4)),
                          [=, outer = from.outer](const graph::Call& c) {
                            copy_runs(c, outer, bytes, c.src[0], source, c.dst[0], target);
                          });
  }
};
const bool slice_registered = graph::register_op<Slice>();

struct Pad final : Op, TakesBFloat16, internal::AddsUpBefore {
  int axis = 0;
  std::int64_t before = 0, after = 0;
  std::string_view name() const override { return "pad"; }
  void fields(FieldVisitor& f) const override {
    f("axis", axis);
    f("before", before);
    f("after", after);
  }
  Specs infer(const Specs& in) const override {
    const int at = internal::normalize(name(), axis, in[0].shape);
    require<ShapeError>(before >= 0 && after >= 0, "pad: expected non-negative lengths, got ", before, " and ", after);
    return {{in[0].dtype, in[0].shape.with(at, before + in[0].shape[at] + after)}};
  }
  Tensors gradient(const Backward& b) const override {
    return {slice(b.dy(), axis, before, before + b.x().shape()[axis])};
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold from(r.in[0].shape, axis), to(r.out[0].shape, axis);
    const std::size_t unit = static_cast<std::size_t>(from.inner) * graph::size_of(r.in[0].dtype);
    const std::size_t front = static_cast<std::size_t>(before) * unit,
                      middle = static_cast<std::size_t>(from.length) * unit;
    const std::size_t whole = static_cast<std::size_t>(to.length) * unit, back = whole - front - middle;
    return Kernel::native(
        r.parts(from.outer * static_cast<std::int64_t>(whole / 4)), [=, outer = from.outer](const graph::Call& c) {
          c.share(outer, [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t o = begin; o < end; ++o) {
              char* y = c.out<char>() + static_cast<std::size_t>(o) * whole;
              if (front) std::memset(y, 0, front);
              internal::copy_bytes(y + front, c.in<char>() + static_cast<std::size_t>(o) * middle, middle);
              if (back) std::memset(y + front + middle, 0, back);
            }
          });
        });
  }
};
const bool pad_registered = graph::register_op<Pad>();

struct Concatenate final : Op, TakesBFloat16, internal::AddsUpBefore, internal::JoinsSections {
  int axis = 0;
  std::string_view name() const override { return "concatenate"; }
  void fields(FieldVisitor& f) const override { f("axis", axis); }
  Specs infer(const Specs& in) const override {
    const int at = internal::normalize(name(), axis, in[0].shape);
    Spec out = in[0];
    for (std::size_t i = 1; i < in.size(); ++i) {
      require<TypeError>(in[i].dtype == out.dtype, "concatenate: expected tensors of one dtype, got ", in[0], " and ",
                         in[i]);
      bool agree = in[i].shape.rank() == out.shape.rank();
      for (int k = 0; agree && k < out.shape.rank(); ++k) agree = k == at || in[i].shape[k] == out.shape[k];
      require<ShapeError>(agree, "concatenate: expected shapes that agree but for axis ", axis, ", got ", in[0].shape,
                          " and ", in[i].shape);
      out.shape[at] += in[i].shape[at];
    }
    return {out};
  }
  Tensors gradient(const Backward& b) const override {
    Tensors parts;
    std::int64_t start = 0;
    for (std::size_t i = 0; i < b.inputs().size(); ++i) {
      const std::int64_t stop = start + b.x(static_cast<int>(i)).shape()[axis];
      parts.push_back(b.wants(static_cast<int>(i)) ? slice(b.dy(), axis, start, stop) : Tensor());
      start = stop;
    }
    return parts;
  }
  std::vector<internal::Section> sections_of(const std::vector<Shape>& parts) const override {
    std::vector<internal::Section> sections;
    std::int64_t stride = 0;
    for (const Shape& part : parts) {
      const Fold from(part, axis);
      sections.push_back({from.outer, from.length * from.inner, 0, stride});
      stride += from.length * from.inner;
    }
    for (internal::Section& section : sections) section.stride = stride;
    return sections;
  }
  Kernel plan(const PlanRequest& r) const override {
    const Fold to(r.out[0].shape, axis);
    const std::size_t unit = static_cast<std::size_t>(to.inner) * graph::size_of(r.out[0].dtype);
    std::vector<std::size_t> bytes;
    for (const Spec& in : r.in) bytes.push_back(static_cast<std::size_t>(in.shape[axis]) * unit);
    const std::size_t whole = static_cast<std::size_t>(to.length) * unit;
    return Kernel::native(r.parts(to.outer * static_cast<std::int64_t>(whole / 4)),
                          [bytes, whole, outer = to.outer](const graph::Call& c) {
                            std::size_t offset = 0;
                            for (std::size_t i = 0; i < bytes.size(); offset += bytes[i++])
                              copy_runs(c, outer, bytes[i], c.src[i], {0, bytes[i]}, c.dst[0], {offset, whole});
                          });
  }
};
const bool concatenate_registered = graph::register_op<Concatenate>();

}  // namespace

Tensor slice(const Tensor& x, int axis, std::int64_t start, std::int64_t stop) {
  auto op = std::make_shared<Slice>();
  op->axis = internal::normalize("slice", axis, x.shape());
  op->start = start;
  op->stop = stop;
  if (start == 0 && stop == x.shape()[op->axis]) return x;
  return graph::apply1(std::move(op), {x});
}

Tensor slice(const Tensor& x, const std::vector<std::int64_t>& start_indices, const Shape& shape) {
  const int rank = x.ndim();
  require<ShapeError>(static_cast<int>(start_indices.size()) == rank && shape.rank() == rank, "slice: expected ", rank,
                      " start_indices and lengths for shape ", x.shape(), ", got ", start_indices.size(), " and ",
                      shape.rank());
  Tensor y = x;
  for (int axis = 0; axis < rank; ++axis) {
    const std::int64_t start = start_indices[static_cast<std::size_t>(axis)];
    y = slice(y, axis, start, shape[axis] == -1 ? x.shape()[axis] : start + shape[axis]);
  }
  return y;
}

Tensors split(const Tensor& x, const IndicesOrSections& indices_or_sections, int axis) {
  axis = internal::normalize("split", axis, x.shape());
  const std::int64_t length = x.shape()[axis], n = indices_or_sections.sections;
  std::vector<std::int64_t> stops = indices_or_sections.indices;
  if (n != -1) {
    require<ShapeError>(n > 0 && length % n == 0, "split: axis ", axis, " of shape ", x.shape(),
                        " cannot be divided into ", n, " equal parts");
    for (std::int64_t i = 1; i < n; ++i) stops.push_back(i * (length / n));
  }
  stops.push_back(length);
  Tensors parts;
  std::int64_t start = 0;
  for (std::int64_t stop : stops) {
    if (stop < 0) stop += length;
    require<ShapeError>(stop >= start && stop <= length, "split: expected ascending indices within axis ", axis,
                        " of shape ", x.shape(), ", got ", stop, " behind ", start);
    parts.push_back(slice(x, axis, start, stop));
    start = stop;
  }
  return parts;
}

Tensor pad(const Tensor& x, int axis, std::int64_t before, std::int64_t after) {
  auto op = std::make_shared<Pad>();
  op->axis = internal::normalize("pad", axis, x.shape());
  op->before = before;
  op->after = after;
  if (before == 0 && after == 0) return x;
  return graph::apply1(std::move(op), {x});
}

Tensor concatenate(const Tensors& xs, int axis) {
  require<ValueError>(!xs.empty(), "concatenate: expected at least one tensor, got none");
  auto op = std::make_shared<Concatenate>();
  op->axis = internal::normalize("concatenate", axis, xs[0].shape());
  if (xs.size() == 1) return xs[0];
  return graph::apply1(std::move(op), xs);
}

}  // namespace cornu::ops

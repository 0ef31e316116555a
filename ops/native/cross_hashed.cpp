#include "cornu/ops/native/cross_hashed.h"

#include <cstdint>
#include <vector>

#include "cornu/graph/op.h"

namespace cornu::ops {
namespace {

using graph::require;

// TensorFlow's way to put a number behind a fingerprint, a step of MurmurHash64A: arithmetic is modulo 2^64.
constexpr std::uint64_t kFirst = 0xDECAFCAFFE, kFactor = 0xC6A4A7935BD1E995;

std::uint64_t folded(std::uint64_t x) { return x ^ (x >> 47); }
std::uint64_t with(std::uint64_t fingerprint, std::uint64_t number) {
  const std::uint64_t mixed = (fingerprint ^ kFactor ^ (folded(number * kFactor) * kFactor)) * kFactor;
  return folded(folded(mixed) * kFactor);
}

struct CrossHashed final : Op {
  std::int64_t num_bins = 1;
  std::string_view name() const override { return "cross_hashed"; }
  void fields(FieldVisitor& f) const override { f("num_bins", num_bins); }
  Specs infer(const Specs& in) const override {
    require<ValueError>(!in.empty(), "cross_hashed: expected at least one tensor, got none");
    require<ValueError>(num_bins >= 1, "cross_hashed: expected num_bins of at least 1, got ", num_bins);
    for (const Spec& x : in) {
      require<ShapeError>(x.shape == in[0].shape, "cross_hashed: expected tensors of one shape, got ", in[0], " and ",
                          x);
      require<TypeError>(graph::is_integer(x.dtype), "cross_hashed: expected integers, got ", x.dtype);
    }
    return {{int64, in[0].shape}};
  }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest& r) const override {
    std::vector<graph::DType> dtypes;
    for (const Spec& x : r.in) dtypes.push_back(x.dtype);
    const std::int64_t n = r.in[0].shape.elements();
    const auto launch = [n, dtypes, bins = static_cast<std::uint64_t>(num_bins)](const graph::Call& c) {
      c.share(n, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          std::uint64_t fingerprint = kFirst;
          for (std::size_t k = 0; k < dtypes.size(); ++k)
            graph::visit(dtypes[k], [&](auto zero) {
              using T = decltype(zero);
              if constexpr (std::is_integral_v<T>)
                fingerprint =
                    with(fingerprint,
                         static_cast<std::uint64_t>(static_cast<std::int64_t>(c.in<T>(static_cast<int>(k))[i])));
            });
          c.out<std::int64_t>()[i] = static_cast<std::int64_t>(fingerprint % bins);
        }
      });
    };
    return Kernel::native(r.parts(n * 8 * static_cast<std::int64_t>(dtypes.size())), launch);
  }
};
const bool cross_hashed_registered = graph::register_op<CrossHashed>();

}  // namespace

Tensor cross_hashed(const Tensors& xs, std::int64_t num_bins) {
  auto op = std::make_shared<CrossHashed>();
  op->num_bins = num_bins;
  return graph::apply1(std::move(op), xs);
}

}  // namespace cornu::ops

#include "cornu/keras/layers/preprocessing/hashed_crossing.h"

#include "cornu/graph/check.h"
#include "cornu/keras/layers/preprocessing/internal/bins_layer.h"
#include "cornu/ops/native/cross_hashed.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

class HashedCrossingLayer final : public internal::BinsLayer<HashedCrossingConfig> {
 public:
  explicit HashedCrossingLayer(HashedCrossingConfig config) : BinsLayer(std::move(config)) {
    check_arguments({"int", "one_hot"});
  }

  void build_all(const Shapes& inputs) override { require_columns(inputs); }

  Tensors call_all(const Inputs& inputs, Context&) override {
    Shapes shapes;
    for (const Tensor& x : inputs) shapes.push_back(x.shape());
    require_columns(shapes);
    return {encoded_bins(ops::cross_hashed(inputs.tensors(), config_.num_bins))};
  }

 private:
  void require_columns(const Shapes& inputs) const {
    require<ValueError>(inputs.size() >= 2, who(), "expected at least two inputs, got ", inputs.size());
    for (const Shape& shape : inputs)
      require<ShapeError>(shape.rank() < 2 || (shape.rank() == 2 && shape[1] == 1), who(),
                          "expected inputs of shape (batch,) or (batch, 1), got ", shape);
  }
};

}  // namespace

void HashedCrossingConfig::fields(ConfigVisitor& v) {
  v("num_bins", num_bins);
  v("output_mode", output_mode);
  v("sparse", sparse);
  if (v.purpose() == ConfigVisitor::Purpose::read) sparse = false;
}

CORNU_LAYER(HashedCrossingConfig, HashedCrossingLayer, "HashedCrossing");

}  // namespace cornu::keras::layers

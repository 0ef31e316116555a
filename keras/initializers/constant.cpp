#include "cornu/keras/initializers/constant.h"

#include "cornu/graph/check.h"

namespace cornu::keras::initializers {

Array ZerosConfig::operator()(const Shape& shape, Generator&) const { return graph::zeros(shape); }
Array OnesConfig::operator()(const Shape& shape, Generator&) const { return graph::ones(shape); }
Array ConstantConfig::operator()(const Shape& shape, Generator&) const { return graph::full(shape, value); }

Array IdentityConfig::operator()(const Shape& shape, Generator&) const {
  graph::require<ValueError>(shape.rank() == 2, "initializer Identity: expected the shape of a matrix, got ", shape);
  return graph::eye(shape[0], shape[1]) * gain;
}

void ConstantConfig::fields(ConfigVisitor& v) { v("value", value); }
void IdentityConfig::fields(ConfigVisitor& v) { v("gain", gain); }

namespace {

const bool constant_registered = registry().add<Zeros>("Zeros", {"zeros", "zero"}) &&
                                 registry().add<Ones>("Ones", {"ones", "one"}) &&
                                 registry().add<Constant>("Constant", {"constant"}) &&
                                 registry().add<Identity>("Identity", {"identity", "IdentityInitializer"});

}  // namespace
}  // namespace cornu::keras::initializers

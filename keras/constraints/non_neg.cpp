#include "cornu/keras/constraints/non_neg.h"

#include "cornu/ops/eltwise.h"

namespace cornu::keras::constraints {

Tensor NonNegConfig::operator()(const Tensor& weight) const { return ops::relu(weight); }

namespace {

const bool non_neg_registered = registry().add<NonNeg>("NonNeg", {"non_neg"});

}  // namespace
}  // namespace cornu::keras::constraints

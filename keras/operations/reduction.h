#pragma once

#include <string_view>

#include "cornu/keras/layers/keras_tensor.h"
#include "cornu/ops/composite/statistics.h"

/// What goes along axes of Keras' symbolic tensors: each is a layer of the graph, by the name of Keras' operation.
/// Without axes all of them are taken, the batch's too. Sums of bools and integers are int32, as in Keras, of int64
/// int64.
namespace cornu::ops {

using keras::KerasTensor;

CORNU_EXPORT KerasTensor sum(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor mean(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor max(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor min(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor prod(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
/// Whether an element along the axes is not 0, and whether all are: bool.
CORNU_EXPORT KerasTensor any(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor all(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor var(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor std(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor median(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor logsumexp(const KerasTensor& x, const AxesOrAll& axis = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor count_nonzero(const KerasTensor& x, const AxesOrAll& axis = {});
CORNU_EXPORT KerasTensor norm(const KerasTensor& x, const NormOrder& ord = {}, const AxesOrAll& axis = {},
                              KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor quantile(const KerasTensor& x, double q, const AxesOrAll& axis = {},
                                  std::string_view method = "linear", KeepDims keep = KeepDims::no);

CORNU_EXPORT KerasTensor argmax(const KerasTensor& x);
CORNU_EXPORT KerasTensor argmax(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor argmin(const KerasTensor& x);
CORNU_EXPORT KerasTensor argmin(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor cumsum(const KerasTensor& x);
CORNU_EXPORT KerasTensor cumsum(const KerasTensor& x, int axis);
CORNU_EXPORT KerasTensor cumprod(const KerasTensor& x);
CORNU_EXPORT KerasTensor cumprod(const KerasTensor& x, int axis);
CORNU_EXPORT KerasTensor sort(const KerasTensor& x, int axis = -1);
CORNU_EXPORT KerasTensor argsort(const KerasTensor& x, int axis = -1);
/// Whether the class number of each row is among its k largest predictions: bool.
CORNU_EXPORT KerasTensor in_top_k(const KerasTensor& targets, const KerasTensor& predictions, std::int64_t k);

}  // namespace cornu::ops

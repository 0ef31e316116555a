#pragma once

#include <optional>
#include <vector>

#include "cornu/keras/layers/keras_tensor.h"
#include "cornu/ops/reduction.h"

/// Reductions and changes of shape on Keras' symbolic tensors: each is a layer of the graph, by the name of Keras'
/// operation. Without axes a reduction takes all of them, the batch's too.
namespace cornu::ops {

using keras::KerasTensor;

CORNU_EXPORT KerasTensor sum(const KerasTensor& x, const std::vector<int>& axes = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor sum(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor mean(const KerasTensor& x, const std::vector<int>& axes = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor mean(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor max(const KerasTensor& x, const std::vector<int>& axes = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor max(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor min(const KerasTensor& x, const std::vector<int>& axes = {}, KeepDims keep = KeepDims::no);
CORNU_EXPORT KerasTensor min(const KerasTensor& x, int axis, KeepDims keep = KeepDims::no);
/// Whether an element along the axes is not 0: bool.
CORNU_EXPORT KerasTensor any(const KerasTensor& x, const std::vector<int>& axes = {}, KeepDims keep = KeepDims::no);
/// With the batch axis in front, for which -1 stands: `ops::reshape(x, {-1, 4, 4})`.
CORNU_EXPORT KerasTensor reshape(const KerasTensor& x, const graph::Shape& shape);
CORNU_EXPORT KerasTensor transpose(const KerasTensor& x, const std::vector<int>& axes = {});
CORNU_EXPORT KerasTensor expand_dims(const KerasTensor& x, int axis);
CORNU_EXPORT KerasTensor squeeze(const KerasTensor& x, int axis);

}  // namespace cornu::ops

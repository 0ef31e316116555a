#pragma once

#include <functional>

#include "cornu/keras/operations/operation.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::saving::internal {

/// An operation in a graph of layers: Keras 3 has a class for each, `{"module": "keras.src.ops.numpy", "class_name":
/// "Multiply", …}`; in files of Keras 2 it is a TFOpLambda that names TensorFlow's function. `tensor` writes a tensor's
/// place. Throws ValueError for one that Keras 2 has no function for.
Json write_operation(const operations::OperationLayer& layer, const Use& use, Form form,
                     const std::function<Json(const KerasTensor&)>& tensor);

/// Whether an entry of a list of layers is an operation.
bool is_operation(const Json& entry);
/// Calls the operation as one of the entry's nodes says. `tensor` gives the tensor that a piece of JSON stands for,
/// undefined if it stands for none.
KerasTensor read_operation(const Json& entry, const Json& node, const std::function<KerasTensor(const Json&)>& tensor);

}  // namespace cornu::keras::saving::internal

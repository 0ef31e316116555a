#pragma once

#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/models/model.h"

namespace cornu::keras::onnx {

/// A model from an ONNX file (opset 7 and later), as PyTorch, TensorFlow, Keras or `Model::export_model` write them:
/// it predicts, trains further, and is exported again. Inputs have the file's names, and an axis of samples in front;
/// outputs likewise.
///
/// Nodes that a layer of Keras does are that layer, with the file's weights: Dense, the convolutions, poolings, batch
/// and layer normalization, Embedding, activations, Flatten, Reshape, Permute, merging layers. All between them
/// is one layer or more of ops, "ONNXGraph", whose weights are the floating numbers of the file that are computed with.
/// A model made of Keras' layers alone is saved in any form; one with such a layer is exported, and its weights are
/// saved.
///
///     auto model = onnx::load_model("resnet.onnx");
///     model.compile({.optimizer = "adam", .loss = "mse"});
///
/// Throws IoError if the file is not there; FormatError if it is damaged; ValueError for an operator that is not known
/// (which one, of which opset, and how to make it known), for what must be known before the model runs and is not;
/// ShapeError and TypeError, naming the node, for what does not fit, and for types that there are not (int8, strings).
CORNU_EXPORT models::Model load_model(const io::Path& path);

/// What the graph of a file computes for arrays, without a model: for graphs whose inputs have no axis of samples. The
/// outputs in their order. Throws as `load_model`, and ValueError for another number of inputs.
CORNU_EXPORT std::vector<Array> compute(const io::Path& path, const std::vector<Array>& inputs);

}  // namespace cornu::keras::onnx

namespace cornu {
namespace onnx = keras::onnx;
}

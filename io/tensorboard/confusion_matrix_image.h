#pragma once

#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard {

/// How often each true class (row) was taken for each class (column): int64 (num_classes, num_classes). Labels are
/// integers, as many true ones as predicted ones, in any shape. Throws TypeError, ShapeError, ValueError for a label
/// outside of [0, num_classes).
///
///     confusion_matrix(labels, argmax(model.predict(x), -1), 10)
graph::Array confusion_matrix(const graph::Array& y_true, const graph::Array& y_pred, std::int64_t num_classes);

/// A confusion matrix as a picture, uint8 (height, width, 3): rows of true classes, columns of predicted ones. A cell's
/// colour goes from white to dark blue with its share of the row; the counts stand in the cells, the classes' names
/// (their numbers if none are given) beside. Characters beyond ASCII become "?", names of more than 16 characters are
/// shortened. More than 64 classes are drawn as colours only.
///
///     w.image("confusion", confusion_matrix_image(confusion_matrix(labels, predictions, 10)), epoch);
///
/// counts: (classes, classes) of integers, or of floating numbers (shares, weighted counts), none negative. Throws
/// ShapeError (also for more than 2048 classes), TypeError, ValueError for other counts or another number of names.
graph::Array confusion_matrix_image(const graph::Array& counts, const std::vector<std::string>& classes = {});

}  // namespace cornu::io::tensorboard

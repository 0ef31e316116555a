#pragma once

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// MNIST: 70,000 handwritten digits, 28 x 28 pixels of grey.
namespace cornu::keras::datasets::mnist {

/// Returns `train.x` uint8 (60000, 28, 28), `train.y` uint8 (60000,) with the labels 0 to 9, `test.x` (10000, 28, 28),
/// `test.y` (10000,).
///
///     auto [train, test] = datasets::mnist::load_data("mnist.npz");
///
/// `path` is Keras' `mnist.npz` or a folder with the four IDX files as first published (`train-images-idx3-ubyte`,
/// ...), gzipped or not. A relative path that does not exist is also looked up in `~/.keras/datasets`. Without a path
/// it is
/// `~/.keras/datasets/mnist.npz` (`$KERAS_HOME/datasets/mnist.npz` if that is set), which is downloaded from Keras'
/// address if it is missing; its SHA-256 is checked.
///
/// Throws IoError for a missing file or a failed download, saying what to do; FormatError if a file is truncated,
/// damaged or foreign, or if its shapes, types or labels are not those of MNIST (any number of images is accepted).
Splits load_data(const io::Path& path = {});

}  // namespace cornu::keras::datasets::mnist

#pragma once

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 70,000 pictures of clothes of 10 kinds, in MNIST's format. The labels
/// are 0 T-shirt/top, 1 Trouser, 2 Pullover, 3 Dress, 4 Coat, 5 Sandal, 6 Shirt, 7 Sneaker, 8 Bag, 9 Ankle boot.
namespace cornu::keras::datasets::fashion_mnist {

/// Returns the same as `mnist::load_data`, from a folder with the four IDX files or an .npz file.
///
///     auto [train, test] = datasets::fashion_mnist::load_data();
///
/// Without a path: the folder `~/.keras/datasets/fashion-mnist` (under `$KERAS_HOME` if that is set), else the files of
/// Debian's package dataset-fashion-mnist in `/usr/share/datasets/fashion-mnist`, else they are downloaded from Keras'
/// address, with their SHA-256 checked. Throws as `mnist::load_data`.
Splits load_data(const io::Path& path = {});

}  // namespace cornu::keras::datasets::fashion_mnist

#pragma once

#include <string>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// CIFAR-100 (Krizhevsky 2009): 60,000 colour pictures of 32 x 32 pixels, of 100 kinds in 20 groups.
namespace cornu::keras::datasets::cifar100 {

/// Returns arrays as `cifar10::load_data`, with labels 0 to 99 for the label_mode "fine", 0 to 19 for "coarse".
///
///     auto [train, test] = datasets::cifar100::load_data("coarse");
///
/// `path` is the folder with `train` and `test`, one that has it as `cifar-100-python`, or the archive
/// `cifar-100-python.tar.gz`; without a path `~/.keras/datasets/cifar-100-python-target`, downloaded if it is missing.
/// Throws as there; ValueError for another label_mode.
Splits load_data(const std::string& label_mode = "fine", const io::Path& path = {});

}  // namespace cornu::keras::datasets::cifar100

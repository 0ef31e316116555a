#pragma once

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

/// CIFAR-10 (Krizhevsky 2009): 60,000 colour pictures of 32 x 32 pixels. The labels are 0 airplane, 1 automobile,
/// 2 bird, 3 cat, 4 deer, 5 dog, 6 frog, 7 horse, 8 ship, 9 truck.
namespace cornu::keras::datasets::cifar10 {

/// Returns `train.x` uint8 (50000, 32, 32, 3), `train.y` uint8 (50000, 1), `test.x` (10000, 32, 32, 3), `test.y`
/// (10000, 1), as Keras: labels have an axis of length 1.
///
///     auto [train, test] = datasets::cifar10::load_data();
///
/// `path` is the folder with `data_batch_1` to `data_batch_5` and `test_batch`, one that has it as
/// `cifar-10-batches-py`, or the archive `cifar-10-python.tar.gz`. Without a path it is
/// `~/.keras/datasets/cifar-10-batches-py-target`, where Keras keeps it; the archive is downloaded from the address
/// that Keras takes it from if it is missing, and its SHA-256 is checked.
///
/// The batches are pickles of Python. They are read as data: nothing in them is run, and a batch with anything else
/// than lists, texts and arrays of numbers is a FormatError. Throws IoError for a missing file or a failed download,
/// saying what to do; FormatError for what is truncated, damaged or foreign (any number of pictures is accepted).
Splits load_data(const io::Path& path = {});

}  // namespace cornu::keras::datasets::cifar10

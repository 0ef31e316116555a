#include "cornu/keras/datasets/mnist.h"

#include "cornu/keras/datasets/internal/digit_files.h"
#include "cornu/keras/datasets/internal/files.h"

namespace cornu::keras::datasets::mnist {

Splits load_data(const io::Path& path) {
  return internal::read_digits(internal::file_of(path, "mnist", "takes an .npz file or a folder of IDX files",
                                                 "mnist.npz",
                                                 "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"));
}

}  // namespace cornu::keras::datasets::mnist

#include "cornu/keras/datasets/cifar10.h"

#include "cornu/keras/datasets/internal/cifar.h"

namespace cornu::keras::datasets::cifar10 {

Splits load_data(const io::Path& path) {
  return internal::load_cifar(
      {.data_set = "cifar10",
       .folder = "cifar-10-batches-py",
       .archive = "cifar-10-python.tar.gz",
       .file_hash = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
       .train = {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"},
       .test = {"test_batch"},
       .labels = "labels",
       .classes = 10},
      path);
}

}  // namespace cornu::keras::datasets::cifar10

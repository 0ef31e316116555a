#pragma once

#include <string>
#include <vector>

#include "cornu/io/path.h"
#include "cornu/keras/datasets/split.h"

namespace cornu::keras::datasets::internal {

/// What differs between CIFAR-10 and CIFAR-100.
struct CifarFiles {
  const char *data_set, *folder, *archive, *file_hash;
  std::vector<std::string> train, test;  // names of batches
  std::string labels;                    // the key of labels in a batch
  int classes;
};

/// Reads batches from a folder or an archive; without a path from Keras' cache, downloaded if need be.
Splits load_cifar(const CifarFiles& files, const io::Path& path);

}  // namespace cornu::keras::datasets::internal

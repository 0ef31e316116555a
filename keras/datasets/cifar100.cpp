#include "cornu/keras/datasets/cifar100.h"

#include "cornu/graph/check.h"
#include "cornu/keras/datasets/internal/cifar.h"

namespace cornu::keras::datasets::cifar100 {

Splits load_data(const std::string& label_mode, const io::Path& path) {
  graph::require<ValueError>(label_mode == "fine" || label_mode == "coarse",
                             "cifar100::load_data: label_mode must be 'fine' or 'coarse', got '", label_mode, "'");
  return internal::load_cifar({.data_set = "cifar100",
                               .folder = "cifar-100-python",
                               .archive = "cifar-100-python.tar.gz",
                               .file_hash = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                               .train = {"train"},
                               .test = {"test"},
                               .labels = label_mode + "_labels",
                               .classes = label_mode == "fine" ? 100 : 20},
                              path);
}

}  // namespace cornu::keras::datasets::cifar100

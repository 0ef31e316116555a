#include "cornu/keras/datasets/mnist.h"

#include <filesystem>

#include "cornu/keras/datasets/internal/digit_files.h"
#include "cornu/keras/utils/get_file.h"

namespace cornu::keras::datasets::mnist {

Splits load_data(const io::Path& path) {
  if (!path.empty()) return internal::read_digits(internal::find_digits(path, "mnist"));
  return internal::read_digits(
      internal::with_hint("mnist", std::filesystem::path(utils::keras_home()) / "datasets" / "mnist.npz", [] {
        return utils::get_file("mnist.npz",
                               {.origin = std::string(internal::kOrigin) + "mnist.npz",
                                .file_hash = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"});
      }));
}

}  // namespace cornu::keras::datasets::mnist

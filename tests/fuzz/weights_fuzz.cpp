// Files of weights alone, of Keras 2's form and of Keras 3's, loaded into a small model.
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/models/sequential.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cornu::keras;
  static models::Sequential model = [] {
    models::Sequential made(
        {layers::Dense(2, {.input_shape = {3}}), layers::Dropout(0.5), layers::Dense(1, {.use_bias = false})});
    made.compile({.optimizer = "adam", .loss = "mse"});
    return made;
  }();
  return cornu::fuzz::with_file(data, size, [&](const std::string& path) {
    model.load_weights(path);
    model.load_weights(path, {.skip_mismatch = true});
  });
}

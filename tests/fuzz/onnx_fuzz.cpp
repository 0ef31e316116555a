// ONNX files, as structures and as models.
#include "cornu/keras/models/model.h"
#include "cornu/keras/onnx/load_model.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cornu::fuzz::with_file(data, size, [](const std::string& path) { cornu::keras::onnx::load_model(path); });
}

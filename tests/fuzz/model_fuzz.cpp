// Model files, .h5 and .keras alike: what they are says their content.
#include "cornu/keras/models/model.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cornu::fuzz::with_file(data, size, [](const std::string& path) { cornu::keras::models::load_model(path); });
}

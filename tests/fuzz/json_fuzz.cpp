// Models described by JSON.
#include "cornu/keras/models/model.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const cornu::fuzz::MemoryOfAFile limit(size);
    cornu::keras::models::model_from_json({reinterpret_cast<const char*>(data), size});
  } catch (const cornu::graph::Error&) {
  }
  return 0;
}

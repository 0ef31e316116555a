// Pictures, which libpng and libjpeg decode.
#include "cornu/io/image/image.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cornu::fuzz::with_file(data, size, [](const std::string& path) { cornu::io::image::read(path); });
}

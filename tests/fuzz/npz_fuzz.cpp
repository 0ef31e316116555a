// Archives of arrays.
#include "cornu/io/npy/npz.h"
#include "tests/fuzz/with_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cornu::fuzz::with_file(data, size, [](const std::string& path) {
    const cornu::io::npy::Archive archive(path);
    for (const std::string& name : archive.names()) archive[name];
  });
}

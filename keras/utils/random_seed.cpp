#include "cornu/keras/utils/random_seed.h"

#include <mutex>
#include <random>

#include "cornu/graph/array/random.h"
#include "cornu/keras/utils/internal/seed_stream.h"

namespace cornu::keras::utils {
namespace {

struct SeedStream {
  std::mutex mutex;
  graph::random::Generator generator;

  SeedStream() : generator(from_device()) {}
  static std::uint64_t from_device() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
  }
};
SeedStream& stream() {
  static SeedStream stream;
  return stream;
}

}  // namespace

void set_random_seed(std::uint64_t seed) {
  const std::lock_guard lock(stream().mutex);
  stream().generator = graph::random::Generator(seed);
}

std::uint64_t next_random_seed() {
  const std::lock_guard lock(stream().mutex);
  return stream().generator.next();
}

namespace internal {

void SeedStreamState::state(StateVisitor& v) {
  const std::lock_guard lock(stream().mutex);
  v("generator", stream().generator);
}

}  // namespace internal
}  // namespace cornu::keras::utils

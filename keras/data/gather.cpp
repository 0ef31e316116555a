#include "cornu/keras/data/internal/gather.h"

#include <algorithm>
#include <cstring>

#include "cornu/graph/plan/internal/team.h"

namespace cornu::keras::data::internal {
namespace {

constexpr std::size_t kWorthSharing = 1 << 16;  // bytes from which several threads gather
constexpr std::size_t kFetched = 256;           // bytes of a row
constexpr std::int64_t kAhead = 2;              // rows

}  // namespace

void gather_rows(const graph::Array& from, std::span<const std::int64_t> numbers, const graph::Array& to, int threads) {
  const std::size_t row = from.nbytes() / static_cast<std::size_t>(std::max<std::int64_t>(from.rows(), 1));
  const std::byte* first = from.bytes();
  std::byte* out = to.bytes();
  const auto n = static_cast<std::int64_t>(numbers.size());
  const std::int64_t* rows = numbers.data();
  const auto copy = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) {
      // Rows lie anywhere: the beginning of one is fetched while others are copied, and the processor sees by itself
      // how it goes on.
      if (r + kAhead < n)
        for (std::size_t line = 0; line < std::min(row, kFetched); line += 64)
          __builtin_prefetch(first + static_cast<std::size_t>(rows[r + kAhead]) * row + line);
      std::memcpy(out + static_cast<std::size_t>(r) * row, first + static_cast<std::size_t>(rows[r]) * row, row);
    }
  };
  if (row > 0) graph::internal::share(static_cast<std::size_t>(n) * row > kWorthSharing ? threads : 1, n, copy);
}

}  // namespace cornu::keras::data::internal

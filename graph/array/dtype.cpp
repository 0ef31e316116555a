#include "cornu/graph/array/dtype.h"

#include <array>
#include <ostream>

#include "cornu/graph/check.h"

namespace cornu::graph {
namespace {

struct Facts {
  std::string_view name;
  std::size_t size;
};
constexpr std::array<Facts, 7> kFacts{
    {{"bool", 1}, {"uint8", 1}, {"int32", 4}, {"int64", 8}, {"bfloat16", 2}, {"float32", 4}, {"float64", 8}}};
const Facts& facts(DType dtype) { return kFacts[static_cast<std::size_t>(dtype)]; }

}  // namespace

std::size_t size_of(DType dtype) { return facts(dtype).size; }
std::string_view name_of(DType dtype) { return facts(dtype).name; }

DType dtype_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kFacts.size(); ++i)
    if (kFacts[i].name == name) return static_cast<DType>(i);
  throw ValueError(message("unknown dtype '", name, "'; known: bool, uint8, int32, int64, bfloat16, float32, float64"));
}

bool is_floating(DType dtype) { return dtype >= DType::bfloat16; }
bool is_integer(DType dtype) { return dtype == DType::uint8 || dtype == DType::int32 || dtype == DType::int64; }

DType promote(DType a, DType b) {
  if (a > b) std::swap(a, b);
  // The enumeration is in promotion order but for one pair: a 32 or 64 bit integer does not fit into a float32.
  if ((a == DType::int32 || a == DType::int64) && b == DType::float32) return DType::float64;
  return b;
}

std::ostream& operator<<(std::ostream& out, DType dtype) { return out << name_of(dtype); }

}  // namespace cornu::graph

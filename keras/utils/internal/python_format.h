#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cornu::keras::utils {

// Numbers as Python writes them: in console texts, CSV files and the names of checkpoints.

/// The fewest digits that read back as the same number, as Python's repr: `0.1`, `1.0`, `1e-05`, `nan`.
std::string python_repr(double value);

/// As Python's `format(value, spec)` with `[[fill]align][sign][0][width][.precision][type]`: ".2f" -> "0.54", "02d" ->
/// "07", ">8.3e". Types: d (whole numbers alone), e, E, f, F, g, G, %. Throws ValueError for any other spec.
std::string python_format(double value, std::string_view spec);
std::string python_format(std::int64_t value, std::string_view spec);
/// Of a text: `[[fill]align][0][width][.precision][s]`, on the left by default; the precision cuts it off.
std::string python_format(std::string_view text, std::string_view spec);

}  // namespace cornu::keras::utils

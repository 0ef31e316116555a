#pragma once

#include <functional>
#include <iosfwd>
#include <string_view>

namespace cornu::keras::utils {

/// Where progress is shown: a stream, whether that is a terminal (whose line can be drawn again), and a clock in
/// seconds.
struct Console {
  std::ostream* out = nullptr;
  bool terminal = false;
  std::function<double()> now;

  /// Standard output, asked whether it is a terminal, and a steady clock.
  static Console standard();
};

/// A line on standard output, flushed: what callbacks say with `verbose`.
void print_message(std::string_view text);
/// "Warning: …" and a line's end on standard error.
void warn(std::string_view text);

}  // namespace cornu::keras::utils

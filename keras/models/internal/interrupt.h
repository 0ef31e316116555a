#pragma once

namespace cornu::keras::models {

/// While one lives, Ctrl-C sets a flag instead of ending the process, unless the program handles it itself. A second
/// Ctrl-C ends the process; with the last one of several the old handling comes back.
class InterruptWatch {
 public:
  InterruptWatch();
  ~InterruptWatch();
  InterruptWatch(const InterruptWatch&) = delete;
  InterruptWatch& operator=(const InterruptWatch&) = delete;
  bool interrupted() const;
};

}  // namespace cornu::keras::models

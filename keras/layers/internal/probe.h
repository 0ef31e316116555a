#pragma once

#include "cornu/graph/array/shape.h"

namespace cornu::keras::layers::internal {

/// While one lives, this thread describes a computation with lengths that stand for unknown ones, to find which lengths
/// of the outputs follow them. They are large, so that a stride or a kernel fits into them, have many divisors, and
/// differ from axis to axis; the same axis of several inputs has the same length.
class Probe {
 public:
  /// Of two `rounds` with other lengths, 0 or 1.
  explicit Probe(int round) : round_(round), outer_(active) { active = this; }
  ~Probe() { active = outer_; }
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  /// Whether one lives: what is described now is not computed.
  static bool is_active() { return active != nullptr; }
  /// The shape with a length for every axis that is unknown.
  graph::Shape known(const graph::Shape& shape) const;
  /// The other way round, for a layer that is built while such a computation is described: its weights must not depend
  /// on lengths that stand for others.
  static graph::Shape unknown_again(const graph::Shape& shape);

 private:
  std::int64_t length(int axis) const;
  static thread_local const Probe* active;
  int round_;
  const Probe* outer_;
};

}  // namespace cornu::keras::layers::internal

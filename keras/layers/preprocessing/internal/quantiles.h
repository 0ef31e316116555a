#pragma once

#include <vector>

#include "cornu/graph/array/array_type.h"

namespace cornu::keras::layers::internal {

/// What is remembered of any amount of data in order to say its quantiles: some of its numbers, each of which stands
/// for so many. Computed as Keras does, in float32, so that the same boundaries come out.
class Quantiles {
 public:
  /// A quantile may be off by that share of the data.
  explicit Quantiles(double epsilon) : epsilon_(epsilon) {}
  void add(const graph::Array& data);
  /// What lies between so many parts of about equal size: fewer if little data was seen.
  std::vector<float> boundaries(int parts) const;

 private:
  struct Weighted {
    float value, weight;
  };
  static std::vector<Weighted> compressed(const std::vector<Weighted>& summary, double epsilon);
  double epsilon_;
  std::vector<Weighted> summary_;
};

}  // namespace cornu::keras::layers::internal

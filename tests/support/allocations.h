#pragma once

namespace cornu::support {

/// Counts how often memory is asked for (operator new, malloc and their kin) while it lives, in all threads; "allocates
/// nothing" is checked by it. What happens inside oneDNN's calls, and what libgomp itself asks for, is counted apart,
/// by the functions on the stack. One at a time.
///
///     const CountAllocations count;
///     step();
///     EXPECT_EQ(count.own(), 0);
class CountAllocations {
 public:
  CountAllocations();
  ~CountAllocations();
  CountAllocations(const CountAllocations&) = delete;
  CountAllocations& operator=(const CountAllocations&) = delete;

  long own() const;
  long in_onednn() const;
  long in_openmp() const;
};

}  // namespace cornu::support

#include "cornu/graph/plan/internal/thread_limit.h"

#include <gtest/gtest.h>

namespace cornu::graph::internal {
namespace {

TEST(ThreadLimit, IsPutBack) {
  const int before = omp_get_max_threads();
  {
    const ThreadLimit limit(before + 1);
    EXPECT_EQ(omp_get_max_threads(), before + 1);
  }
  EXPECT_EQ(omp_get_max_threads(), before);
}

}  // namespace
}  // namespace cornu::graph::internal

#include "cornu/ops/onednn/kernel.h"

#include <dnnl.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cornu/graph/check.h"
#include "cornu/ops/internal/matmul_primitive.h"
#include "cornu/ops/onednn/engine.h"
#include "cornu/ops/onednn/status.h"

namespace cornu::ops::onednn {
namespace {

TEST(Onednn, ErrorsNameTheOpAndTheStatus) {
  EXPECT_NO_THROW(check(dnnl_success, "matmul", "run"));
  try {
    check(dnnl_out_of_memory, "matmul", "make the primitive");
    FAIL();
  } catch (const graph::Error& error) {
    EXPECT_STREQ(error.what(), "matmul: oneDNN could not make the primitive: status out_of_memory");
  }
}

TEST(Onednn, ImpossibleDescriptionsThrow) {
  const MemoryDesc a(graph::Shape{2, 3}), b(graph::Shape{4, 5}), y(graph::Shape{2, 5});
  EXPECT_THROW(ops::internal::describe_matmul("matmul", a, b, nullptr, y), graph::Error);
  EXPECT_THROW(MemoryDesc(graph::Shape{2}, graph::DType::bool_), graph::TypeError);
}

TEST(Onednn, TheCacheOfPrimitivesIsSmall) {
  engine();
  int capacity = 0;
  ASSERT_EQ(dnnl_get_primitive_cache_capacity(&capacity), dnnl_success);
  if (std::getenv("DNNL_PRIMITIVE_CACHE_CAPACITY") || std::getenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY"))
    GTEST_SKIP() << "the environment sets it";
  EXPECT_EQ(capacity, 64);
}

TEST(Onednn, LaunchesOfOneKernelAreApart) {
  const MemoryDesc data(graph::Shape{4});
  const graph::Kernel k = kernel("square", 1, 4, [&](std::int64_t, std::int64_t) {
    return Piece{describe("square", CORNU_ONEDNN(dnnl_binary_desc_init, dnnl_binary_primitive_desc_create),
                          attributes("square"), dnnl_binary_mul, data.get(), data.get(), data.get()),
                 {{DNNL_ARG_SRC_0, data, 0}, {DNNL_ARG_SRC_1, data, 0}, {DNNL_ARG_DST, data, 0, true}}};
  });
  EXPECT_FALSE(k.implementation.empty());
  const graph::Launch one = k.make(), two = k.make();
  float x[] = {1, 2, 3, 4}, y[4], z[4];
  const void* src[] = {x};
  void *to_y[] = {y}, *to_z[] = {z};
  one({src, to_y, nullptr});
  two({src, to_z, nullptr});
  EXPECT_EQ(y[3], 16);
  x[3] = 5;
  one({src, to_z, nullptr});  // another pointer
  EXPECT_EQ(z[3], 25);
  EXPECT_EQ(y[3], 16);
  const void* src_y[] = {y};
  one({src_y, to_y, nullptr});  // in place
  EXPECT_EQ(y[3], 256);
}

}  // namespace
}  // namespace cornu::ops::onednn

#include "cornu/keras/mixed_precision/policy.h"

#include <gmock/gmock.h>

#include <sstream>
#include <thread>

#include "cornu/keras/config/dtype_policy.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/mixed_precision/policy_scope.h"

namespace cornu::keras::mixed_precision {
namespace {

using tests::error_text;
using tests::PolicyScope;

TEST(PolicyTest, NamesTwoDtypes) {
  const Policy plain = "float32", mixed = "mixed_bfloat16", narrow = "bfloat16";
  EXPECT_EQ(plain.compute_dtype(), float32);
  EXPECT_EQ(plain.variable_dtype(), float32);
  EXPECT_EQ(mixed.compute_dtype(), bfloat16);
  EXPECT_EQ(mixed.variable_dtype(), float32);
  EXPECT_EQ(narrow.compute_dtype(), bfloat16);
  EXPECT_EQ(narrow.variable_dtype(), bfloat16);
  EXPECT_EQ(mixed.name(), "mixed_bfloat16");
  EXPECT_EQ(mixed, Policy("mixed_bfloat16"));
  EXPECT_FALSE(mixed == narrow);
  std::ostringstream text;
  text << mixed;
  EXPECT_EQ(text.str(), "<DTypePolicy \"mixed_bfloat16\">");
}

TEST(PolicyTest, OthersAreRefusedWithTheReason) {
  const std::string known = "supported are 'float32', 'mixed_bfloat16' and 'bfloat16'";
  for (const std::string name : {"float16", "mixed_float16"})
    EXPECT_EQ(
        error_text<ValueError>([&] { set_global_policy(name); }),
        "dtype policy '" + name +
            "': there is no arithmetic in float16; 'mixed_bfloat16' saves as much memory and needs no loss scaling (" +
            known + ")");
  EXPECT_EQ(error_text<ValueError>([] { set_global_policy("float64"); }),
            "dtype policy 'float64': models are computed in float32 at most (" + known + ")");
  for (const std::string name : {"int32", "Mixed_bfloat16", "", "mixed"})
    EXPECT_EQ(error_text<ValueError>([&] { set_global_policy(name); }),
              "unknown dtype policy '" + name + "'; " + known);
  EXPECT_EQ(global_policy().name(), "float32");
}

TEST(PolicyTest, TheGlobalOneHasKerasNames) {
  EXPECT_EQ(global_policy(), "float32");
  const PolicyScope scope("mixed_bfloat16");
  EXPECT_EQ(dtype_policy(), "mixed_bfloat16");
  EXPECT_EQ(config::dtype_policy(), "mixed_bfloat16");
  config::set_dtype_policy("bfloat16");
  EXPECT_EQ(global_policy(), "bfloat16");
  set_dtype_policy(DTypePolicy("float32"));
  EXPECT_EQ(global_policy(), "float32");
}

TEST(PolicyTest, LayersTakeTheGlobalOneOfWhenTheyAreMade) {
  const layers::Dense before(2);
  const PolicyScope scope("mixed_bfloat16");
  const layers::Dense after(2), own(2, {.dtype = "float32"});
  EXPECT_EQ(before->dtype_policy(), "float32");
  EXPECT_EQ(after->dtype_policy(), "mixed_bfloat16");
  EXPECT_EQ(after->compute_dtype(), bfloat16);
  EXPECT_EQ(after->variable_dtype(), float32);
  EXPECT_EQ(own->dtype_policy(), "float32");
  before->ensure_built({kUnknown, 3});
  after->ensure_built({kUnknown, 3});
  EXPECT_EQ(before->weights()[0].dtype(), float32);
  EXPECT_EQ(after->weights()[0].dtype(), float32);
  const layers::Dense narrow(2, {.dtype = "bfloat16"});
  narrow->ensure_built({kUnknown, 3});
  EXPECT_EQ(narrow->get_weights()[0].dtype(), bfloat16);
}

TEST(PolicyTest, ALayersOwnIsCheckedAtOnce) {
  EXPECT_THAT(error_text<ValueError>([] { layers::Dense(2, {.name = "d", .dtype = "mixed_float16"}); }),
              testing::StartsWith("layer \"d\": dtype policy 'mixed_float16': there is no arithmetic in float16"));
  EXPECT_THAT(error_text<ValueError>([] { layers::Flatten({.dtype = "int8"}); }),
              testing::StartsWith("layer \"\": unknown dtype policy 'int8'; supported"));
}

TEST(PolicyTest, MayBeReadAndSetByManyThreads) {
  const PolicyScope scope("float32");
  const auto work = [] {
    for (int i = 0; i < 200; ++i) {
      set_global_policy(i % 2 ? "mixed_bfloat16" : "bfloat16");
      EXPECT_EQ(layers::Dense(1)->compute_dtype(), bfloat16);
    }
  };
  set_global_policy("bfloat16");
  std::thread one(work), two(work);
  one.join();
  two.join();
}

}  // namespace
}  // namespace cornu::keras::mixed_precision

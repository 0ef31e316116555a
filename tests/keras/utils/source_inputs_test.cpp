#include "cornu/keras/utils/source_inputs.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/concatenate.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::utils {
namespace {

TEST(SourceInputs, AreFoundOnceEach) {
  const KerasTensor a = layers::Input({.shape = {2}}), b = layers::Input({.shape = {3}}),
                    unused = layers::Input({.shape = {4}});
  const KerasTensor h = layers::Dense(2)(a);
  const KerasTensor y = layers::Concatenate()({h, layers::Dense(2)(b), h, a});
  const std::vector<KerasTensor> sources = get_source_inputs(y);
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_TRUE(sources[0].same(a));
  EXPECT_TRUE(sources[1].same(b));
  EXPECT_TRUE(get_source_inputs(a)[0].same(a));
  EXPECT_FALSE(sources[0].same(unused));
}

TEST(SourceInputs, OfNothingAreAnError) {
  tests::error_text<ValueError>([] { get_source_inputs(KerasTensor()); });
}

}  // namespace
}  // namespace cornu::keras::utils

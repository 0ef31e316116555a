#include "cornu/keras/layers/reshaping/zero_padding.h"

#include <gtest/gtest.h>

#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "ZeroPadding1D",
       .config = R"({"padding": [2, 1], "data_format": "channels_first", BASE})",
       .in_keras2 = false,
       .example = {.inputs = {tests::some({3, 2, 4})}, .free_axes = {1, 2}}},
      {.kind = "layer",
       .class_name = "ZeroPadding2D",
       .config = R"({"padding": [[1, 0], [2, 1]], "data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 2, 3, 4})}, .free_axes = {2, 3}}},
      {.kind = "layer",
       .class_name = "ZeroPadding3D",
       .config = R"({"padding": [[1, 0], [0, 2], [1, 1]], "data_format": "channels_first", BASE})",
       .example = {.inputs = {tests::some({3, 3, 3, 3, 2})},
                   .config = R"({"padding": [[1, 0], [0, 2], [1, 1]], BASE})",
                   .free_axes = {1, 2, 3}}},
  };
});

TEST(ZeroPaddingTest, PutsZerosAtTheEnds) {
  const Array line = Array{1.f, 2.f}.reshape({1, 2, 1});
  EXPECT_TRUE(array_equal(run_layer(ZeroPadding1D(), line).output, Array{0.f, 1.f, 2.f, 0.f}.reshape({1, 4, 1})));
  EXPECT_TRUE(array_equal(run_layer(ZeroPadding1D({.padding = {0, 2}}), line).output,
                          Array{1.f, 2.f, 0.f, 0.f}.reshape({1, 4, 1})));
  EXPECT_TRUE(array_equal(run_layer(ZeroPadding1D({.padding = {1, 0}, .data_format = "channels_first"}), line).output,
                          Array{0.f, 1.f, 0.f, 2.f}.reshape({1, 2, 2})));
  const Array plane = graph::ones({1, 1, 2, 1}, int32);
  EXPECT_TRUE(array_equal(run_layer(ZeroPadding2D({.padding = {{1, 0}, {0, 2}}}), plane).output,
                          Array{0, 0, 0, 0, 1, 1, 0, 0}.reshape({1, 2, 4, 1})));
  EXPECT_EQ(run_layer(ZeroPadding2D({.padding = {1, 2}}), plane).output.shape(), (Shape{1, 3, 6, 1}));
  EXPECT_EQ(run_layer(ZeroPadding3D(2), graph::ones({1, 1, 2, 3, 4})).output.shape(), (Shape{1, 5, 6, 7, 4}));
}

TEST(ZeroPaddingTest, RefusesWhatIsNoPadding) {
  EXPECT_EQ(error_text<ValueError>([] { ZeroPadding1D(-1, {.name = "z"}); }),
            "[ZeroPadding1D \"z\"] expected padding of two numbers of at least 0, or one for both, got (-1,)");
  EXPECT_EQ(error_text<ValueError>([] {
              ZeroPadding2D({.padding = {1, 2, 3}, .name = "z"});
            }),
            "[ZeroPadding2D \"z\"] expected padding of 2 pairs of numbers of at least 0, a number for each, or one for "
            "all, got (1, 2, 3)");
}

TEST(ZeroPaddingTest, Keras2HasNoDataFormatOfOneAxis) {
  EXPECT_EQ(saving::serialize(*ZeroPadding1D(2, {.name = "z"}), saving::KerasVersion::keras2).find("data_format"),
            std::string::npos);
  EXPECT_EQ(error_text<ValueError>([] {
              saving::serialize(*ZeroPadding1D({.data_format = "channels_first", .name = "z"}),
                                saving::KerasVersion::keras2);
            }),
            "layer 'z' cannot be saved for Keras 2, which has no data_format 'channels_first' of one axis");
}

// As files hold it: a number for all, one for each axis, or two.
TEST(ZeroPaddingTest, ReadsEveryFormOfThePadding) {
  const auto read = [](const std::string& padding) {
    return get_config(
        *saving::deserialize(registry(), R"({"class_name": "ZeroPadding2D", "config": {"padding": )" + padding + "}}"));
  };
  EXPECT_NE(read("2").find(R"("padding":[[2,2],[2,2]])"), std::string::npos) << read("2");
  EXPECT_NE(read("[1, 2]").find(R"("padding":[[1,1],[2,2]])"), std::string::npos);
  EXPECT_NE(read("[[1, 2], 3]").find(R"("padding":[[1,2],[3,3]])"), std::string::npos);
  EXPECT_EQ(error_text<FormatError>([&] { read("\"1\""); }),
            "ZeroPadding2D: argument 'padding' needs a list of numbers or of lists of them, got \"1\"");
  EXPECT_EQ(error_text<FormatError>([&] { read("[[1, \"2\"], 3]"); }),
            "ZeroPadding2D: argument 'padding' needs a whole number, got \"2\"");
}

}  // namespace
}  // namespace cornu::keras::layers

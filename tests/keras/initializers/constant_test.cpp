#include "cornu/keras/initializers/constant.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::initializers {
namespace {

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"initializer", "Zeros", "{}"},
      {"initializer", "Ones", "{}"},
      {"initializer", "Constant", R"({"value": 0.5})"},
      {"initializer", "Identity", R"({"gain": 2.0})"},
  };
});

graph::random::Generator rng(1);

TEST(ConstantTest, FillsWithOneValue) {
  EXPECT_TRUE(array_equal(Zeros()({2, 3}, rng), graph::zeros({2, 3})));
  EXPECT_TRUE(array_equal(Ones()({2, 3}, rng), graph::ones({2, 3})));
  EXPECT_TRUE(array_equal(Constant(0.5)({2}, rng), Array{0.5f, 0.5f}));
  EXPECT_TRUE(array_equal(Constant({.value = 0.5})({2}, rng), Array{0.5f, 0.5f}));
}

TEST(ConstantTest, IdentityIsAMatrix) {
  EXPECT_TRUE(array_equal(Identity({.gain = 2})({2, 3}, rng), Array{{2.f, 0.f, 0.f}, {0.f, 2.f, 0.f}}));
  EXPECT_EQ(tests::error_text<ValueError>([] {
              Identity()({2, 3, 4}, rng);
            }),
            "initializer Identity: expected the shape of a matrix, got (2, 3, 4)");
}

TEST(ConstantTest, NamesOfKeras) {
  for (const char* name : {"Zeros",
                           "zeros",
                           "zero",
                           "Ones",
                           "ones",
                           "one",
                           "Constant",
                           "constant",
                           "Identity",
                           "identity",
                           "IdentityInitializer",
                           "STFT",
                           "stft",
                           "STFTInitializer",
                           "RandomNormal",
                           "random_normal",
                           "normal",
                           "RandomUniform",
                           "random_uniform",
                           "uniform",
                           "TruncatedNormal",
                           "truncated_normal",
                           "VarianceScaling",
                           "variance_scaling",
                           "GlorotUniform",
                           "glorot_uniform",
                           "GlorotNormal",
                           "glorot_normal",
                           "HeUniform",
                           "he_uniform",
                           "HeNormal",
                           "he_normal",
                           "LecunUniform",
                           "lecun_uniform",
                           "LecunNormal",
                           "lecun_normal",
                           "Orthogonal",
                           "orthogonal",
                           "OrthogonalInitializer"})
    EXPECT_EQ(Initializer::from_name(name)->class_name().empty(), false) << name;
  EXPECT_THAT(tests::error_text<ValueError>([] { Initializer::from_name("glorot"); }),
              testing::HasSubstr("unknown initializer 'glorot'; known: "));
}

TEST(ConstantTest, AFunctionIsAnInitializer) {
  const Arg<Initializer> threes = [](const Shape& shape) { return graph::full(shape, 3); };
  EXPECT_TRUE(array_equal((*threes)({2}, rng), Array{3.f, 3.f}));
}

}  // namespace
}  // namespace cornu::keras::initializers

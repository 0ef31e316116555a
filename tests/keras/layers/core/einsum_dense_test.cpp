#include "cornu/keras/layers/core/einsum_dense.h"

#include <gmock/gmock.h>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/regularizers/l1_l2.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/keras/layers/run_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::run_layer;
using tests::some;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "layer",
       .class_name = "EinsumDense",
       .config =
           R"({"equation": "abc,cd->abd", "output_shape": [null, 3], "activation": "relu", "bias_axes": "d", "kernel_initializer": "he_normal", "bias_initializer": "ones", "kernel_regularizer": "l1", "bias_regularizer": "l2", "activity_regularizer": "L1", "kernel_constraint": "max_norm", "bias_constraint": "non_neg", "lora_rank": null, "lora_alpha": null, BASE})",
       .example =
           {.inputs = {some({3, 4, 2})},
            .config =
                R"({"equation": "abc,cde->abde", "output_shape": [null, 3, 2], "activation": "tanh", "bias_axes": "e", "kernel_regularizer": "l2", BASE})",
            .free_axes = {1},
            .mask = cornu::tests::LayerExample::Mask::none}},
  };
});

struct Expected {
  const char *equation, *bias_axes;
  Shape input, output_shape;  // the input's without the batch
  Shape kernel, bias, output;
};

// What real Keras builds and computes of them is among the golden cases.
TEST(EinsumDenseTest, ShapesOfWeightsAndOutputs) {
  const std::int64_t any = kUnknown;
  const std::vector<Expected> cases{
      {"ab,b->a", "", {32}, {}, {32}, {}, {any}},
      {"ab,bc->ac", "c", {32}, {64}, {32, 64}, {64}, {any, 64}},
      {"abc,cde->abde", "", {1, 2}, {1, 3, 4}, {2, 3, 4}, {}, {any, 1, 3, 4}},
      {"abc,cde->abde", "e", {1, 2}, {any, 3, 4}, {2, 3, 4}, {4}, {any, 1, 3, 4}},
      {"abc,cde->abde", "d", {1, 2}, {1, 3, 4}, {2, 3, 4}, {3, 1}, {any, 1, 3, 4}},
      {"abc,cde->abde", "be", {7, 2}, {any, 3, 4}, {2, 3, 4}, {7, 1, 4}, {any, 7, 3, 4}},
      {"BFNH,NHD->BFD", "", {any, 2, 3}, {any, 4}, {2, 3, 4}, {}, {any, any, 4}},
      {"ibd,nd->ibn", "n", {2, 1}, {2, 2}, {2, 1}, {2}, {any, 2, 2}},
      {"i,d->id", "d", {}, {2}, {2}, {2}, {any, 2}},
      {"...b,bc->...c", "c", {32}, {64}, {32, 64}, {64}, {any, 64}},
      {"...b,bc->...c", "c", {any, 3, 32}, {64}, {32, 64}, {64}, {any, any, 3, 64}},
      {"...bc,bc->...b", "b", {32, 64}, {32}, {32, 64}, {32}, {any, 32}},
      {"...bc,c->...b", "", {64}, {}, {64}, {}, {any}},
      {"...c,cde->...de", "d", {1, 2}, {3, 4}, {2, 3, 4}, {3, 1}, {any, 1, 3, 4}},
      {"bc...,cd->bd...", "", {1, 2, 3}, {4}, {1, 4}, {}, {any, 4, 2, 3}},
      {"bc...,cde->bde...", "d", {1, 2}, {3, 4}, {1, 3, 4}, {3, 1, 1}, {any, 3, 4, 2}},
      {"bc...,cde->bde...", "de", {1, any}, {3, 4}, {1, 3, 4}, {3, 4, 1}, {any, 3, 4, any}},
  };
  for (const Expected& c : cases) {
    SCOPED_TRACE(std::string(c.equation) + " " + c.bias_axes);
    const EinsumDense layer(c.equation, c.output_shape, {.bias_axes = c.bias_axes});
    layer->ensure_built(c.input.prepend(kUnknown));
    const auto weights = layer->weights();
    ASSERT_EQ(weights.size(), *c.bias_axes ? 2u : 1u);
    EXPECT_EQ(weights[0].shape(), c.kernel);
    if (weights.size() == 2) {
      EXPECT_EQ(weights[1].shape(), c.bias);
    }
    EXPECT_EQ(layer->output_shape(), c.output);
  }
}

TEST(EinsumDenseTest, IsDenseWithThatEquation) {
  const Array x = some({3, 4, 5}), kernel = some({5, 2}, 2), bias = some({2}, 3);
  const Dense dense(2, {.activation = "tanh"});
  const EinsumDense einsum("abc,cd->abd", {kUnknown, 2}, {.activation = "tanh", .bias_axes = "d", .name = "e"});
  const EinsumDense elided("...x,xy->...y", 2, {.activation = "tanh", .bias_axes = "y"});
  dense->ensure_built({kUnknown, 4, 5});
  dense->set_weights({kernel, bias});
  for (const EinsumDense& layer : {einsum, elided}) {
    layer->ensure_built({kUnknown, 4, 5});
    layer->set_weights({kernel, bias});
    EXPECT_TRUE(allclose(run_layer(layer, x).output, run_layer(dense, x).output, 1e-5, 1e-6));
  }
  EXPECT_EQ(einsum->weights()[0].name(), "e/kernel");
  EXPECT_EQ(einsum->weights()[1].name(), "e/bias");
}

TEST(EinsumDenseTest, TakesAnyLengthThatIsOpenButNoOther) {
  const EinsumDense layer("abc,cd->abd", {kUnknown, 2}, {.name = "e"});
  layer->ensure_built({kUnknown, kUnknown, 5});
  EXPECT_EQ(run_layer(layer, some({2, 7, 5})).output.shape(), (Shape{2, 7, 2}));
  EXPECT_EQ(run_layer(layer, some({0, 1, 5})).output.shape(), (Shape{0, 1, 2}));
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, some({2, 7, 1}));
            }),
            "[EinsumDense \"e\"] expected length 5 along 'c', got 1 (input shape (2, 7, 1))");
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(layer, some({2, 5}));
            }),
            "[EinsumDense \"e\"] expected an input of 3 axes by the equation 'abc,cd->abd', got shape (2, 5)");
  const EinsumDense biased("abc,cd->abd", {4, 2}, {.bias_axes = "b", .name = "e"});
  biased->ensure_built({kUnknown, 4, 5});
  EXPECT_EQ(error_text<ShapeError>([&] {
              run_layer(biased, some({2, 1, 5}));
            }),
            "[EinsumDense \"e\"] expected an output to which a bias of shape (4, 1) can be added, got shape (2, 1, 2) "
            "(input shape (2, 1, 5))");
}

TEST(EinsumDenseTest, AddsLossesOfWeightsAndActivity) {
  const EinsumDense layer("ab,bc->ac", 2,
                          {.bias_axes = "c",
                           .kernel_regularizer = regularizers::l2(0.1),
                           .bias_regularizer = "l1",
                           .activity_regularizer = regularizers::l2(0.1)});
  layer->ensure_built({kUnknown, 2});
  layer->set_weights({Array{{1.f, 2.f}, {3.f, 4.f}}, Array{1.f, -1.f}});
  EXPECT_NEAR(run_layer(layer, Array{{1.f, 0.f}}).added_loss, 0.1 * 30 + 0.01 * 2 + 0.1 * (4 + 1), 1e-5);
}

TEST(EinsumDenseTest, EquationsOfAnotherFormAreRefused) {
  for (const char* equation : {"", "ab->ac", "ab,bc", "ab,bc->", "ab,bc,cd->ad", "a b,bc->ac", "...ab,bc->ac",
                               "ab...,bc->...ac", "a...,ab->b...", "ab,b...->a", "a1,bc->ac", "..,bc->ac"})
    EXPECT_EQ(error_text<ValueError>([&] { EinsumDense(equation, {3}, {.name = "e"}); }),
              std::string("[EinsumDense \"e\"] expected an equation of the form 'ab,bc->ac', '...ab,bc->...ac' or "
                          "'ab...,bc->ac...', got '") +
                  equation + "'");
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense("ab,bc->ad", 3, {.name = "e"}); }),
            "[EinsumDense \"e\"] the output's letter 'd' is neither the input's nor the kernel's in 'ab,bc->ad'");
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense("ab,bcd->ac", 3, {.name = "e"}); }),
            "[EinsumDense \"e\"] the kernel's letter 'd' is neither the input's nor the output's in 'ab,bcd->ac'");
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense("ab,bc->ac", 3, {.bias_axes = "b", .name = "e"}); }),
            "[EinsumDense \"e\"] the letter 'b' of bias_axes is not the output's in 'ab,bc->ac'");
}

TEST(EinsumDenseTest, ShapesThatDoNotFitAreRefused) {
  const auto text = [](const char* equation, const Shape& output_shape, const Shape& input, const char* bias = "") {
    return error_text<ShapeError>([&] {
      EinsumDense(equation, output_shape, {.bias_axes = bias, .name = "e"})->ensure_built(input.prepend(kUnknown));
    });
  };
  EXPECT_EQ(text("abc,cd->abd", {10, 3}, {1, 2}),
            "[EinsumDense \"e\"] output_shape (10, 3) has length 10 along 'b', which is not that of the input shape "
            "(None, 1, 2)");
  EXPECT_EQ(text("abc,cd->abd", {3}, {1, 2}),
            "[EinsumDense \"e\"] expected an output_shape of 2 lengths by the equation 'abc,cd->abd', got (3,)");
  EXPECT_EQ(text("...b,bc->...c", {3, 4}, {2}),
            "[EinsumDense \"e\"] expected an output_shape of 1 length by the equation '...b,bc->...c', got (3, 4)");
  EXPECT_EQ(text("abc,cd->abd", {kUnknown, 3}, {2}),
            "[EinsumDense \"e\"] expected an input of 3 axes by the equation 'abc,cd->abd', got shape (None, 2)");
  EXPECT_EQ(text("...bc,cd->...bd", {kUnknown, 3}, {}),
            "[EinsumDense \"e\"] expected an input of 2 or more axes by the equation '...bc,cd->...bd', got shape "
            "(None,)");
  EXPECT_EQ(text("ab,bc->ac", {3}, {kUnknown}),
            "[EinsumDense \"e\"] the length of the kernel along 'b' must be known, got input shape (None, None) and "
            "output_shape (3,)");
  EXPECT_EQ(text("ab,bc->ac", {kUnknown}, {2}),
            "[EinsumDense \"e\"] the length of the kernel along 'c' must be known, got input shape (None, 2) and "
            "output_shape (None,)");
  EXPECT_EQ(text("abc,cd->abd", {kUnknown, 3}, {kUnknown, 2}, "b"),
            "[EinsumDense \"e\"] the length of the bias along 'b' must be known, got input shape (None, None, 2) and "
            "output_shape (None, 3)");
}

TEST(EinsumDenseTest, ArgumentsThatAreMissingOrUnsupported) {
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense({.equation = "ab,bc->ac", .name = "e"}); }),
            "[EinsumDense \"e\"] expected an output_shape, got none");
  EXPECT_THROW(EinsumDense(), ValueError);
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense("ab,bc->ac", 3, {.lora_rank = 2}); }),
            "[EinsumDense] lora_rank is not supported, got 2");
  EXPECT_EQ(error_text<ValueError>([] { EinsumDense("ab,bc->ac", 3, {.equation = "ab,cb->ac"}); }),
            "EinsumDense(\"ab,bc->ac\", (3,), …): equation or output_shape are given twice");
  const auto read = [](const std::string& more) {
    saving::deserialize_any(
        registry(),
        R"({"class_name": "EinsumDense", "config": {"equation": "ab,bc->ac", "output_shape": [3])" + more + "}}",
        saving::KerasVersion::keras3);
  };
  EXPECT_NO_THROW(read(R"(, "quantization_config": null, "bias_axes": null)"));
  EXPECT_EQ(error_text<ValueError>([&] { read(R"(, "quantization_config": {"mode": "int8"})"); }),
            "EinsumDense: unknown argument 'quantization_config'");
}

}  // namespace
}  // namespace cornu::keras::layers

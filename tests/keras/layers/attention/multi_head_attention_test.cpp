// Values against real Keras are in the golden cases; here is what they do not have.
#include "cornu/keras/layers/attention/multi_head_attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/graph/function.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/pooling/global_pooling.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using testing::ElementsAre;
using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = tests::register_keras_samples([] {
  return tests::KerasSamples{
      {.kind = "layer",
       .class_name = "MultiHeadAttention",
       .config = R"({"num_heads": 3, "key_dim": 4, "value_dim": 2, "dropout": 0.25, "use_bias": false,
         "output_shape": [5], "attention_axes": [1], "sliding_window": 2, "kernel_initializer": "he_normal",
         "bias_initializer": "ones", "kernel_regularizer": "l2", "bias_regularizer": "l1",
         "activity_regularizer": "l2", "kernel_constraint": "non_neg", "bias_constraint": "max_norm",
         "use_gate": true, "seed": 3, BASE})",
       .in_keras2 = false,
       .example = {.inputs = {some({3, 4, 5}), some({3, 4, 6}, 2), some({3, 4, 7}, 3)},
                   .config = R"({"num_heads": 2, "key_dim": 3, "value_dim": 2, "output_shape": [5], "use_gate": true,
                     BASE})",
                   .free_axes = {1}}}};
});

Array of(const Shared<Layer>& layer, const Inputs& inputs) {
  const Function f([&](std::span<const Tensor>) {
    Context ctx;
    return Outputs{(*layer)(inputs, ctx).front()};
  });
  return f.call({})[0];
}

const Array kQuery = some({2, 4, 6}), kValue = some({2, 5, 6}, 2);

// A layer with weights that are no initial zeros.
MultiHeadAttention built(MultiHeadAttentionConfig config = {}) {
  config.num_heads = 2, config.key_dim = 3, config.name = "attention";
  MultiHeadAttention layer(std::move(config));
  call_layer(layer, {kQuery, kValue});
  std::vector<Array> weights;
  for (const Variable& w : layer->weights()) weights.push_back(some(w.shape(), 11 + weights.size()));
  layer->set_weights(weights);
  return layer;
}

TEST(MultiHeadAttentionTest, WeightsAreThoseOfKeras) {
  std::vector<std::string> names;
  std::vector<Shape> shapes;
  const MultiHeadAttention layer = built({.use_gate = true});
  for (const Variable& w : layer->weights()) names.push_back(w.name()), shapes.push_back(w.shape());
  EXPECT_THAT(names, ElementsAre("query/kernel", "query/bias", "key/kernel", "key/bias", "gate/kernel", "gate/bias",
                                 "value/kernel", "value/bias", "attention_output/kernel", "attention_output/bias"));
  EXPECT_THAT(shapes, ElementsAre(Shape{6, 2, 3}, Shape{2, 3}, Shape{6, 2, 3}, Shape{2, 3}, Shape{6, 2, 3}, Shape{2, 3},
                                  Shape{6, 2, 3}, Shape{2, 3}, Shape{2, 3, 6}, Shape{6}));
  std::vector<std::string> parts;
  for (const auto& part : layer->sublayers()) parts.push_back(part.name);
  EXPECT_THAT(parts, ElementsAre("query_dense", "key_dense", "_gate_dense", "value_dense", "output_dense"));
}

TEST(MultiHeadAttentionTest, AMaskedSourceStepIsAsIfItWereNotThere) {
  const MultiHeadAttention layer = built();
  Array mask = graph::ones({2, 5}, graph::bool_);
  for (int i : {3, 4, 8, 9}) mask.data<bool>()[i] = false;
  const Array shorter = call_layer(layer, {kQuery, tests::some({2, 5, 6}, 2)}, {Array(Shape{0}), mask}).output();
  std::vector<Array> rows;
  for (int b = 0; b < 2; ++b) rows.push_back(kValue.slice(b, b + 1).reshape({5, 6}).slice(0, 3).reshape({1, 3, 6}));
  EXPECT_TRUE(allclose(shorter, call_layer(layer, {kQuery, concatenate(rows)}).output(), 1e-5, 1e-6));
  // The same by name.
  EXPECT_TRUE(array_equal(shorter, of(layer, Inputs{Tensor(kQuery), Tensor(kValue)}.with("value_mask", Tensor(mask)))));
  EXPECT_TRUE(array_equal(shorter, of(layer, Inputs{Tensor(kQuery), Tensor(kValue)}.with(
                                                 "attention_mask", Tensor(mask.reshape({2, 1, 5}))))));
  EXPECT_TRUE(
      array_equal(shorter, of(layer, Inputs(Tensor(kQuery))
                                         .with("value", Tensor(kValue))
                                         .with("attention_mask", Tensor(mask.reshape({2, 1, 5}).astype(float32))))));
}

TEST(MultiHeadAttentionTest, AWhollyMaskedRowIsNoNan) {
  const MultiHeadAttention layer = built();
  const Tensor none(graph::zeros({2, 1, 5}, graph::bool_));
  for (const bool scores : {false, true}) {
    const Array y = of(layer, Inputs{Tensor(kQuery), Tensor(kValue)}
                                  .with("attention_mask", none)
                                  .with_value("return_attention_scores", scores));
    for (std::int64_t i = 0; i < y.size(); ++i) EXPECT_TRUE(std::isfinite(y.data<float>()[i]));
  }
}

TEST(MultiHeadAttentionTest, ScoresAddUpToOne) {
  const MultiHeadAttention layer = built({.sliding_window = 2});
  const Function f([&](const Tensor& q, const Tensor& v) {
    Context ctx;
    const Tensors y = layer(Inputs{q, v}, AttentionCall{.return_attention_scores = true, .use_causal_mask = true}, ctx);
    return Outputs{y[0], y[1]};
  });
  const Results y = f(kQuery, kValue);
  ASSERT_EQ(y[1].shape(), (Shape{2, 2, 4, 5}));
  for (int row = 0; row < 16; ++row) {
    float sum = 0;
    for (int s = 0; s < 5; ++s) {
      const float score = y[1].data<float>()[row * 5 + s];
      EXPECT_EQ(score > 0, s == row % 4 || s == row % 4 - 1) << row << ' ' << s;
      sum += score;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
  }
  const Array alone = of(layer, Inputs{Tensor(kQuery), Tensor(kValue)}.with_value("use_causal_mask", true));
  EXPECT_TRUE(allclose(alone, y[0], 1e-5, 1e-6));
}

TEST(MultiHeadAttentionTest, DropsScoresWhileTraining) {
  const MultiHeadAttention layer = built({.dropout = 0.5, .seed = 4});
  const Function f([&](const Tensor& q, const Tensor& v) {
    Context ctx(true);
    Outputs outputs{layer(q, v, ctx)};
    for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
    return outputs;
  });
  const Array a = f(kQuery, kValue), b = f(kQuery, kValue);
  EXPECT_FALSE(array_equal(a, b));
  EXPECT_FALSE(allclose(a, call_layer(layer, {kQuery, kValue}).output()));
}

TEST(MultiHeadAttentionTest, TheMaskOfTheQueryGoesOn) {
  const auto tokens = Input({.shape = {4}, .dtype = "int32"});
  const auto x = Embedding(5, 6, {.mask_zero = true})(tokens);
  const auto y = MultiHeadAttention(2, 3)(x, x);
  const models::Model model(tokens, GlobalAveragePooling1D()(y)), whole(tokens, y);
  const Array data{{1, 2, 0, 0}, {3, 0, 0, 0}};
  const Array mean = model.predict(data), all = whole.predict(data);
  for (int i = 0; i < 6; ++i) {
    EXPECT_NEAR(mean.data<float>()[i], (all.data<float>()[i] + all.data<float>()[6 + i]) / 2, 1e-6);
    EXPECT_NEAR(mean.data<float>()[6 + i], all.data<float>()[24 + i], 1e-6);
  }
}

TEST(MultiHeadAttentionTest, CallsOfEveryKindAreSaved) {
  const auto a = Input({.shape = {kUnknown, 6}, .name = "a"}), b = Input({.shape = {5, 6}, .name = "b"});
  const auto mask = Input({.shape = {kUnknown, 5}, .dtype = "bool", .name = "mask"});
  const MultiHeadAttention self(2, 3, {.name = "self"}), cross(2, 3, {.name = "cross"});
  const auto x = self(a, a, AttentionCall{.use_causal_mask = true});
  const auto [y, scores] =
      cross(x, b, AttentionCall{.key = b, .attention_mask = mask, .return_attention_scores = true}).get<2>();
  EXPECT_EQ(y.shape(), (Shape{kUnknown, kUnknown, 6}));
  EXPECT_EQ(scores.shape(), (Shape{kUnknown, 2, kUnknown, 5}));
  const models::Model model({.inputs = {a, b, mask}, .outputs = {y, scores}});
  Array counts = graph::ones({2, 4, 5}, graph::bool_);
  counts.data<bool>()[7] = false;
  const std::vector<Array> data{kQuery, kValue, counts};
  const std::vector<Array> want = model.predict(Arrays(data)).arrays();
  EXPECT_EQ(want[1].data<float>()[7], 0);
  const tests::TemporaryFolder folder;
  model.save(folder.path() / "m.h5");
  std::vector<models::Model> read{models::load_model(folder.path() / "m.h5"), models::model_from_json(model.to_json()),
                                  models::clone_model(model)};
  for (const auto version : {saving::KerasVersion::keras2, saving::KerasVersion::keras3}) {
    const std::string json = saving::serialize(*model.network(), version);
    read.emplace_back(saving::deserialize(registry(), json, version).as<models::Network>());
    if (version == saving::KerasVersion::keras2) {
      EXPECT_NE(json.find(R"(["self",0,0,{)"), std::string::npos) << json;
      EXPECT_NE(json.find(R"("value":["b",0,0])"), std::string::npos);
      EXPECT_NE(json.find(R"("query_shape":[null,null,6])"), std::string::npos);
    }
  }
  for (models::Model& other : read) {
    other.set_weights(model.get_weights());
    const std::vector<Array> got = other.predict(Arrays(data)).arrays();
    ASSERT_EQ(got.size(), 2U);
    for (int i = 0; i < 2; ++i)
      EXPECT_TRUE(array_equal(got[static_cast<std::size_t>(i)], want[static_cast<std::size_t>(i)]));
  }
}

TEST(MultiHeadAttentionTest, AttendsAlongAxesOfPictures) {
  const Array x = some({2, 3, 4, 6});
  const auto along = [&](std::vector<int> axes) {
    MultiHeadAttention layer(2, 3, {.attention_axes = std::move(axes)});
    call_layer(layer, {x, x});
    std::vector<Array> weights;
    for (const Variable& w : layer->weights()) weights.push_back(some(w.shape(), 11 + weights.size()));
    layer->set_weights(weights);
    return layer;
  };
  // Along the columns each row is a sequence of its own.
  const Array columns = call_layer(along({2}), {x, x}).output(), rows = call_layer(along({-3}), {x, x}).output();
  EXPECT_EQ(columns.shape(), x.shape());
  const auto flat = along({2});
  const Array single = x.reshape({6, 4, 6});
  MultiHeadAttention plain(2, 3);
  call_layer(plain, {single, single});
  plain->set_weights(flat->get_weights());
  EXPECT_TRUE(allclose(columns.reshape({6, 4, 6}), call_layer(plain, {single, single}).output(), 1e-5, 1e-6));
  EXPECT_FALSE(allclose(rows, columns));
}

TEST(MultiHeadAttentionTest, TrainsInMixedPrecision) {
  mixed_precision::set_global_policy("mixed_bfloat16");
  const auto x = Input({.shape = {4, 6}});
  const MultiHeadAttention attention(2, 3, {.dropout = 0.1});
  models::Model model(x, Dense(1)(GlobalAveragePooling1D()(attention(x, x, AttentionCall{.use_causal_mask = true}))));
  mixed_precision::set_global_policy("float32");
  EXPECT_EQ(attention->weights().front().dtype(), float32);
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "mse"});
  const Array data = some({32, 4, 6}), target = graph::mean(graph::mean(data, 1), 1).reshape({32, 1});
  const auto history = model.fit(data, target, {.batch_size = 8, .epochs = 12, .verbose = 0});
  EXPECT_LT(history["loss"].back(), history["loss"].front() / 2);
}

TEST(MultiHeadAttentionTest, SaysWhatIsWrong) {
  const auto text = [](MultiHeadAttentionConfig config) {
    config.name = "a";
    return error_text<ValueError>([&] { MultiHeadAttention layer(std::move(config)); });
  };
  const std::string who = "[MultiHeadAttention \"a\"] ";
  EXPECT_EQ(text({.num_heads = 0, .key_dim = 2}), who + "expected a positive num_heads, got 0");
  EXPECT_EQ(text({.num_heads = 2, .key_dim = -1}), who + "expected a positive key_dim, got -1");
  EXPECT_EQ(text({.num_heads = 2, .key_dim = 2, .value_dim = 0}), who + "expected a positive value_dim, got 0");
  EXPECT_EQ(text({.num_heads = 2, .key_dim = 2, .dropout = 2}), who + "expected a dropout from 0 to 1, got 2");
  EXPECT_EQ(text({.num_heads = 2, .key_dim = 2, .sliding_window = 0}),
            who + "expected a sliding_window of at least 1, got 0");
  EXPECT_EQ(text({.num_heads = 2, .key_dim = 2, .dropout = 0.5, .flash_attention = true}),
            who + "flash_attention takes no dropout, got 0.5");
  const MultiHeadAttention layer(2, 3, {.name = "a"});
  const auto x = Input({.shape = {4, 6}}), narrow = Input({.shape = {4, 5}}), flat = Input({.shape = {6}}),
             mask = Input({.shape = {3, 4}, .dtype = "bool"});
  EXPECT_EQ(error_text<ValueError>([&] { layer(x); }), who + "takes query, value and perhaps key, got 1 input");
  EXPECT_EQ(error_text<ShapeError>([&] { layer(x, flat); }),
            who +
                "expected inputs (batch, steps, features) of as many axes, three or more, got shapes (None, 4, 6), "
                "(None, 6)");
  EXPECT_EQ(error_text<ShapeError>([&] {
              layer(x, x, AttentionCall{.key = Input({.shape = {3, 6}})});
            }),
            who +
                "expected value and key of the same lengths but for the last, got shapes (None, 4, 6) and (None, 3, "
                "6)");
  layer(x, x);
  EXPECT_EQ(error_text<ShapeError>([&] { layer(x, narrow); }),
            who + "expected a value of 3 axes, the last of length 6, got shape (None, 4, 5)");
  EXPECT_EQ(error_text<ShapeError>([&] { layer(x, x, AttentionCall{.attention_mask = mask}); }),
            who + "expected attention_mask that broadcasts to (None, 4, 4), got shape (None, 3, 4)");
  EXPECT_EQ(error_text<ShapeError>([&] { layer(x, x, AttentionCall{.query_mask = mask}); }),
            who + "expected query_mask that broadcasts to (None, 4), got shape (None, 3, 4)");
  EXPECT_EQ(error_text<ValueError>([&] {
              layer({x, x}, {.values = {{"causal", true}}});
            }),
            who + "takes no argument 'causal' in a call; it takes: return_attention_scores, use_causal_mask");
  EXPECT_EQ(error_text<ValueError>([&] {
              layer({x, x}, {.values = {{"use_causal_mask", "yes"}}});
            }),
            who + "expected true or false for the argument 'use_causal_mask' of a call, got 'yes'");
  EXPECT_EQ(error_text<ValueError>([&] { layer({x, x}, {.named = {{"value", x}}}); }), who + "was given 'value' twice");
  EXPECT_EQ(error_text<ValueError>([&] {
              layer({x}, {.named = {{"key", x}}});
            }),
            who + "was given 'key', but no 'value'");
  EXPECT_EQ(error_text<ValueError>([&] { MultiHeadAttention(2, 3, {.attention_axes = {{0}}, .name = "a"})(x, x); }),
            who + "attention_axes has 0, expected different axes from 1 to 1 of inputs of 3 axes");
  EXPECT_EQ(error_text<ValueError>([&] {
              MultiHeadAttention(2, 3, {.flash_attention = true, .name = "a"})(
                  x, x, AttentionCall{.return_attention_scores = true});
            }),
            who + "flash_attention keeps no scores to be returned");
}

}  // namespace
}  // namespace cornu::keras::layers

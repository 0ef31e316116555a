// Values against real Keras are in the golden cases; here is what they do not have.
#include "cornu/keras/layers/attention/attention.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cornu/keras/layers/attention/additive_attention.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = tests::register_keras_samples([] {
  const auto sample = [](const char* name, const char* config, const char* called) {
    return tests::KerasSample{
        .kind = "layer",
        .class_name = name,
        .config = config,
        .in_keras2 = false,
        .example = {
            .inputs = {some({3, 4, 5}), some({3, 4, 6}, 2), some({3, 4, 5}, 3)}, .config = called, .free_axes = {1}}};
  };
  return tests::KerasSamples{
      sample("Attention", R"({"use_scale": true, "score_mode": "concat", "dropout": 0.25, "seed": 3, BASE})",
             R"({"use_scale": true, "seed": 3, BASE})"),
      sample("AdditiveAttention", R"({"use_scale": false, "dropout": 0.25, "seed": 3, BASE})", R"({"seed": 3, BASE})")};
});

const Array kQuery = some({2, 4, 6}), kValue = some({2, 5, 6}, 2);

std::vector<Shared<Layer>> every_kind() {
  return {Attention({.use_scale = true}), Attention({.score_mode = "concat"}), AdditiveAttention()};
}

TEST(AttentionTest, MasksOfQueryAndValueCount) {
  Array of_query = graph::ones({2, 4}, graph::bool_), of_value = graph::ones({2, 5}, graph::bool_);
  of_query.data<bool>()[1] = false;
  for (int i : {3, 4, 8, 9}) of_value.data<bool>()[i] = false;
  std::vector<Array> rows;
  for (int b = 0; b < 2; ++b) rows.push_back(kValue.slice(b, b + 1).reshape({5, 6}).slice(0, 3).reshape({1, 3, 6}));
  for (const auto& layer : every_kind()) {
    SCOPED_TRACE(layer->class_name());
    const auto call = call_layer(layer, {kQuery, kValue}, {of_query, of_value});
    Array want = call_layer(layer, {kQuery, concatenate(rows)}).output();
    for (int i = 6; i < 12; ++i) want.data<float>()[i] = 0;
    EXPECT_TRUE(allclose(call.output(), want, 1e-5, 1e-6)) << call.output() << want;
    ASSERT_TRUE(call.mask);
    EXPECT_TRUE(array_equal(*call.mask, of_query));
  }
}

TEST(AttentionTest, AWhollyMaskedRowIsNoNan) {
  for (const auto& layer : every_kind()) {
    const Array y = call_layer(layer, {kQuery, kValue}, {Array(Shape{0}), graph::zeros({2, 5}, graph::bool_)}).output();
    for (std::int64_t i = 0; i < y.size(); ++i) EXPECT_TRUE(std::isfinite(y.data<float>()[i])) << layer->class_name();
  }
}

TEST(AttentionTest, ScoresAndCausalMasksAreSaved) {
  for (const auto& layer : every_kind()) {
    SCOPED_TRACE(layer->class_name());
    const auto a = Input({.shape = {kUnknown, 6}}), b = Input({.shape = {5, 6}}),
               m = Input({.shape = {kUnknown}, .dtype = "bool"}), n = Input({.shape = {5}, .dtype = "bool"});
    const auto [y, scores] = layer({a, b}, {.named = {{"mask", m}, {"mask", n}},
                                            .values = {{"use_causal_mask", true}, {"return_attention_scores", true}}})
                                 .get<2>();
    EXPECT_EQ(scores.shape(), (Shape{kUnknown, kUnknown, 5}));
    const models::Model model({.inputs = {a, b, m, n}, .outputs = {y, scores}});
    Array of_value = graph::ones({2, 5}, graph::bool_);
    of_value.data<bool>()[0] = false;
    const std::vector<Array> data{kQuery, kValue, graph::ones({2, 4}, graph::bool_), of_value};
    const std::vector<Array> want = model.predict(Arrays(data)).arrays();
    for (int row = 0; row < 8; ++row)
      for (int s = 0; s < 5; ++s)
        EXPECT_EQ(want[1].data<float>()[row * 5 + s] > 0, s <= row % 4 && (row > 3 || s > 0)) << row << ' ' << s;
    const tests::TemporaryFolder folder;
    model.save(folder.path() / "m.h5");
    for (const models::Model& read :
         {models::load_model(folder.path() / "m.h5"), models::model_from_json(model.to_json())}) {
      models::Model other = read;
      other.set_weights(model.get_weights());
      const std::vector<Array> got = other.predict(Arrays(data)).arrays();
      ASSERT_EQ(got.size(), 2U);
      EXPECT_TRUE(array_equal(got[0], want[0]) && array_equal(got[1], want[1]));
    }
  }
}

TEST(AttentionTest, DropsScoresWhileTraining) {
  for (const Shared<Layer>& layer : {Shared<Layer>(Attention({.dropout = 0.5, .seed = 1})),
                                     Shared<Layer>(AdditiveAttention({.dropout = 0.5, .seed = 1}))}) {
    const Function f([&](const Tensor& q, const Tensor& v) {
      Context ctx(true);
      return (*layer)(Inputs{q, v}, ctx).front();
    });
    EXPECT_FALSE(allclose(f(kQuery, kValue), call_layer(layer, {kQuery, kValue}).output()));
  }
}

TEST(AttentionTest, SaysWhatIsWrong) {
  const std::string who = "[Attention \"a\"] ";
  EXPECT_EQ(error_text<ValueError>([] { Attention({.score_mode = "cosine", .name = "a"}); }),
            who + "expected score_mode 'dot' or 'concat', got 'cosine'");
  EXPECT_EQ(error_text<ValueError>([] { Attention({.dropout = -1, .name = "a"}); }),
            who + "expected a dropout from 0 to 1, got -1");
  const Attention layer({.name = "a"});
  const auto x = Input({.shape = {4, 6}}), narrow = Input({.shape = {4, 5}}),
             mask = Input({.shape = {3}, .dtype = "bool"});
  EXPECT_EQ(error_text<ValueError>([&] { layer(x); }),
            who + "takes a list of query, value and perhaps key, got 1 input");
  EXPECT_EQ(error_text<ShapeError>([&] {
              layer({x, narrow});
            }),
            who +
                "expected query (batch, steps, n), value (batch, source steps, …) and key (batch, source steps, n), "
                "got shapes (None, 4, 6), (None, 4, 5) and (None, 4, 5)");
  EXPECT_EQ(error_text<ShapeError>([&] {
              layer({x, x}, {.mask = mask});
            }),
            who + "expected a mask of the query that broadcasts to (None, 4), got shape (None, 3)");
  EXPECT_EQ(error_text<ValueError>([&] {
              layer({x, x}, {.values = {{"window", 3}}});
            }),
            who + "takes no argument 'window' in a call; it takes: return_attention_scores, use_causal_mask");
}

}  // namespace
}  // namespace cornu::keras::layers

#include "cornu/keras/layers/attention/attention_caches.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/attention/group_query_attention.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/decoder.h"
#include "cornu/keras/operations/arithmetic.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/gather.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"

namespace cornu::keras::layers {
namespace {

using tests::error_text;
using tests::some;

struct Places : Layer {
  Variable embeddings;
  void build(const Shape& input) override {
    embeddings = add_weight({.name = "embeddings", .shape = {16, input.back()}, .initializer = "uniform"});
  }
  Tensor call(const Tensor& x, Context& ctx) override {
    return x + ops::take(embeddings, positions(ctx, x.shape()[1]));
  }
};

models::Model model(std::optional<int> window = std::nullopt) {
  const auto tokens = Input({.shape = {kUnknown}, .dtype = "int32"});
  KerasTensor x = share(Places())(Embedding(20, 8, {.embeddings_initializer = "glorot_uniform"})(tokens));
  const AttentionCall causal{.use_causal_mask = true};
  x = x + MultiHeadAttention(2, 4, {.sliding_window = window})(x, x, causal);
  const GroupQueryAttention shared(4, 4, 2, {.sliding_window = window});
  x = x + shared(x, x, causal);
  x = x + shared(x, x, causal);  // twice, with a cache for each
  return {tokens, Dense(5)(x)};
}

const Array kTokens{{3, 7, 1, 19, 4, 4, 8}, {2, 0, 11, 5, 17, 6, 9}};

// Columns [from, to) of each row.
Array columns(const Array& x, std::int64_t from, std::int64_t to) {
  std::vector<Array> rows;
  Shape shape = x.shape().drop_front();
  for (std::int64_t i = 0; i < x.rows(); ++i) rows.push_back(x.slice(i, i + 1).reshape(shape).slice(from, to));
  return graph::stack(rows);
}

TEST(AttentionCachesTest, StepsGiveWhatAllOfThemGive) {
  for (const std::optional<int> window : {std::optional<int>(), std::optional<int>(3)}) {
    const models::Model m = model(window);
    const Array whole = m.predict(kTokens);
    models::Decoder decode(m, {.max_length = 10});
    for (int round = 0; round < 2; ++round) {
      std::int64_t at = 0;
      for (const std::int64_t steps : {3, 1, 2, 1}) {
        const Array got = decode(columns(kTokens, at, at + steps));
        EXPECT_TRUE(allclose(got, columns(whole, at, at + steps), 1e-4, 1e-5)) << at;
        EXPECT_EQ(decode.length(), at += steps);
      }
      decode.reset();
      EXPECT_EQ(decode.length(), 0);
    }
    EXPECT_TRUE(allclose(decode(columns(kTokens, 0, 1).slice(1, 2)), columns(whole, 0, 1).slice(1, 2), 1e-4, 1e-5))
        << "another batch after a reset";
    EXPECT_TRUE(array_equal(m.predict(kTokens), whole));
  }
}

TEST(AttentionCachesTest, SaysWhatIsWrong) {
  EXPECT_EQ(error_text<ValueError>([] { AttentionCaches caches(0); }),
            "AttentionCaches: expected a max_length of at least 1, got 0");
  models::Model m = model();
  models::Decoder decode(m, {.max_length = 4});
  const std::string who = "Decoder of model \"" + m.name() + "\": ";
  decode(columns(kTokens, 0, 3));
  EXPECT_EQ(error_text<ShapeError>([&] { decode(columns(kTokens, 3, 5)); }),
            who + "has seen 3 of at most 4 steps, got 2 more");
  EXPECT_EQ(error_text<ShapeError>([&] { decode(columns(kTokens, 3, 4).slice(0, 1)); }),
            who + "expected a batch of 2 as before, got 1");
  EXPECT_EQ(error_text<ShapeError>([&] {
              decode(Array{1, 2});
            }),
            who + "expected steps (batch, steps, …), got shape (2,)");
  // A mask would be of the new steps alone.
  const auto tokens = Input({.shape = {kUnknown}, .dtype = "int32"});
  const auto x = Embedding(20, 8, {.mask_zero = true})(tokens);
  models::Decoder masked(
      models::Model(tokens, MultiHeadAttention(2, 4, {.name = "a"})(x, x, AttentionCall{.use_causal_mask = true})),
      {.max_length = 4});
  EXPECT_EQ(error_text<ValueError>([&] { masked(columns(kTokens, 0, 1)); }),
            "[MultiHeadAttention \"a\"] takes no masks beside its caches");
}

}  // namespace
}  // namespace cornu::keras::layers

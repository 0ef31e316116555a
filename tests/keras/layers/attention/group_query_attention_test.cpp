#include "cornu/keras/layers/attention/group_query_attention.h"

#include <gtest/gtest.h>

#include "cornu/keras/layers/core/input_layer.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::layers {
namespace {

using tests::call_layer;
using tests::error_text;
using tests::some;

const bool samples = tests::register_keras_samples([] {
  return tests::KerasSamples{
      {.kind = "layer",
       .class_name = "GroupQueryAttention",
       .config = R"({"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "dropout": 0.25,
         "use_bias": false, "sliding_window": 2, "kernel_initializer": "he_normal", "bias_initializer": "ones",
         "kernel_regularizer": "l2", "bias_regularizer": "l1", "activity_regularizer": "l2",
         "kernel_constraint": "non_neg", "bias_constraint": "max_norm", "use_gate": true, "seed": 3, BASE})",
       .in_keras2 = false,
       .example = {
           .inputs = {some({3, 4, 5}), some({3, 4, 5}, 2)},
           .config = R"({"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, "use_gate": true, BASE})",
           .free_axes = {1}}}};
});

// With keys' heads repeated it is MultiHeadAttention.
TEST(GroupQueryAttentionTest, SharesHeadsOfKeys) {
  const Array x = some({2, 4, 6}), y = some({2, 5, 6}, 2);
  GroupQueryAttention grouped(3, 4, 2);
  MultiHeadAttention whole(4, 3);
  call_layer(grouped, {x, y}), call_layer(whole, {x, y});
  std::vector<Array> weights, repeated;
  for (const Variable& w : grouped->weights()) {
    weights.push_back(some(w.shape(), 11 + weights.size()));
    const Array& last = weights.back();
    const bool of_key = w.name().starts_with("key") || w.name().starts_with("value");
    if (!of_key) {
      repeated.push_back(last);
      continue;
    }
    const Array heads = last.reshape({-1, 2, 1, 3});
    const Array twice = concatenate({heads, heads}, 2);
    repeated.push_back(twice.reshape(last.ndim() == 2 ? Shape{4, 3} : Shape{6, 4, 3}));
  }
  grouped->set_weights(weights), whole->set_weights(repeated);
  EXPECT_TRUE(allclose(call_layer(grouped, {x, y}).output(), call_layer(whole, {x, y}).output(), 1e-5, 1e-6));
  const auto scores = [&](const auto& layer) {
    const Function f([&](const Tensor& a, const Tensor& b) {
      Context ctx;
      return layer(Inputs{a, b}, AttentionCall{.return_attention_scores = true, .use_causal_mask = true}, ctx)[1];
    });
    return f(x, y);
  };
  const Array a = scores(grouped), b = scores(whole);
  EXPECT_EQ(a.shape(), (Shape{2, 4, 4, 5}));
  EXPECT_TRUE(allclose(a, b, 1e-5, 1e-6));
}

TEST(GroupQueryAttentionTest, SaysWhatIsWrong) {
  const auto text = [](GroupQueryAttentionConfig config) {
    config.name = "g";
    return error_text<ValueError>([&] { GroupQueryAttention layer(std::move(config)); });
  };
  const std::string who = "[GroupQueryAttention \"g\"] ";
  EXPECT_EQ(text({.head_dim = 0, .num_query_heads = 4, .num_key_value_heads = 2}),
            who + "expected a positive head_dim, got 0");
  EXPECT_EQ(text({.head_dim = 2, .num_query_heads = 0, .num_key_value_heads = 2}),
            who + "expected a positive num_query_heads, got 0");
  EXPECT_EQ(text({.head_dim = 2, .num_query_heads = 4, .num_key_value_heads = -2}),
            who + "expected a positive num_key_value_heads, got -2");
  EXPECT_EQ(text({.head_dim = 2, .num_query_heads = 4, .num_key_value_heads = 3}),
            who + "expected num_query_heads that num_key_value_heads divides, got 4 and 3");
}

}  // namespace
}  // namespace cornu::keras::layers

// A small GPT: a model of characters that learns from text which this program makes, then writes some itself, character
// by character. It keeps the keys and values of what it has read, so that each character costs one step.
#include <cornu/cornu.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>

using namespace cornu;
using namespace cornu::keras;

const std::string kLetters = " .abcdefghijklmnopqrstuvwxyz";
const std::vector<std::string> kWho = {"the cat", "a dog", "my bird", "the old fish"}, kDoes = {"sees", "likes", "follows"};

/// Adds a vector for a step's place in the text.
struct PlaceEmbedding : layers::Layer {
  int places = 64;
  Variable embeddings;
  void build(const Shape& input) override {
    embeddings = add_weight({.name = "embeddings", .shape = {places, input.back()}, .initializer = "uniform"});
  }
  Tensor call(const Tensor& x, Context& ctx) override {
    return x + ops::take(embeddings, layers::positions(ctx, x.shape()[1]));
  }
};

/// (batch, steps, width) -> the same: each step reads those before it, then thinks for itself.
KerasTensor block(KerasTensor x, int heads, int width) {
  auto y = layers::LayerNormalization()(x);
  x = x + layers::MultiHeadAttention(heads, width / heads)(y, y, layers::AttentionCall{.use_causal_mask = true});
  y = layers::Dense(4 * width, {.activation = "gelu"})(layers::LayerNormalization()(x));
  return x + layers::Dense(width)(y);
}

std::string written(const std::string& prompt, std::size_t length, const std::function<Array(const std::string&)>& read) {
  std::string text = prompt, unread = prompt;
  while (text.size() < length) {
    const Array scores = read(unread);  // (1, steps, letters); the last step says what follows
    unread = kLetters[static_cast<std::size_t>(argmax(scores.slice(0, 1).reshape({-1, 28}), -1).data<std::int64_t>()[unread.size() - 1])];
    text += unread;
  }
  return text;
}

int main() {
  utils::set_random_seed(1);
  std::mt19937 dice(1);
  std::set<std::string> sentences;
  std::string text;
  for (int i = 0; i < 2000; ++i) {
    const std::string sentence = kWho[dice() % 4] + ' ' + kDoes[dice() % 3] + ' ' + kWho[dice() % 4];
    sentences.insert(sentence);
    text += sentence + ". ";
  }
  std::vector<int> numbers;
  for (const char letter : text) numbers.push_back(static_cast<int>(kLetters.find(letter)));
  const int steps = 48, pieces = static_cast<int>(numbers.size() / steps) - 1;
  Array all(numbers), x = all.slice(0, pieces * steps).reshape({pieces, steps}),
                      y = all.slice(1, pieces * steps + 1).reshape({pieces, steps});

  auto letters = layers::Input({.shape = {kUnknown}, .dtype = "int32"});
  KerasTensor h = share(PlaceEmbedding())(layers::Embedding(28, 32)(letters));
  for (int i = 0; i < 2; ++i) h = block(h, 4, 32);
  models::Model gpt(letters, layers::Dense(28)(layers::LayerNormalization()(h)));
  gpt.compile({.optimizer = optimizers::Adam({.learning_rate = 0.003}),
               .loss = losses::SparseCategoricalCrossentropy({.from_logits = true})});
  gpt.fit(x, y, {.batch_size = 32, .epochs = 4, .verbose = 0});

  const auto encoded = [](const std::string& s) {
    std::vector<int> list;
    for (const char letter : s) list.push_back(static_cast<int>(kLetters.find(letter)));
    return Array(list).reshape({1, -1});
  };
  // Once with what was read before kept, once reading all of it again for each letter.
  models::Decoder decode(gpt, {.max_length = 64});
  const std::string prompt = "my bird ", quick = written(prompt, 60, [&](const std::string& s) { return decode(encoded(s)); });
  std::string before;
  const std::string slow = written(prompt, 60, [&](const std::string& s) {
    before += s;
    const Array scores = gpt.predict(encoded(before));
    return scores.reshape({-1, 28}).slice(static_cast<std::int64_t>(before.size() - s.size()), static_cast<std::int64_t>(before.size())).reshape({1, -1, 28});
  });
  int right = 0, whole = 0;
  for (std::size_t at = 0, dot; (dot = quick.find('.', at)) != std::string::npos; at = dot + 2, ++whole)
    right += static_cast<int>(sentences.count(quick.substr(at, dot - at)));
  std::cerr << quick << '\n';
  std::cout << std::boolalpha << "the same text with the cache and without: " << (quick == slow) << '\n'
            << "every sentence is one of the language: " << (whole > 0 && right == whole) << '\n';
}

// Prints:
//   the same text with the cache and without: true
//   every sentence is one of the language: true

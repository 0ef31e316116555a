// A small GPT: a model of characters that learns from text which this program makes, then writes some itself, character
// by character. It keeps the keys and values of what it has read, so that each character costs one step.
#include <cornu/cornu.h>

#include <functional>
#include <iostream>
#include <random>
#include <set>

using namespace cornu;
using namespace cornu::keras;

const std::string kLetters = " .abcdefghijklmnopqrstuvwxyz";
const std::vector<std::string> kWho = {"the cat", "a dog", "my bird", "the old fish"},
                               kDoes = {"sees", "likes", "follows"};

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

Array encoded(const std::string& text) {
  std::vector<int> numbers;
  for (const char letter : text) numbers.push_back(static_cast<int>(kLetters.find(letter)));
  return Array(numbers).reshape({1, -1});
}

/// Goes on with a text: `read` gives scores (1, steps, letters) for what it has not read yet, of which the last say
/// what follows.
std::string written(std::string text, std::size_t length, const std::function<Array(const std::string&)>& read) {
  for (std::string unread = text; text.size() < length; text += unread) {
    const Array scores = read(unread).reshape({-1, static_cast<std::int64_t>(kLetters.size())});
    const Array likeliest = argmax(scores, -1);
    unread = kLetters[static_cast<std::size_t>(likeliest.data<std::int64_t>()[likeliest.size() - 1])];
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
  const std::int64_t steps = 64, pieces = static_cast<std::int64_t>(text.size()) / steps - 1, n = pieces * steps;
  const Array all = encoded(text).reshape({-1});
  const Array x = all.slice(0, n).reshape({pieces, steps}), y = all.slice(1, n + 1).reshape({pieces, steps});

  const int letters = static_cast<int>(kLetters.size()), width = 32;
  const auto input = layers::Input({.shape = {kUnknown}, .dtype = "int32"});
  KerasTensor h = share(PlaceEmbedding())(layers::Embedding(letters, width)(input));
  for (int i = 0; i < 2; ++i) h = block(h, 4, width);
  models::Model gpt(input, layers::Dense(letters)(layers::LayerNormalization()(h)));
  gpt.compile({.optimizer = optimizers::Adam({.learning_rate = 0.003}),
               .loss = losses::SparseCategoricalCrossentropy({.from_logits = true})});
  gpt.fit(x, y, {.batch_size = 16, .epochs = 12, .verbose = 0});

  // Once with keys and values of what was read, once reading all of it again for each letter.
  models::Decoder decode(gpt, {.max_length = steps});
  const auto with_cache = [&](const std::string& unread) { return decode(encoded(unread)); };
  std::string before;
  const auto without = [&](const std::string& unread) { return gpt.predict(encoded(before += unread)); };
  const std::string quick = written("my bird ", 64, with_cache), slow = written("my bird ", 64, without);

  std::size_t whole = 0, right = 0;
  for (std::size_t at = 0, dot = 0; (dot = quick.find('.', at)) != std::string::npos; at = dot + 2) {
    ++whole;
    right += sentences.count(quick.substr(at, dot - at));
  }
  std::cerr << quick << '\n';
  std::cout << std::boolalpha << "the same text with the cache and without: " << (quick == slow) << '\n'
            << "sentences of the language: " << right << " of " << whole << '\n';
}

// Prints:
//   the same text with the cache and without: true
//   sentences of the language: 2 of 2

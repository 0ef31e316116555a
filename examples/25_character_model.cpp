// Two LSTM layers learn a language letter by letter from text that this program makes, and then write some of their
// own, one letter at a time: stateful layers keep what they have read between calls.
#include <cornu/cornu.h>

#include <iostream>
#include <random>
#include <sstream>

using namespace cornu;
using namespace cornu::keras;

const std::string kLetters = " .abcdefghijklmnopqrstuvwxyz";

/// The model for so many texts side by side of so many letters: (batch, steps) -> (batch, steps, letters).
models::Sequential reader(int batch, std::int64_t steps) {
  const int letters = static_cast<int>(kLetters.size());
  return {layers::Input({.shape = {steps}, .batch_size = batch, .dtype = "int32"}), layers::Embedding(letters, 16),
          layers::LSTM(64, {.return_sequences = true, .stateful = true}),
          layers::LSTM(64, {.return_sequences = true, .stateful = true}), layers::Dense(letters)};
}

int main() {
  utils::set_random_seed(1);
  std::mt19937 dice(1);
  const std::vector<std::string> words = {"a", "bird", "cat", "dog", "fish", "old", "sees", "sings", "the", "young"};
  std::string text;
  while (text.size() < 40000) text += words[dice() % words.size()] + (dice() % 6 == 0 ? ". " : " ");

  // Batch b has the b-th piece of each of 20 texts, so that layers go on in the next batch where they were.
  const std::int64_t batch = 20, steps = 40, batches = static_cast<std::int64_t>(text.size()) / (batch * steps) - 1;
  Array x({batches * batch, steps}, int32), y({batches * batch, steps}, int32);
  for (std::int64_t b = 0; b < batches; ++b)
    for (std::int64_t row = 0; row < batch; ++row)
      for (std::int64_t i = 0; i < steps; ++i) {
        const auto at = static_cast<std::size_t>((row * batches + b) * steps + i);
        x.at<std::int32_t>({b * batch + row, i}) = static_cast<std::int32_t>(kLetters.find(text[at]));
        y.at<std::int32_t>({b * batch + row, i}) = static_cast<std::int32_t>(kLetters.find(text[at + 1]));
      }
  models::Sequential model = reader(static_cast<int>(batch), steps);
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.01}),
                 .loss = losses::SparseCategoricalCrossentropy({.from_logits = true})});
  for (int epoch = 0; epoch < 8; ++epoch) {
    model.reset_states();
    model.fit(x, y, {.batch_size = static_cast<int>(batch), .verbose = 0, .shuffle = false});
  }

  // The same weights for one text of one letter: each call goes on with it.
  models::Sequential writer = reader(1, 1);
  writer.set_weights(model.get_weights());
  std::string written = "the ";
  std::size_t read = 0;
  Array scores;
  random::Generator chance(1);
  while (written.size() < 600) {
    for (; read < written.size(); ++read)
      scores = writer.predict(Array(std::vector<int>{static_cast<int>(kLetters.find(written[read]))}).reshape({1, 1}));
    const Array odds = exp(scores.reshape({-1}) / 0.5);
    double left = chance.uniform({1}, 0, 1).item<double>() * sum(odds).item<double>();
    std::size_t letter = 0;
    for (; letter + 1 < kLetters.size(); ++letter)
      if ((left -= odds.data<float>()[letter]) < 0) break;
    written += kLetters[letter];
  }

  std::istringstream in(written.substr(0, written.rfind(' ')));
  int known = 0, all = 0;
  for (std::string word; in >> word; ++all) {
    if (word.back() == '.') word.pop_back();
    known += std::count(words.begin(), words.end(), word) > 0 ? 1 : 0;
  }
  std::cerr << written << "\n" << known << " of " << all << " words are of the language\n";
  std::cout << std::boolalpha << "writes the words that it has read: " << (known >= 0.97 * all) << '\n';
}

// Prints:
//   writes the words that it has read: true

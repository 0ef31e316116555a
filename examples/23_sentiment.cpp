// Sentences that praise or blame, where "not" turns a word's meaning round: TextVectorization makes numbers of words,
// an LSTM reads them in their order. The model takes texts and its file holds the words.
#include <cornu/cornu.h>

#include <iostream>
#include <random>

using namespace cornu;
using namespace cornu::keras;

const std::vector<std::string> kGood = {"good", "great", "fine", "lovely", "funny", "clever"},
                               kBad = {"bad", "poor", "dull", "weak", "boring", "clumsy"},
                               kWhat = {"the film", "the music", "this book", "her play", "every scene"},
                               kHow = {"was", "is", "seems"}, kVery = {"", "", "very ", "really "};

struct Reviews {
  std::vector<std::string> texts;
  std::vector<float> labels;  // 1: praise
};

Reviews reviews(int count, std::mt19937& dice) {
  const auto any = [&](const std::vector<std::string>& list) { return list[dice() % list.size()]; };
  Reviews all;
  for (int i = 0; i < count; ++i) {
    const bool good = dice() % 2 == 0, turned = dice() % 2 == 0;
    all.texts.push_back(any(kWhat) + ' ' + any(kHow) + (turned ? " not " : " ") + any(kVery) +
                        any(good ? kGood : kBad));
    all.labels.push_back(good != turned ? 1.F : 0.F);
  }
  return all;
}

int main() {
  utils::set_random_seed(1);
  std::mt19937 dice(1);
  const Reviews train = reviews(2000, dice), test = reviews(500, dice);

  layers::TextVectorization vectorize({.output_sequence_length = 8});
  vectorize->adapt(train.texts);
  models::Sequential model({layers::Input({.shape = {1}, .dtype = "string"}), vectorize,
                            layers::Embedding(static_cast<int>(vectorize->vocabulary_size()), 8, {.mask_zero = true}),
                            layers::LSTM(16), layers::Dense(1, {.activation = "sigmoid"})});
  model.compile(
      {.optimizer = optimizers::Adam({.learning_rate = 0.01}), .loss = "binary_crossentropy", .metrics = {"accuracy"}});
  const auto column = [](const Reviews& r) { return Strings(r.texts, {-1, 1}); };
  const auto labels = [](const Reviews& r) { return Array(r.labels).reshape({-1, 1}); };
  model.fit(column(train), labels(train), {.epochs = 6, .verbose = 0});
  const double accuracy = model.evaluate(column(test), labels(test), {.verbose = 0})["accuracy"];

  const Strings said({"The film was not really good!", "The film was really good, not dull."}, {-1, 1});
  std::cerr << "accuracy " << accuracy << ", of two more: " << model.predict(said.array()) << '\n';
  model.save("sentiment.h5");
  const models::Model again = models::load_model("sentiment.h5");
  std::cout << std::boolalpha << "words: " << vectorize->vocabulary_size() << '\n'
            << "right: " << (accuracy >= 0.99) << '\n'
            << "the same from the file: " << array_equal(again.predict(said.array()), model.predict(said.array()))
            << '\n';
}

// Prints:
//   words: 29
//   right: true
//   the same from the file: true

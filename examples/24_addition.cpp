// Numbers as text, "47+85" -> "132": an encoder reads the sum, a decoder that starts from its states writes the answer
// digit by digit, and looks back at what was read by attention.
#include <cornu/cornu.h>

#include <algorithm>
#include <iostream>
#include <numeric>
#include <random>

using namespace cornu;
using namespace cornu::keras;

constexpr int kLetters = 13, kPlus = 11, kStart = 12;  // 0 is no letter, 1 to 10 are digits
constexpr std::int64_t kQuestion = 5, kAnswer = 3;

void put_digits(std::int32_t* to, int number, int digits) {
  for (int i = digits; i-- > 0; number /= 10) to[i] = 1 + number % 10;
}

/// Sums of numbers below 100, as letters: what is asked, (n, 5), and the answers, (n, 3).
struct Sums {
  Array questions, answers;
  explicit Sums(const std::vector<int>& pairs)
      : questions({static_cast<std::int64_t>(pairs.size()), kQuestion}, int32),
        answers({static_cast<std::int64_t>(pairs.size()), kAnswer}, int32) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const int a = pairs[i] / 100, b = pairs[i] % 100;
      auto* question = questions.data<std::int32_t>() + static_cast<std::int64_t>(i) * kQuestion;
      put_digits(question, a, 2), question[2] = kPlus, put_digits(question + 3, b, 2);
      put_digits(answers.data<std::int32_t>() + static_cast<std::int64_t>(i) * kAnswer, a + b, 3);
    }
  }
  /// What the decoder reads: the start, and then the answer as far as it is known.
  static Array shifted(const Array& answers) {
    const Array start = full({answers.shape()[0], 1}, kStart, int32);
    return concatenate({start, answers.transpose().slice(0, kAnswer - 1).transpose()}, 1);
  }
};

models::Model adder() {
  const auto question = layers::Input({.shape = {kQuestion}, .dtype = "int32", .name = "question"}),
             written = layers::Input({.shape = {kAnswer}, .dtype = "int32", .name = "written"});
  layers::Embedding letters(kLetters, 16);
  auto [read, h, c] = layers::LSTM(64, {.return_sequences = true, .return_state = true})(letters(question)).get<3>();
  const KerasTensor y = layers::LSTM(64, {.return_sequences = true})(letters(written), {.initial_state = {h, c}});
  const KerasTensor looked_up = layers::Attention()({y, read});
  return models::Model({question, written},
                       layers::Dense(kLetters, {.activation = "softmax"})(layers::Concatenate()({y, looked_up})));
}

int main() {
  utils::set_random_seed(1);
  std::vector<int> pairs(10000);
  std::iota(pairs.begin(), pairs.end(), 0);
  std::shuffle(pairs.begin(), pairs.end(), std::mt19937(1));
  const Sums train({pairs.begin(), pairs.begin() + 8000}), test({pairs.begin() + 8000, pairs.end()});

  models::Model model = adder();
  model.compile({.optimizer = optimizers::Adam({.learning_rate = 0.005}), .loss = "sparse_categorical_crossentropy"});
  model.fit({train.questions, Sums::shifted(train.answers)}, train.answers,
            {.batch_size = 64, .epochs = 30, .verbose = 0});

  // Each letter is written by the decoder itself, from the letters before.
  Array written = zeros({2000, kAnswer}, int32);
  for (std::int64_t place = 0; place < kAnswer; ++place) {
    const Array likeliest = argmax(model.predict({test.questions, Sums::shifted(written)})[0], -1);
    for (std::int64_t i = 0; i < 2000; ++i)
      written.at<std::int32_t>({i, place}) = static_cast<std::int32_t>(likeliest.at<std::int64_t>({i, place}));
  }
  int right = 0;
  for (std::int64_t i = 0; i < 2000; ++i) right += array_equal(written[i], test.answers[i]) ? 1 : 0;
  std::cerr << right / 20. << " % of the answers are right\n";
  std::cout << std::boolalpha << "adds what it has not seen: " << (right >= 1900) << '\n';
}

// Prints:
//   adds what it has not seen: true

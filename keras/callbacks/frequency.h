#pragma once

#include <string>
#include <utility>

namespace cornu::keras::callbacks {

/// How often a callback does something: a word that it knows ("epoch", "batch"), or after so many batches.
class Frequency {
 public:
  Frequency(const char* word) : word_(word) {}                    // NOLINT: a word
  Frequency(std::string word) : word_(std::move(word)) {}         // NOLINT: a word
  Frequency(int batches) : is_word_(false), batches_(batches) {}  // NOLINT: a number

  /// Empty for a number of batches.
  const std::string& word() const { return word_; }
  bool is_word() const { return is_word_; }
  int batches() const { return batches_; }

 private:
  bool is_word_ = true;
  std::string word_;
  int batches_ = 0;
};

}  // namespace cornu::keras::callbacks

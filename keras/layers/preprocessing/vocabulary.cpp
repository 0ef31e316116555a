#include "cornu/keras/layers/preprocessing/vocabulary.h"

namespace cornu::keras::layers {

void TextLayer::learn(const std::vector<Array>& batches) {
  std::vector<Strings> texts;
  for (const Array& batch : batches) texts.push_back(Strings::of(batch));
  learn_texts(texts);
}

}  // namespace cornu::keras::layers

#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "cornu/keras/data/arrays.h"

namespace cornu::keras {

/// Texts in the shape of an array, for the layers that take texts: StringLookup, TextVectorization, Hashing. As data of
/// a model they are an Array of uint8 with one more axis, the bytes of each text with zeros behind them, as NumPy's
/// arrays of bytes lie in memory ("S8"); so what takes arrays takes texts, and a text cannot end with a zero byte. That
/// axis has a power of two for its length, at least 8: batches of different texts make few different shapes.
///
///     Strings words{"earth", "wind", "fire"};          // shape (3,)
///     Array ids = lookup(words);
///     model.fit(words.reshape({-1, 1}), labels);       // of a model with Input({.shape = {1}, .dtype = "string"})
///     Array y = model.predict(words.array());
///     std::vector<std::string> back = Strings::of(inverse(ids)).values();
class CORNU_EXPORT Strings {
 public:
  Strings() = default;
  Strings(std::vector<std::string> texts);            // NOLINT: shape (n,)
  Strings(std::initializer_list<const char*> texts);  // NOLINT: likewise
  Strings(
      const std::vector<std::vector<std::string>>& texts);  // NOLINT: rows; throws ShapeError unless all are as long
  /// Throws ShapeError unless the shape has as many elements. One length may be -1.
  Strings(std::vector<std::string> texts, const graph::Shape& shape);
  /// The texts in an array of uint8. Throws TypeError for another one, and for one without axes.
  static Strings of(const graph::Array& bytes);

  const graph::Shape& shape() const { return shape_; }
  /// One after another, the last axis running fastest.
  const std::vector<std::string>& values() const { return values_; }
  std::size_t size() const { return values_.size(); }
  Strings reshape(const graph::Shape& shape) const { return {values_, shape}; }

  graph::Array array() const;
  operator Arrays() const { return array(); }  // NOLINT: is data

  friend bool operator==(const Strings& a, const Strings& b) { return a.shape_ == b.shape_ && a.values_ == b.values_; }

 private:
  graph::Shape shape_{0};
  std::vector<std::string> values_;
};

}  // namespace cornu::keras

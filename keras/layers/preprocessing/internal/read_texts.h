#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::keras::layers::internal {

/// Makes numbers of texts; several threads ask at the same time.
class TextReader {
 public:
  TextReader();
  virtual ~TextReader();
  TextReader(const TextReader&) = delete;
  TextReader& operator=(const TextReader&) = delete;
  /// Appends the numbers of a row of texts.
  virtual void read(std::span<const std::string_view> texts, std::vector<std::int64_t>& numbers) const = 0;
  /// Tells one reader from every other in a process: a graph does not take two for one.
  std::int64_t identity() const { return identity_; }

 private:
  std::int64_t identity_;
};

/// How the numbers of a row come: `length` of them, cut off or with zeros behind them, int64; or how often each from 0
/// to length - 1 is among them, float32, where others count nowhere.
enum class ReadAs { sequence, counts };

/// The numbers of each row of x, uint8 (rows, texts in a row, bytes): (rows, length).
graph::Tensor read_texts(const graph::Tensor& x, std::shared_ptr<const TextReader> reader, ReadAs as,
                         std::int64_t length);

}  // namespace cornu::keras::layers::internal

#include "cornu/keras/data/strings.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/ops/internal/text_bytes.h"

namespace cornu::keras {

using graph::Array;
using graph::require;
using graph::Shape;
using graph::ShapeError;
using graph::TypeError;

namespace {

constexpr std::size_t kLeastLength = 8;

Shape completed(Shape shape, std::int64_t size) {
  std::int64_t others = 1;
  int open = -1;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (shape[axis] < 0 && open < 0)
      open = axis;
    else
      others *= shape[axis];
  }
  if (open >= 0 && others > 0) shape[open] = size / others;
  require<ShapeError>(shape.is_static() && shape.elements() == size, "Strings: ", size, " texts have no shape ", shape);
  return shape;
}

std::vector<std::string> in_a_row(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows) {
    require<ShapeError>(row.size() == rows.front().size(), "Strings: expected rows of one length, got ",
                        rows.front().size(), " and ", row.size(), " texts");
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

}  // namespace

Strings::Strings(std::vector<std::string> texts)
    : shape_{static_cast<std::int64_t>(texts.size())}, values_(std::move(texts)) {}
Strings::Strings(std::initializer_list<const char*> texts)
    : Strings(std::vector<std::string>(texts.begin(), texts.end())) {}
Strings::Strings(const std::vector<std::vector<std::string>>& texts)
    : shape_{static_cast<std::int64_t>(texts.size()), texts.empty() ? 0 : static_cast<std::int64_t>(texts[0].size())},
      values_(in_a_row(texts)) {}
Strings::Strings(std::vector<std::string> texts, const Shape& shape)
    : shape_(completed(shape, static_cast<std::int64_t>(texts.size()))), values_(std::move(texts)) {}

Strings Strings::of(const Array& bytes) {
  require<TypeError>(bytes.dtype() == graph::uint8 && bytes.ndim() > 0,
                     "Strings: expected an array of texts, uint8 with an axis of bytes, got ", bytes.dtype(),
                     " of shape ", bytes.shape());
  const Shape shape = bytes.shape().drop_back();
  const std::int64_t length = bytes.shape().back();
  std::vector<std::string> texts(static_cast<std::size_t>(shape.elements()));
  for (std::size_t i = 0; i < texts.size(); ++i)
    texts[i] = ops::internal::text_in(bytes.data<std::uint8_t>() + static_cast<std::int64_t>(i) * length, length);
  return {std::move(texts), shape};
}

Array Strings::array() const {
  std::size_t longest = kLeastLength;
  for (const std::string& text : values_) longest = std::max(longest, text.size());
  const auto length = static_cast<std::int64_t>(std::bit_ceil(longest));
  Array bytes = graph::zeros(shape_.append(length), graph::uint8);
  std::uint8_t* row = bytes.data<std::uint8_t>();
  for (const std::string& text : values_) {
    if (!text.empty()) std::memcpy(row, text.data(), text.size());
    row += length;
  }
  return bytes;
}

}  // namespace cornu::keras

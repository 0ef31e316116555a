#include "cornu/io/tensorboard/weight_images.h"

#include <algorithm>

namespace cornu::io::tensorboard {

using namespace graph;

namespace {

// (height, width) as one image. The page stretches images to the width of its cards, where a very flat one would be a
// thin line. So its rows are repeated.
Array one_image(const Array& matrix) {
  constexpr std::int64_t kFlattest = 8;
  const std::int64_t height = matrix.shape()[0], width = matrix.shape()[1],
                     times = std::max<std::int64_t>(1, width / (kFlattest * height));
  return (zeros({height, times, width}, matrix.dtype()) + matrix.reshape({height, 1, width}))
      .reshape({1, height * times, width, 1});
}

}  // namespace

std::optional<Array> weight_images(const Array& weight) {
  if (!is_floating(weight.dtype()) || weight.size() == 0) return std::nullopt;
  Shape shape;
  for (const std::int64_t length : weight.shape())
    if (length != 1) shape = shape.append(length);
  const Array squeezed = weight.reshape(shape);
  switch (shape.rank()) {
    case 1:
      return one_image(squeezed.reshape({1, -1}));
    case 2:
      return one_image(shape[0] > shape[1] ? squeezed.transpose() : squeezed);
    case 3:
      return squeezed.transpose({2, 0, 1}).reshape({shape[2], shape[0], shape[1], 1});
    case 4:
      return shape.back() == 3 || shape.back() == 4 ? std::optional(squeezed) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace cornu::io::tensorboard

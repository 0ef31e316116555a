#include "cornu/io/tensorboard/weight_images.h"

#include <algorithm>

#include "cornu/io/tensorboard/image_grid.h"

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

// (height, width, inputs, outputs) as one image.
Array kernel_grid(const Array& kernels) {
  constexpr std::int64_t kMostRows = 32, kMostColumns = 64;
  const Shape& shape = kernels.shape();
  const std::int64_t height = shape[0], width = shape[1], inputs = shape[2], outputs = shape[3];
  Array grid;
  if (inputs == 3) {
    grid = image_grid(kernels.transpose({3, 0, 1, 2}));
  } else if (inputs == 1 || outputs == 1) {
    grid = image_grid(kernels.reshape({height, width, -1}).transpose({2, 0, 1}));
  } else {
    const std::int64_t rows = std::min(inputs, kMostRows), columns = std::min(outputs, kMostColumns);
    const Array shown = kernels.transpose({2, 3, 0, 1}).slice(0, rows, 1, 0).slice(0, columns, 1, 1);
    grid = image_grid(shown.reshape({rows * columns, height, width}), {.columns = columns});
  }
  return expand_dims(grid, 0);
}

}  // namespace

std::optional<Array> weight_images(const Array& weight) {
  if (!is_floating(weight.dtype()) || weight.size() == 0) return std::nullopt;
  if (weight.ndim() == 4 && weight.shape()[0] * weight.shape()[1] > 1) return kernel_grid(weight);
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
    default:
      return std::nullopt;
  }
}

}  // namespace cornu::io::tensorboard

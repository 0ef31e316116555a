#include "cornu/io/tensorboard/image_grid.h"

#include <algorithm>
#include <cmath>

namespace cornu::io::tensorboard {

using namespace graph;

namespace {

// Each image from 0 to 1; one of equal values is 0.
Array rescaled(const Array& images) {
  const std::vector<int> inside{1, 2, 3};
  const Array least = min(images, inside, keepdims), range = max(images, inside, keepdims) - least;
  return (images - least) / where(range > 0, range, 1);
}

}  // namespace

Array image_grid(const Array& images, const ImageGridConfig& config) {
  require<TypeError>(is_floating(images.dtype()), "image_grid: expected a floating dtype, got ", images.dtype());
  require<ShapeError>((images.ndim() == 3 || images.ndim() == 4) && images.size() > 0,
                      "image_grid: expected (images, height, width[, channels]), got shape ", images.shape());
  const Shape& given = images.shape();
  const std::int64_t count = given[0], height = given[1], width = given[2], channels = given.rank() == 4 ? given[3] : 1;
  Array tiles = images.astype(float32).reshape({count, height, width, channels});
  if (config.rescale) tiles = rescaled(tiles);
  const auto side = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  const std::int64_t columns = std::min(count, config.columns > 0 ? config.columns : side),
                     rows = (count + columns - 1) / columns;
  Array grid = empty(Shape{rows * (height + 1) - 1, columns * (width + 1) - 1, channels});
  grid.fill(min(tiles).item<double>());
  for (std::int64_t i = 0; i < count; ++i)
    for (std::int64_t y = 0; y < height; ++y) {
      const float* line = &tiles.at<float>({i, y, 0, 0});
      std::copy(line, line + width * channels,
                &grid.at<float>({i / columns * (height + 1) + y, i % columns * (width + 1), 0}));
    }
  return grid;
}

}  // namespace cornu::io::tensorboard

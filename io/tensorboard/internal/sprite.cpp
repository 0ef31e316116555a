#include "cornu/io/tensorboard/internal/sprite.h"

#include <algorithm>
#include <cmath>

#include "cornu/io/image/resize.h"
#include "cornu/io/tensorboard/internal/pixels.h"

namespace cornu::io::tensorboard::internal {

using namespace graph;

Sprite sprite(const std::string& who, const Array& images) {
  const int rank = images.ndim();
  require<ShapeError>(rank == 3 || rank == 4, who,
                      " needs images of shape (points, height, width) or (points, height, width, channels), got ",
                      images.shape());
  const Array batch = image_batch(who, rank == 3 ? images.reshape(images.shape().append(1)) : images);
  const std::int64_t n = batch.rows(), h = batch.shape()[1], w = batch.shape()[2], channels = batch.shape()[3];
  auto grid = static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(n))));
  require<ShapeError>(grid <= kMaxSpriteSide, who, " has more images than a picture of ", kMaxSpriteSide, " x ",
                      kMaxSpriteSide, " pixels can show: ", n);
  const double scale = std::min(1., static_cast<double>(kMaxSpriteSide / grid) / static_cast<double>(std::max(h, w)));
  const auto scaled = [&](std::int64_t length) {
    return std::max<std::int64_t>(1, std::llround(scale * static_cast<double>(length)));
  };
  Sprite sprite{Array(), scaled(h), scaled(w)};
  sprite.picture = zeros({grid * sprite.height, grid * sprite.width, channels}, uint8);
  const std::int64_t row = sprite.width * channels;
  for (std::int64_t i = 0; i < n; ++i) {
    const Array one = image::resize(pixels(batch[i], false), sprite.height, sprite.width, image::Interpolation::box);
    std::uint8_t* to = sprite.picture.data<std::uint8_t>() + (i / grid * sprite.height * grid + i % grid) * row;
    for (std::int64_t y = 0; y < sprite.height; ++y)
      std::copy_n(one.data<std::uint8_t>() + y * row, row, to + y * grid * row);
  }
  return sprite;
}

}  // namespace cornu::io::tensorboard::internal

#include "cornu/io/tensorboard/internal/pixels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cornu::io::tensorboard::internal {

using namespace graph;

Array image_batch(std::string_view who, const Array& images) {
  const DType dtype = images.dtype();
  require<TypeError>(dtype == uint8 || is_floating(dtype), who, " needs images of dtype uint8 or a floating one, got ",
                     dtype);
  const int rank = images.ndim();
  const std::int64_t channels = rank == 2 ? 1 : rank == 3 || rank == 4 ? images.shape().back() : 0;
  require<ShapeError>((channels == 1 || channels == 3 || channels == 4) && images.size() > 0, who,
                      " needs images of shape (height, width), (height, width, channels) or (images, height, width, "
                      "channels) with 1, 3 or 4 channels, got ",
                      images.shape());
  if (rank == 4) return images;
  return images.reshape(rank == 3 ? images.shape().prepend(1) : images.shape().prepend(1).append(1));
}

Array pixels(const Array& image, bool rescale) {
  if (image.dtype() == uint8 && !rescale) return image;
  const Array values = image.astype(float64);
  double least = 0, greatest = 1;
  if (rescale) {
    least = std::numeric_limits<double>::infinity(), greatest = -least;
    for (double v : values.span<double>())
      if (std::isfinite(v)) least = std::min(least, v), greatest = std::max(greatest, v);
  }
  Array out(image.shape(), uint8);
  std::transform(values.span<double>().begin(), values.span<double>().end(), out.data<std::uint8_t>(), [&](double v) {
    if (std::isinf(v)) return static_cast<std::uint8_t>(v > 0 ? 255 : 0);
    const double part = (v / 2 - least / 2) /
                        (greatest / 2 - least / 2);  // halves, as the difference may be beyond the greatest double
    return std::isnan(part) ? std::uint8_t{0} : static_cast<std::uint8_t>(std::clamp(part * 255.5, 0., 255.));
  });
  return out;
}

}  // namespace cornu::io::tensorboard::internal

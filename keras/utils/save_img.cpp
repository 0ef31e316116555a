#include "cornu/keras/utils/save_img.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>

#include "cornu/io/image/image.h"

namespace cornu::keras::utils {

using graph::require;

Array img_to_array(const Array& image, DType dtype) {
  require<ShapeError>(image.ndim() == 2 || image.ndim() == 3,
                      "img_to_array: expected an image of shape (height, width) or (height, width, channels), got ",
                      image.shape());
  return (image.ndim() == 2 ? image.reshape(image.shape().append(1)) : image).astype(dtype);
}

Array array_to_img(const Array& x, bool scale) {
  require<ShapeError>(
      x.ndim() == 3 && x.size() > 0 && (x.shape()[2] == 1 || x.shape()[2] == 3 || x.shape()[2] == 4),
      "array_to_img: expected an array of shape (height, width, channels) with 1, 3 or 4 channels, got ", x.shape());
  const Array numbers = x.astype(graph::float32);
  const auto values = numbers.span<float>();
  for (float value : values) require<ValueError>(std::isfinite(value), "array_to_img: ", value, " cannot be a pixel");
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const float least = *low, range = *high - *low;
  require<ValueError>(scale || (least >= 0 && *high <= 255),
                      "array_to_img: without scale, values must lie in 0 to 255, got ", least, " to ", *high);
  Array image(x.shape(), graph::uint8);
  std::transform(values.begin(), values.end(), image.data<std::uint8_t>(), [&](float value) {
    if (!scale) return static_cast<std::uint8_t>(value);
    value -= least;
    if (range != 0) value /= range;
    return static_cast<std::uint8_t>(value * 255);
  });
  return image;
}

void save_img(const io::Path& path, const Array& x, const SaveImgConfig& config) {
  std::string suffix = std::filesystem::path(path).extension().string();
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  require<ValueError>(suffix == ".png", "save_img: [", path.string(), "] only PNG files can be written, named .png");
  io::image::write_png(path, array_to_img(x, config.scale));
}

}  // namespace cornu::keras::utils

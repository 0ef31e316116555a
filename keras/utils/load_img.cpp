#include "cornu/keras/utils/load_img.h"

#include <algorithm>
#include <utility>

#include "cornu/io/image/image.h"
#include "cornu/io/image/resize.h"

namespace cornu::keras::utils {

using graph::require;
using io::image::Interpolation;

namespace {

int channels_of(const std::string& color_mode) {
  if (color_mode == "grayscale") return 1;
  if (color_mode == "rgb") return 3;
  require<ValueError>(color_mode == "rgba", "load_img: unknown color_mode '", color_mode,
                      "'; known are grayscale, rgb, rgba");
  return 4;
}

Interpolation interpolation_of(const std::string& name) {
  constexpr std::pair<const char*, Interpolation> kKnown[] = {
      {"nearest", Interpolation::nearest}, {"bilinear", Interpolation::bilinear}, {"bicubic", Interpolation::bicubic},
      {"hamming", Interpolation::hamming}, {"box", Interpolation::box},           {"lanczos", Interpolation::lanczos},
  };
  for (const auto& [known, interpolation] : kKnown)
    if (name == known) return interpolation;
  throw ValueError(graph::message("load_img: unknown interpolation '", name,
                                  "'; known are nearest, bilinear, bicubic, hamming, box, lanczos"));
}

/// To fewer channels (alpha is dropped) or more (grey is repeated, alpha is 255), not to grey.
Array with_channels(const Array& image, std::int64_t channels) {
  const std::int64_t has = image.shape()[2];
  if (has == channels) return image;
  Array out(image.shape().with(2, channels), graph::uint8);
  std::uint8_t* to = out.data<std::uint8_t>();
  for (const std::uint8_t *from = image.data<std::uint8_t>(), *end = from + image.size(); from != end; from += has)
    for (std::int64_t c = 0; c < channels; ++c) *to++ = c == 3 ? (has == 4 ? from[3] : 255) : from[has == 1 ? 0 : c];
  return out;
}

/// cv2's whole-number form of 0.299, 0.587 and 0.114.
Array grey_from_rgb(const Array& image) {
  Array out(image.shape().with(2, 1), graph::uint8);
  const std::uint8_t* from = image.data<std::uint8_t>();
  for (std::uint8_t& grey : out.span<std::uint8_t>()) {
    grey = static_cast<std::uint8_t>((from[0] * 4899 + from[1] * 9617 + from[2] * 1868 + (1 << 13)) >> 14);
    from += 3;
  }
  return out;
}

/// The largest part in the middle with the aspect ratio of height : width.
Array cut_middle(const Array& image, std::int64_t height, std::int64_t width) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1];
  const std::int64_t cut_h = std::clamp<std::int64_t>(w * height / width, 1, h),
                     cut_w = std::clamp<std::int64_t>(h * width / height, 1, w);
  return io::image::crop(image, (h - cut_h) / 2, (w - cut_w) / 2, cut_h, cut_w);
}

}  // namespace

Array load_img(const std::filesystem::path& path, const LoadImgConfig& config) {
  const int channels = channels_of(config.color_mode);
  const Interpolation interpolation = interpolation_of(config.interpolation);
  const Shape& size = config.target_size;
  require<ValueError>(
      !size.is_set() || (size.rank() == 2 && size[0] > 0 && size[1] > 0 && size[0] <= io::image::kMaxPixels / size[1]),
      "load_img: target_size must be {height, width}, two positive lengths, got ", size);

  Array image = io::image::read(path);
  // Grey that is made of colours waits until after the resizing.
  image = with_channels(image, channels == 1 && image.shape()[2] != 1 ? 3 : channels);
  if (size.is_set() && (image.shape()[0] != size[0] || image.shape()[1] != size[1])) {
    if (config.keep_aspect_ratio) image = cut_middle(image, size[0], size[1]);
    image = io::image::resize(image, size[0], size[1], interpolation);
  }
  return channels == 1 && image.shape()[2] == 3 ? grey_from_rgb(image) : image;
}

}  // namespace cornu::keras::utils

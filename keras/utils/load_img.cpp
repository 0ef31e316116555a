#include "cornu/keras/utils/load_img.h"

#include <algorithm>
#include <utility>

#include "cornu/io/image/image.h"
#include "cornu/io/image/resize.h"

namespace cornu::keras::utils {

using graph::require;
using io::image::Box;
using io::image::Channels;
using io::image::Interpolation;

namespace {

Channels channels_of(const std::string& color_mode) {
  if (color_mode == "grayscale") return Channels::grey;
  if (color_mode == "rgb") return Channels::rgb;
  require<ValueError>(color_mode == "rgba", "load_img: unknown color_mode '", color_mode,
                      "'; known are grayscale, rgb, rgba");
  return Channels::rgba;
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

/// cv2's whole-number form of 0.299, 0.587 and 0.114.
Array grey_from_colors(const Array& image) {
  Array out(image.shape().with(2, 1), graph::uint8);
  const std::uint8_t* from = image.data<std::uint8_t>();
  for (std::uint8_t& grey : out.span<std::uint8_t>()) {
    grey = static_cast<std::uint8_t>((from[0] * 4899 + from[1] * 9617 + from[2] * 1868 + (1 << 13)) >> 14);
    from += image.shape()[2];
  }
  return out;
}

/// The largest part in the middle with the aspect ratio of height : width, but not smaller than `least`.
Box middle(const Array& image, std::int64_t height, std::int64_t width, std::int64_t least) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1];
  const std::int64_t box_h = std::clamp(w * height / width, least, h), box_w = std::clamp(h * width / height, least, w);
  return {(h - box_h) / 2, (w - box_w) / 2, box_h, box_w};
}

}  // namespace

Array load_img(const io::Path& path, const LoadImgConfig& config) {
  const Channels channels = channels_of(config.color_mode);
  Interpolation interpolation = interpolation_of(config.interpolation);
  const Shape& size = config.target_size;
  require<ValueError>(
      !size.is_set() || (size.rank() == 2 && size[0] > 0 && size[1] > 0 && size[0] <= io::image::kMaxPixels / size[1]),
      "load_img: target_size must be {height, width}, two positive lengths, got ", size);

  const bool as_cv2 = interpolation == Interpolation::bilinear && !config.antialias;
  Array image = io::image::read(path, channels == Channels::grey && as_cv2 ? Channels::as_stored : channels);
  // With cv2, grey that is made of colours waits until after the resizing. It resizes each channel by itself, so that
  // an alpha channel does not matter.
  const bool colored = channels == Channels::grey && image.shape()[2] != 1;
  const bool deep = image.dtype() != graph::uint8;
  if (interpolation == Interpolation::bilinear && (config.antialias || deep))
    interpolation = Interpolation::bilinear_antialiased;
  if (size.is_set() && (image.shape()[0] != size[0] || image.shape()[1] != size[1])) {
    Box box{0, 0, image.shape()[0], image.shape()[1]};
    const std::int64_t least =
        interpolation == Interpolation::bilinear ? 1 : 0;  // of Pillow's methods a box may be empty
    if (config.keep_aspect_ratio) box = middle(image, size[0], size[1], least);
    image = io::image::resize(image, box, size[0], size[1], interpolation);
  }
  return colored ? grey_from_colors(image) : image;
}

}  // namespace cornu::keras::utils

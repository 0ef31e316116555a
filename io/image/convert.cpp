#include "cornu/io/image/internal/convert.h"

#include <algorithm>

namespace cornu::io::image::internal {

using namespace graph;

namespace {

using Color = std::array<std::uint8_t, 4>;

/// Calls `put(to, color)` for every pixel's colour, with room for `channels` bytes at `to`.
template <class Color_of, class Put>
Array each_pixel(const Array& pixels, std::int64_t channels, Color_of color_of, Put put) {
  Array out(pixels.shape().with(2, channels), uint8);
  std::uint8_t* to = out.data<std::uint8_t>();
  const std::int64_t n = pixels.shape()[0] * pixels.shape()[1];
  for (std::int64_t i = 0; i < n; ++i, to += channels) put(to, color_of(i));
  return out;
}

template <class Color_of>
Array with_channels(const Array& pixels, Channels channels, Color_of color_of) {
  switch (channels) {
    case Channels::grey:
      return each_pixel(pixels, 1, color_of, [](std::uint8_t* to, const Color& c) {
        // The weights 0.299, 0.587 and 0.114 in units of 2^-16, and a half to round.
        *to = static_cast<std::uint8_t>((c[0] * 19595 + c[1] * 38470 + c[2] * 7471 + 0x8000) >> 16);
      });
    case Channels::rgb:
      return each_pixel(pixels, 3, color_of, [](std::uint8_t* to, const Color& c) { std::copy_n(c.data(), 3, to); });
    default:
      return each_pixel(pixels, 4, color_of, [](std::uint8_t* to, const Color& c) { std::copy_n(c.data(), 4, to); });
  }
}

Channels stored_channels(const Decoded& image) {
  const std::int64_t channels = image.pixels.shape()[2];
  if (image.pixels.dtype() != uint8) return Channels::grey;
  if (!image.palette.empty()) {
    const bool opaque =
        std::all_of(image.palette.begin(), image.palette.end(), [](const Color& c) { return c[3] == 255; });
    return opaque ? Channels::rgb : Channels::rgba;
  }
  if (channels == 2 || channels == 4 || image.transparent) return Channels::rgba;
  return channels == 1 ? Channels::grey : Channels::rgb;
}

}  // namespace

Array convert(const Decoded& image, Channels channels) {
  if (channels == Channels::as_stored) channels = stored_channels(image);
  const Array& pixels = image.pixels;
  const std::int64_t stored = pixels.shape()[2];
  const auto alpha = [&image](Color color) {
    const auto& key = image.transparent;
    if (key && std::equal(key->begin(), key->end(), color.begin())) color[3] = 0;
    return color;
  };
  if (pixels.dtype() == int32) {
    if (channels == Channels::grey) return pixels;
    const std::int32_t* in = pixels.data<std::int32_t>();
    return with_channels(pixels, channels, [&](std::int64_t i) {
      const auto grey = static_cast<std::uint8_t>(std::min(in[i], 255));
      return alpha({grey, grey, grey, 255});
    });
  }
  const std::uint8_t* in = pixels.data<std::uint8_t>();
  if (!image.palette.empty())
    return with_channels(pixels, channels, [&](std::int64_t i) { return image.palette[in[i]]; });
  if (stored == 1 && channels == Channels::grey) return pixels;
  if (stored <= 2)
    return with_channels(pixels, channels, [&](std::int64_t i) {
      const std::uint8_t grey = in[i * stored];
      return alpha({grey, grey, grey, stored == 2 ? in[i * 2 + 1] : std::uint8_t{255}});
    });
  if (stored == (channels == Channels::rgb ? 3 : channels == Channels::rgba ? 4 : 0) && !image.transparent)
    return pixels;
  return with_channels(pixels, channels, [&](std::int64_t i) {
    const std::uint8_t* p = in + i * stored;
    return alpha({p[0], p[1], p[2], stored == 4 ? p[3] : std::uint8_t{255}});
  });
}

}  // namespace cornu::io::image::internal

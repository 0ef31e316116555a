#include "cornu/keras/utils/image_dataset.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "cornu/graph/check.h"
#include "cornu/io/image/image.h"
#include "cornu/io/image/resize.h"
#include "cornu/io/image/sample.h"
#include "cornu/keras/utils/internal/folder_files.h"
#include "cornu/keras/utils/internal/to_lower.h"

namespace cornu::keras::utils {

using graph::require;
using io::image::Box;
using io::image::Channels;

namespace {

constexpr const char* kImageDataset = "image_dataset_from_directory";
constexpr std::initializer_list<const char*> kImageEndings = {".bmp", ".gif", ".jpeg", ".jpg", ".png"};

Channels folder_channels(const std::string& color_mode) {
  if (color_mode == "grayscale") return Channels::grey;
  if (color_mode == "rgb") return Channels::rgb;
  require<ValueError>(color_mode == "rgba", kImageDataset, ": unknown color_mode '", color_mode,
                      "'; known are grayscale, rgb, rgba");
  return Channels::rgba;
}

/// The largest part in the middle of that aspect ratio, as Keras' smart_resize computes it.
Array cropped(const Array& image, std::int64_t height, std::int64_t width) {
  const std::int64_t h = image.shape()[0], w = image.shape()[1];
  const auto part = [](std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t most) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(static_cast<float>(a * b) / static_cast<float>(c)), 1,
                                    most);
  };
  const std::int64_t box_h = part(w, height, width, h), box_w = part(h, width, height, w);
  return io::image::crop(image, {(h - box_h) / 2, (w - box_w) / 2, box_h, box_w});
}

/// The whole image in the middle of a black one, as tf.image.resize_with_pad places it.
Array padded(const Array& image, std::int64_t height, std::int64_t width, io::image::Sampling method) {
  const double h = static_cast<double>(image.shape()[0]), w = static_cast<double>(image.shape()[1]);
  const double ratio = std::max(w / static_cast<double>(width), h / static_cast<double>(height));
  const double own_h = h / ratio, own_w = w / ratio;
  const auto inner_h = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(own_h))),
             inner_w = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(own_w)));
  const auto top = std::max<std::int64_t>(
                 0, static_cast<std::int64_t>(std::floor((static_cast<double>(height) - own_h) / 2))),
             left = std::max<std::int64_t>(
                 0, static_cast<std::int64_t>(std::floor((static_cast<double>(width) - own_w) / 2)));
  const Array inner = io::image::sample(image, inner_h, inner_w, method);
  const std::int64_t channels = image.shape()[2];
  Array out = graph::zeros({height, width, channels});
  for (std::int64_t y = 0; y < inner_h && top + y < height; ++y)
    std::memcpy(out.data<float>() + ((top + y) * width + left) * channels, inner.data<float>() + y * inner_w * channels,
                static_cast<std::size_t>(std::min(inner_w, width - left) * channels) * sizeof(float));
  return out;
}

internal::ReadFile image_reader(const ImageDatasetConfig& c) {
  require<ValueError>(c.image_size.rank() == 2 && c.image_size[0] > 0 && c.image_size[1] > 0 &&
                          c.image_size[0] <= io::image::kMaxPixels / c.image_size[1],
                      kImageDataset, ": image_size must be {height, width}, two positive lengths, got ", c.image_size);
  require<ValueError>(!c.crop_to_aspect_ratio || !c.pad_to_aspect_ratio, kImageDataset,
                      ": only one of crop_to_aspect_ratio and pad_to_aspect_ratio can be true");
  const auto method = io::image::sampling_of(to_lower(c.interpolation));
  return [channels = folder_channels(c.color_mode), height = c.image_size[0], width = c.image_size[1], method,
          crops = c.crop_to_aspect_ratio, pads = c.pad_to_aspect_ratio](const std::string& path) {
    Array image = io::image::read(path, channels);
    if (crops) image = cropped(image, height, width);
    return pads ? padded(image, height, width, method) : io::image::sample(image, height, width, method);
  };
}

}  // namespace

FolderDataset image_dataset_from_directory(const io::Path& directory, const ImageDatasetConfig& c) {
  return internal::one_dataset(directory.string(), internal::folder_arguments(kImageDataset, c), kImageEndings,
                               image_reader(c));
}

FolderDatasets image_datasets_from_directory(const io::Path& directory, const ImageDatasetConfig& c) {
  return internal::both_datasets(directory.string(), internal::folder_arguments(kImageDataset, c), kImageEndings,
                                 image_reader(c));
}

}  // namespace cornu::keras::utils

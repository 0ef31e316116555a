// A folder of PNG files, read, decoded, augmented and trained on: images a second, and how much of the processors that
// takes. bench/peers/image_folder.py does the same with Keras and tf.data, of the same folder. The first epoch is not
// counted.
#include <cornu/cornu.h>

#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "command_line.h"
#include "measure.h"

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

namespace {

void draw(const fs::path& folder, int files, int side) {
  random::Generator rng(1);
  for (int i = 0; i < files; ++i) {
    const fs::path kind = folder / std::to_string(i % 10);
    fs::create_directories(kind);
    // Smooth pictures, as photographs are: noise of an eighth of the size, made larger.
    const Array coarse = rng.uniform({side / 8, side / 8, 3}, 0, 255);
    io::image::write_png(kind / (std::to_string(i) + ".png"),
                         io::image::sample(coarse, side, side, io::image::Sampling::bilinear).astype(uint8));
  }
}

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::guarded("bench_image_folder", [&] {
    bench::po::options_description options("bench_image_folder");
    options.add_options()("folder", bench::po::value<std::string>()->default_value("image_folder"),
                          "made if it is not there")("files", bench::po::value<int>()->default_value(10000), "")(
        "side", bench::po::value<int>()->default_value(64), "of the images, in pixels")(
        "epochs", bench::po::value<int>()->default_value(4), "")("batch", bench::po::value<int>()->default_value(64),
                                                                 "")("read-only", "no model: what the pipeline gives");
    const auto given = bench::parse(argc, argv, options);
    if (!given) return 0;
    const fs::path folder = (*given)["folder"].as<std::string>();
    const int files = (*given)["files"].as<int>(), side = (*given)["side"].as<int>(),
              epochs = (*given)["epochs"].as<int>();
    if (!fs::exists(folder)) draw(folder, files, side);

    utils::set_random_seed(1);
    const auto images = utils::image_dataset_from_directory(
        folder, {.batch_size = (*given)["batch"].as<int>(), .image_size = {side, side}, .seed = 1, .verbose = false});
    models::Sequential model({layers::Input({.shape = {side, side, 3}}), layers::Rescaling(1. / 255),
                              layers::RandomFlip("horizontal"), layers::RandomTranslation(0.1, 0.1),
                              layers::Conv2D(16, 3, {.strides = 2, .activation = "relu"}), layers::MaxPooling2D(2),
                              layers::Conv2D(32, 3, {.activation = "relu"}), layers::GlobalAveragePooling2D(),
                              layers::Dense(10, {.activation = "softmax"})});
    model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});

    std::vector<double> rates, shares;
    const double processors = std::thread::hardware_concurrency();
    for (int epoch = 0; epoch < epochs; ++epoch) {
      const double start = bench::now(), used = processor_seconds();
      if (given->contains("read-only"))
        for (const data::Element& e : images) (void)e;
      else
        model.fit(images, {.verbose = 0});
      const double seconds = bench::now() - start;
      if (epoch == 0) continue;
      rates.push_back(static_cast<double>(images.file_paths.size()) / seconds);
      shares.push_back((processor_seconds() - used) / seconds / processors);
    }
    std::cout << nlohmann::json{{"program", "cornu"},
                                {"files", images.file_paths.size()},
                                {"side", side},
                                {"threads", processors},
                                {"images_per_second", bench::median(rates)},
                                {"utilisation", bench::median(shares)},
                                {"peak_rss_mb", bench::peak_rss_mb()}}
              << '\n';
    return 0;
  });
}

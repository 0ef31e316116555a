// For scripts/check_data.py: reads data sets, folders and a table that real NumPy and Python wrote, and writes what it
// makes of them.
//   load_data FOLDER
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cornu/io/npy/npy.h"
#include "cornu/keras/data/csv.h"
#include "cornu/keras/data/strings.h"
#include "cornu/keras/datasets/california_housing.h"
#include "cornu/keras/datasets/cifar10.h"
#include "cornu/keras/datasets/cifar100.h"
#include "cornu/keras/datasets/imdb.h"
#include "cornu/keras/datasets/reuters.h"
#include "cornu/keras/utils/audio_dataset.h"
#include "cornu/keras/utils/image_dataset.h"
#include "cornu/keras/utils/sequences.h"
#include "cornu/keras/utils/text_dataset.h"

using namespace cornu;
using namespace cornu::keras;
namespace fs = std::filesystem;

namespace {

fs::path out;

void save(const std::string& name, const Array& array) { io::npy::save(out / (name + ".npy"), array); }
void save(const std::string& name, const datasets::Splits& splits) {
  save(name + "_x_train", splits.train.x), save(name + "_y_train", splits.train.y);
  save(name + "_x_test", splits.test.x), save(name + "_y_test", splits.test.y);
}
void save(const std::string& name, const datasets::TextSplits& splits) {
  save(name, datasets::Splits{{utils::pad_sequences(splits.train.x, {.padding = "post"}), splits.train.y},
                              {utils::pad_sequences(splits.test.x, {.padding = "post"}), splits.test.y}});
}
void save(const std::string& name, const utils::FolderDataset& set) {
  std::ofstream paths(out / (name + ".txt"));
  for (const std::string& path : set.file_paths) paths << path << '\n';
  for (const std::string& kind : set.class_names) paths << kind << '\n';
  int i = 0;
  for (const data::Element& e : set) {
    save(name + "_x" + std::to_string(i), e[0]);
    save(name + "_y" + std::to_string(i++), e[1]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "load_data FOLDER\n";
    return 2;
  }
  const fs::path folder = argv[1];
  out = folder / "out";
  fs::create_directories(out);
  save("cifar10", datasets::cifar10::load_data(folder / "cifar10"));
  save("cifar10_archive", datasets::cifar10::load_data(folder / "cifar-10-python.tar.gz"));
  save("cifar100", datasets::cifar100::load_data("coarse", folder / "cifar100"));
  save("imdb", datasets::imdb::load_data({.path = folder / "imdb.npz", .num_words = 500, .skip_top = 3}));
  save("reuters", datasets::reuters::load_data({.path = folder / "reuters.npz", .maxlen = 15, .seed = 9}));
  save("housing", datasets::california_housing::load_data({.path = folder / "housing.npz", .seed = 4}));
  for (const char* method : {"bilinear", "nearest", "bicubic", "area", "lanczos3", "mitchellcubic"})
    save(std::string("images_") + method,
         utils::image_dataset_from_directory(
             folder / "images",
             {.batch_size = 4, .image_size = {9, 7}, .shuffle = false, .interpolation = method, .verbose = false}));
  save("images_split", utils::image_dataset_from_directory(folder / "images", {.label_mode = "categorical",
                                                                               .batch_size = 64,
                                                                               .image_size = {8, 8},
                                                                               .seed = 77,
                                                                               .validation_split = 0.4,
                                                                               .subset = "validation",
                                                                               .crop_to_aspect_ratio = true,
                                                                               .verbose = false}));
  save("audio", utils::audio_dataset_from_directory(folder / "audio", {.shuffle = false, .verbose = false}));
  const data::Element table = data::read_csv((folder / "table.csv").string(), {.label_name = "late"});
  for (const std::string& name : table.x().names()) save("table_" + name, table.x()[name]);
  save("table_late", table.y()[0]);
}

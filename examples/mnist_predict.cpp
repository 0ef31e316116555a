// Loads a saved model and tells which digits the PNG files of a folder show, as the Keras introduction's second
// program.
#include <algorithm>
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>

#include "mnist_options.h"

namespace po = boost::program_options;
namespace fs = std::filesystem;
using namespace cornu;
using namespace cornu::keras;

// What a check against another implementation of Keras needs: inputs and predictions, and the losses of three further
// steps.
static void dump(models::Model model, const fs::path& folder, const DataOptions& data, const Array& pictures) {
  fs::create_directories(folder);
  io::npy::save(folder / "x.npy", pictures);
  io::npy::save(folder / "y.npy", model.predict(pictures));
  const auto [train, test] = load(data);
  const Array x = rows(train.x.slice(0, 256)), y = utils::to_categorical(train.y.slice(0, 256), 10);
  io::npy::save(folder / "rx.npy", x);
  io::npy::save(folder / "ry.npy", y);
  Array losses(Shape{3});
  for (int i = 0; i < 3; ++i) {
    model.reset_metrics();
    losses.data<float>()[i] = static_cast<float>(model.train_on_batch(x, y)["loss"]);
  }
  io::npy::save(folder / "losses.npy", losses);
}

static int run(int argc, char** argv) {
  DataOptions data;
  std::string file, folder, dump_folder;
  int threads = 0, verbose = 0;
  std::uint64_t seed = 0;
  po::options_description options("mnist_predict MODEL FOLDER: which digits do the PNG files of a folder show?");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("model", po::value(&file), "the saved model (.h5)")
    ("folder", po::value(&folder), "PNG files; white on black, of any size")
    ("dump-predictions", po::value(&dump_folder),
     "write x.npy, y.npy (pictures, predictions) and rx.npy, ry.npy, losses.npy (three more training steps) there; "
     "needs --data or MNIST in ~/.keras")
    ("data", po::value(&data.path), "mnist.npz, or a folder of IDX files, for --dump-predictions")
    ("dataset", po::value(&data.dataset)->default_value(data.dataset), "mnist or fashion_mnist")
    ("seed", po::value(&seed), "of whatever is random")
    ("threads", po::value(&threads)->default_value(threads), "0: as many as there are cores")
    ("verbose", po::value(&verbose)->default_value(verbose), "1 shows the progress of predicting");
  // clang-format on
  po::positional_options_description positional;
  positional.add("model", 1).add("folder", 1);
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(), given);
  po::notify(given);
  if (given.contains("help") || file.empty() || folder.empty()) {
    std::cout << options;
    return given.contains("help") ? 0 : 2;
  }
  if (given.contains("seed")) utils::set_random_seed(seed);

  auto model = models::load_model(file);
  model.set_threads(threads);
  model.summary();

  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".png") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  if (files.empty()) throw ValueError(folder + " holds no .png file");

  std::vector<Array> images;
  for (const auto& path : files) {
    std::cout << path.filename().string() << '\n';
    images.push_back(
        utils::load_img(path, {.color_mode = "grayscale", .target_size = {28, 28}, .interpolation = "bilinear"}));
  }
  const Array x = rows(stack(images));
  for (const Array& y : model.predict(x, {.verbose = verbose})) {
    std::cout << y << '\n';
    std::cout << "Network prediction: " << argmax(y) << '\n';
  }
  if (!dump_folder.empty()) dump(model, dump_folder, data, x);
  return 0;
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "mnist_predict: " << e.what() << '\n';
  return 1;
}

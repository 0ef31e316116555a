// Writes test images of MNIST as PNG files, one or more of each digit in turn: something for mnist_predict to read.
#include <boost/program_options.hpp>
#include <filesystem>
#include <iostream>

#include "mnist_options.h"

namespace po = boost::program_options;
using namespace cornu;
using namespace cornu::keras;

static int run(int argc, char** argv) {
  DataOptions data;
  std::string folder;
  int count = 10;
  po::options_description options("digits FOLDER: test images as PNG files");
  // clang-format off
  options.add_options()
    ("help,h", "this text")
    ("folder", po::value(&folder), "where to write; made if it is not there")
    ("data", po::value(&data.path), "mnist.npz, or a folder of IDX files")
    ("dataset", po::value(&data.dataset)->default_value(data.dataset), "mnist or fashion_mnist")
    ("count", po::value(&count)->default_value(count), "how many images");
  // clang-format on
  po::positional_options_description positional;
  positional.add("folder", 1);
  po::variables_map given;
  po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(), given);
  po::notify(given);
  if (given.contains("help") || folder.empty()) {
    std::cout << options;
    return given.contains("help") ? 0 : 2;
  }
  const auto [train, test] = load(data);
  std::filesystem::create_directories(folder);
  for (int i = 0; i < count; ++i)
    utils::save_img(std::filesystem::path(folder) / graph::message("image_", i, "_is_", test.y[i], ".png"),
                    test.x[i].reshape({28, 28, 1}));
  std::cout << count << " images in " << folder << '\n';
  return 0;
}

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
  std::cerr << "digits: " << e.what() << '\n';
  return 1;
}

#pragma once

#include <boost/program_options.hpp>
#include <iostream>
#include <optional>
#include <string>

#include "mnist_options.h"

/// What the programs that learn from digits are told on the command line.
struct DigitOptions {
  DataOptions data;
  int epochs = 10, batch_size = 128, samples = 60000, verbose = 2;
  std::uint64_t seed = 1;
  std::string pictures;  // where to write what was drawn (.png)

  static std::optional<DigitOptions> parse(int argc, char** argv, const std::string& title) {
    return parse(argc, argv, title, DigitOptions());
  }
  /// Nothing, after the explanation was printed, if that is what was asked for.
  static std::optional<DigitOptions> parse(int argc, char** argv, const std::string& title, DigitOptions o) {
    namespace po = boost::program_options;
    po::options_description options(title);
    // clang-format off
    options.add_options()
      ("help,h", "this text")
      ("data", po::value(&o.data.path), "mnist.npz, or a folder of IDX files; else ~/.keras/datasets or a download")
      ("dataset", po::value(&o.data.dataset)->default_value(o.data.dataset), "mnist or fashion_mnist")
      ("epochs", po::value(&o.epochs)->default_value(o.epochs), "passes over the images")
      ("samples", po::value(&o.samples)->default_value(o.samples), "how many of the images")
      ("batch-size", po::value(&o.batch_size)->default_value(o.batch_size), "images per step")
      ("seed", po::value(&o.seed)->default_value(o.seed), "of all random numbers")
      ("verbose", po::value(&o.verbose)->default_value(o.verbose), "0 silent, 1 progress bars, 2 a line per epoch")
      ("pictures", po::value(&o.pictures), "where to write images (.png)");
    // clang-format on
    po::variables_map given;
    po::store(po::parse_command_line(argc, argv, options), given);
    po::notify(given);
    if (given.contains("help")) {
      std::cout << options;
      return std::nullopt;
    }
    cornu::keras::utils::set_random_seed(o.seed);
    return o;
  }
};

/// Images of 784 numbers in [0, 1] as one picture, `columns` in a row. Takes as many as fill the rows.
inline cornu::Array tiled(const cornu::Array& images, std::int64_t columns) {
  const std::int64_t rows = images.rows() / columns;
  std::vector<cornu::Array> lines;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::vector<cornu::Array> line;
    for (std::int64_t i = row * columns; i < (row + 1) * columns; ++i) line.push_back(images[i].reshape({28, 28}));
    lines.push_back(cornu::concatenate(line, 1));
  }
  return cornu::concatenate(lines, 0).reshape({rows * 28, columns * 28, 1});
}

#pragma once

#include <cornu/cornu.h>

#include <string>
#include <vector>

namespace cornu::command_line {

/// A model of any file that there is a reader for: .keras, .h5 and .onnx by their content, .json for the layers alone.
keras::models::Model open_model(const std::string& path, bool compile = false);

/// How files become data.
struct InputOptions {
  double divide_by = 1;  ///< pictures: 255 makes numbers from 0 to 1 of bytes
};

/// What one file holds: an array (.npy, or a picture as `shape` wants it, or all columns of a .csv file as a matrix),
/// or several by name (.npz). `shape` is the model's input, with the batch axis. Throws IoError, FormatError.
keras::Arrays read_arrays(const std::string& path, const Shape& shape, const InputOptions& options = {});

/// The inputs of a model from arguments FILE or NAME=FILE: several pictures become one batch. Throws ValueError if they
/// are not as many as the model has inputs.
keras::Arrays read_inputs(const keras::models::Model& model, const std::vector<std::string>& arguments,
                          const InputOptions& options = {});

/// Inputs and targets: of an .npz file the arrays by the names of inputs and outputs, or `x` and `y`, or the first two;
/// of a .csv file the columns but `target`, and that one.
struct Samples {
  keras::Arrays x, y;
};
Samples read_samples(const keras::models::Model& model, const std::string& path, const std::string& target);

/// A number with so many digits as tell it, at most six.
std::string short_number(double x);

/// 12345678 -> "11.8 MB".
std::string short_bytes(double bytes);

}  // namespace cornu::command_line

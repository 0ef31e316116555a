#include "cornu/keras/command_line/inputs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cornu::command_line {

using namespace cornu::keras;

namespace {

std::string suffix_of(const std::string& path) {
  std::string suffix = std::filesystem::path(path).extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  return suffix;
}

bool is_picture(const std::string& path) {
  const std::string suffix = suffix_of(path);
  return suffix == ".png" || suffix == ".jpg" || suffix == ".jpeg";
}

// (1, height, width, channels), or one row of pixels for a model that reads rows.
Array read_picture(const std::string& path, const Shape& shape, const InputOptions& options) {
  utils::LoadImgConfig config{.color_mode = "rgb"};
  if (shape.rank() == 4) {
    const std::int64_t channels = shape[3];
    config.color_mode = channels == 1 ? "grayscale" : channels == 4 ? "rgba" : "rgb";
    if (shape[1] != kUnknown && shape[2] != kUnknown)
      config.target_size = {static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  } else if (shape.rank() == 3) {
    config.color_mode = "grayscale";
    if (shape[1] != kUnknown && shape[2] != kUnknown)
      config.target_size = {static_cast<int>(shape[1]), static_cast<int>(shape[2])};
  } else {
    config.color_mode = "grayscale";
  }
  Array picture = utils::load_img(path, config).astype(float32);
  if (options.divide_by != 1) picture = picture / options.divide_by;
  if (shape.rank() == 2) return picture.reshape({1, -1});
  if (shape.rank() == 3) return picture.reshape({1, picture.shape()[0], picture.shape()[1]});
  return picture.reshape(picture.shape().prepend(1));
}

// The columns of a file side by side as numbers.
Array read_table(const Arrays& x, const std::string& path) {
  std::vector<Array> columns;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i].dtype() == uint8)
      throw ValueError(path + ": column '" + x.names()[i] + "' has texts, and the model reads numbers");
    columns.push_back(x[i].astype(float32));
  }
  return stack(columns, 1);
}

bool has_header(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return true;  // whoever reads it says why
  bool letters = false;
  for (int c = std::fgetc(file); c != EOF && c != '\n'; c = std::fgetc(file))
    letters = letters || (std::isalpha(c) != 0 && c != 'e' && c != 'E');
  std::fclose(file);
  return letters;
}

bool is_table(const std::string& path) { return suffix_of(path) == ".csv" || suffix_of(path) == ".tsv"; }

data::CsvConfig csv_config(const std::string& path) {
  data::CsvConfig config{.field_delim = suffix_of(path) == ".tsv" ? '\t' : ',', .header = has_header(path)};
  if (config.header) return config;
  std::FILE* file = std::fopen(path.c_str(), "r");
  int columns = 1;
  for (int c = std::fgetc(file); c != EOF && c != '\n'; c = std::fgetc(file)) columns += c == config.field_delim;
  std::fclose(file);
  for (int i = 0; i < columns; ++i) config.column_names.push_back(std::to_string(i));
  return config;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw IoError(path + ": cannot be read");
  return text.str();
}

}  // namespace

models::Model open_model(const std::string& path, bool compile) {
  const std::string suffix = suffix_of(path);
  if (suffix == ".onnx") return keras::onnx::load_model(path);
  if (suffix == ".json") return models::model_from_json(text_of(path));
  return models::load_model(path, {.compile = compile});
}

Arrays read_arrays(const std::string& path, const Shape& shape, const InputOptions& options) {
  const std::string suffix = suffix_of(path);
  if (is_picture(path)) return read_picture(path, shape, options);
  if (is_table(path)) return read_table(data::read_csv(path, csv_config(path)).x(), path);
  if (suffix == ".npz") {
    const io::npy::Archive archive(path);
    std::vector<Array> arrays;
    for (const std::string& name : archive.names()) arrays.push_back(archive[name]);
    return arrays.size() == 1 ? Arrays(arrays[0]) : Arrays(archive.names(), std::move(arrays));
  }
  if (suffix == ".npy") return io::npy::load(path);
  throw ValueError(path + ": data comes from .npy, .npz, .csv, .tsv, .png and .jpg files, got the suffix '" + suffix +
                   "'");
}

Arrays read_inputs(const models::Model& model, const std::vector<std::string>& arguments, const InputOptions& options) {
  const std::vector<std::string> names = model.input_names();
  const KerasTensors inputs = model.inputs();
  const auto shape_of = [&](std::size_t input) { return inputs[input].shape(); };
  if (std::all_of(arguments.begin(), arguments.end(), is_picture) && names.size() == 1) {
    std::vector<Array> pictures;
    for (const std::string& path : arguments) pictures.push_back(read_picture(path, shape_of(0), options));
    return concatenate(pictures, 0);
  }
  std::vector<std::string> given_names;
  std::vector<Array> given;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t equals = arguments[i].find('=');
    const std::string name = equals == std::string::npos ? "" : arguments[i].substr(0, equals);
    const auto found = std::find(names.begin(), names.end(), name);
    const bool by_name = found != names.end();
    const std::size_t input = by_name ? static_cast<std::size_t>(found - names.begin()) : std::min(i, names.size() - 1);
    const Arrays read = read_arrays(by_name ? arguments[i].substr(equals + 1) : arguments[i], shape_of(input), options);
    for (std::size_t k = 0; k < read.size(); ++k) {
      given.push_back(read[k]);
      given_names.push_back(by_name ? name : read.names().empty() ? "" : read.names()[k]);
    }
  }
  if (given.size() != names.size()) {
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    throw ValueError("the model has " + std::to_string(names.size()) + " inputs (" + known + "), got " +
                     std::to_string(given.size()) + " arrays");
  }
  const bool named = std::all_of(given_names.begin(), given_names.end(), [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
  return named ? Arrays(given_names, std::move(given)) : Arrays(std::move(given));
}

Samples read_samples(const models::Model& model, const std::string& path, const std::string& target) {
  const std::string suffix = suffix_of(path);
  if (is_table(path)) {
    data::CsvConfig config = csv_config(path);
    config.label_name = target;
    const data::Element table = data::read_csv(path, config);
    if (!target.empty()) return {read_table(table.x(), path), table.y()};
    std::vector<std::string> names = table.x().names();
    std::vector<Array> columns(table.x().begin(), table.x().end());
    const Array last = columns.back();
    names.pop_back(), columns.pop_back();
    return {read_table(Arrays(names, columns), path), last};
  }
  if (suffix != ".npz") throw ValueError(path + ": inputs with targets come from .npz, .csv and .tsv files");
  const io::npy::Archive archive(path);
  const auto all_there = [&](const std::vector<std::string>& names) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) { return archive.contains(name); });
  };
  const auto take = [&](const std::vector<std::string>& names) {
    std::vector<Array> arrays;
    for (const std::string& name : names) arrays.push_back(archive[name]);
    return names.size() == 1 ? Arrays(arrays[0]) : Arrays(names, std::move(arrays));
  };
  const std::vector<std::string> inputs = model.input_names(), outputs = model.output_names();
  if (all_there(inputs) && all_there(outputs) && inputs != outputs) return {take(inputs), take(outputs)};
  if (inputs.size() == 1 && outputs.size() == 1) {
    if (all_there({"x", "y"})) return {archive["x"], archive["y"]};
    if (archive.names().size() == 2) return {archive[archive.names()[0]], archive[archive.names()[1]]};
  }
  std::string known;
  for (const std::string& name : archive.names()) known += (known.empty() ? "" : ", ") + name;
  throw ValueError(path + ": expected arrays by the names of the model's inputs and outputs, or x and y, got " + known);
}

std::string short_number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", x);
  return text;
}

std::string short_bytes(double bytes) {
  const char* const units[] = {"B", "kB", "MB", "GB"};
  std::size_t unit = 0;
  for (; bytes >= 1000 && unit + 1 < std::size(units); ++unit) bytes /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text;
}

}  // namespace cornu::command_line

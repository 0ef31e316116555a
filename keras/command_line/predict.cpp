#include <cornu/cornu.h>

#include <filesystem>
#include <iostream>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

void write(const std::string& path, const Arrays& outputs, const std::vector<std::string>& names) {
  if (outputs.size() == 1 && std::filesystem::path(path).extension() != ".npz") return io::npy::save(path, outputs[0]);
  std::vector<std::pair<std::string, Array>> named;
  for (std::size_t i = 0; i < outputs.size(); ++i) named.emplace_back(names[i], outputs[i]);
  io::npy::savez(path, named);
}

int predict(const po::variables_map& given) {
  const auto files = get<std::vector<std::string>>(given, "input");
  const auto model = open_model(get<std::string>(given, "file"));
  const Arrays inputs = read_inputs(model, files, {.divide_by = get<double>(given, "divide")});
  PredictConfig config;
  if (has(given, "batch-size")) config.batch_size = get<int>(given, "batch-size");
  const Arrays outputs = model.predict(inputs, config);
  if (has(given, "output")) {
    write(get<std::string>(given, "output"), outputs, model.output_names());
    return 0;
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs.size() > 1) std::cout << model.output_names()[i] << ":\n";
    if (get<bool>(given, "classes"))
      std::cout << argmax(outputs[i], -1) << '\n';
    else
      std::cout << outputs[i] << '\n';
  }
  return 0;
}

const Registered registered_predict({
    .name = "predict",
    .arguments = "FILE INPUT…",
    .does = "what a model makes of data, printed as NumPy prints it",
    .details =
        "An INPUT is an .npy, .npz, .csv or .tsv file or a picture (.png, .jpg; several make one batch); for models\n"
        "of several inputs in their order, by NAME=FILE, or an .npz file with arrays of those names.",
    .positional = {"file", "input"},
    .required = {"file", "input"},
    .options =
        [](auto add) {
          add("file", po::value<std::string>(), "the model");
          add("output,o", po::value<std::string>(), "writes there instead (.npy; .npz for several outputs)");
          add("batch-size", po::value<int>(), "samples at a time; 32");
          add("divide", po::value<double>()->default_value(1), "pictures by this: 255 gives numbers from 0 to 1");
          add("classes", po::bool_switch(), "the places of the largest numbers instead of all numbers");
        },
    .run = predict,
});

}  // namespace
}  // namespace cornu::command_line

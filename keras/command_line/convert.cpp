#include <cornu/cornu.h>

#include <filesystem>
#include <fstream>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

int convert(const po::variables_map& given) {
  const auto from = get<std::string>(given, "from"), to = get<std::string>(given, "to");
  // How it is trained is asked of the file only where it is written: it may name a class that nobody knows here.
  const bool without = get<bool>(given, "without-optimizer"),
             compile = !without && !to.ends_with(".onnx") && !to.ends_with(".json");
  models::Model model = open_model(from, compile);
  if (has(given, "weights")) model.load_weights(get<std::string>(given, "weights"));
  const SaveConfig config{.include_optimizer = !without};
  if (to.ends_with(".weights.h5")) {
    model.save_weights(to);
  } else if (to.ends_with(".onnx")) {
    model.export_model(to, {.format = "onnx"});
  } else if (to.ends_with(".json")) {
    const std::string text = model.to_json();
    std::ofstream file(to + ".part");
    file << text << '\n';
    file.close();
    if (!file) throw IoError(to + ": cannot be written");
    std::filesystem::rename(to + ".part", to);
  } else {
    model.save(to, config);
  }
  return 0;
}

const Registered registered_convert({
    .name = "convert",
    .arguments = "FROM TO",
    .does = "writes a model in another form: .keras, .h5, .weights.h5, .json, .onnx",
    .details = "The suffix of TO says the form; FROM is .keras, .h5, .onnx, or .json with --weights.",
    .positional = {"from", "to"},
    .required = {"from", "to"},
    .options =
        [](auto add) {
          add("from", po::value<std::string>(), "a model");
          add("to", po::value<std::string>(), "what is written");
          add("weights", po::value<std::string>()->default_value(""),
              "a file of weights for FROM, which .json has not");
          add("without-optimizer", po::bool_switch(), "leaves out how the model is trained");
        },
    .run = convert,
});

}  // namespace
}  // namespace cornu::command_line

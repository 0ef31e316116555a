#include <cornu/cornu.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cornu/keras/command_line/command.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

bool ends_with(const std::string& path, std::string_view suffix) {
  return path.size() >= suffix.size() && path.compare(path.size() - suffix.size(), suffix.size(), suffix) == 0;
}

models::Model read_model(const std::string& path, const std::string& weights) {
  if (ends_with(path, ".json")) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    if (!file) throw IoError(path + ": cannot be read");
    models::Model model = models::model_from_json(text.str());
    if (!weights.empty()) model.load_weights(weights);
    return model;
  }
  models::Model model = models::load_model(path);
  if (!weights.empty()) model.load_weights(weights);
  return model;
}

int convert(const po::variables_map& given) {
  const auto from = get<std::string>(given, "from"), to = get<std::string>(given, "to");
  const models::Model model = read_model(from, get<std::string>(given, "weights"));
  const SaveConfig config{.include_optimizer = !get<bool>(given, "without-optimizer")};
  if (ends_with(to, ".weights.h5")) {
    model.save_weights(to);
  } else if (ends_with(to, ".json")) {
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
    .does = "writes a model in another form: .h5, .weights.h5, .json",
    .details = "The suffix of TO says the form; FROM may be anything that load_model reads, or .json with --weights.",
    .positional = {"from", "to"},
    .required = {"from", "to"},
    .options =
        [](auto add) {
          add("from", po::value<std::string>(), "a model");
          add("to", po::value<std::string>(), "what is written");
          add("weights", po::value<std::string>()->default_value(""),
              "a file of weights for FROM, which .json has not");
          add("without-optimizer", po::bool_switch(), "leaves the optimizer's state out");
        },
    .run = convert,
});

}  // namespace
}  // namespace cornu::command_line

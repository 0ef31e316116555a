#include <cornu/cornu.h>

#include <iostream>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

int evaluate(const po::variables_map& given) {
  auto model = open_model(get<std::string>(given, "file"), true);
  const Samples samples = read_samples(model, get<std::string>(given, "data"), get<std::string>(given, "target"));
  keras::EvaluateConfig config{.verbose = 0};
  if (has(given, "batch-size")) config.batch_size = get<int>(given, "batch-size");
  const keras::Logs figures = model.evaluate(samples.x, samples.y, config);
  for (const auto& [name, value] : figures) std::cout << name << ": " << short_number(value) << '\n';
  return 0;
}

const Registered registered_evaluate({
    .name = "evaluate",
    .arguments = "FILE DATA",
    .does = "loss and metrics of a compiled model on data with targets",
    .details =
        "DATA: an .npz file with arrays by the names of inputs and outputs, or x and y; or a .csv file, whose last\n"
        "column (or --target) is the target.",
    .positional = {"file", "data"},
    .required = {"file", "data"},
    .options =
        [](auto add) {
          add("file", po::value<std::string>(), "the model");
          add("data", po::value<std::string>(), "inputs and targets");
          add("target", po::value<std::string>()->default_value(""), "the column of a .csv file that is the target");
          add("batch-size", po::value<int>(), "samples at a time; 32");
        },
    .run = evaluate,
});

}  // namespace
}  // namespace cornu::command_line

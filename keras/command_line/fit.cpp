#include <cornu/cornu.h>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

int fit(const po::variables_map& given) {
  const auto file = get<std::string>(given, "file");
  auto model = open_model(file, true);
  const Samples samples = read_samples(model, get<std::string>(given, "data"), get<std::string>(given, "target"));
  if (has(given, "seed")) keras::utils::set_random_seed(get<std::uint64_t>(given, "seed"));
  keras::FitConfig config{.epochs = get<int>(given, "epochs"),
                          .verbose = get<int>(given, "verbose"),
                          .validation_split = get<double>(given, "validation-split")};
  if (has(given, "batch-size")) config.batch_size = get<int>(given, "batch-size");
  if (has(given, "tensorboard"))
    config.callbacks.push_back(
        keras::callbacks::TensorBoard({.log_dir = get<std::string>(given, "tensorboard"), .histogram_freq = 1}));
  const bool interrupted = model.fit(samples.x, samples.y, config).interrupted();
  model.save(has(given, "output") ? get<std::string>(given, "output") : file);
  return interrupted ? 130 : 0;
}

const Registered registered_fit({
    .name = "fit",
    .arguments = "FILE DATA",
    .does = "goes on training a compiled model, and saves it",
    .details = "DATA as for evaluate. Ctrl-C ends it after the running batch; what was learnt is saved.",
    .positional = {"file", "data"},
    .required = {"file", "data"},
    .options =
        [](auto add) {
          add("file", po::value<std::string>(), "the model");
          add("data", po::value<std::string>(), "inputs and targets");
          add("target", po::value<std::string>()->default_value(""), "the column of a .csv file that is the target");
          add("epochs", po::value<int>()->default_value(1), "passes over the data");
          add("batch-size", po::value<int>(), "samples of a step; 32");
          add("validation-split", po::value<double>()->default_value(0),
              "this share of the samples, the last ones, validates");
          add("tensorboard", po::value<std::string>(), "writes logs for TensorBoard into this folder");
          add("seed", po::value<std::uint64_t>(), "of whatever is random");
          add("verbose", po::value<int>()->default_value(1), "0 silent, 1 a bar, 2 a line per epoch");
          add("output,o", po::value<std::string>(), "saves there instead of replacing FILE");
        },
    .run = fit,
});

}  // namespace
}  // namespace cornu::command_line

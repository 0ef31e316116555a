#include <cornu/cornu.h>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

int plot(const po::variables_map& given) {
  const auto model = open_model(get<std::string>(given, "file"));
  keras::utils::plot_model(model, {.to_file = get<std::string>(given, "picture"),
                                   .show_shapes = !get<bool>(given, "no-shapes"),
                                   .show_layer_names = true,
                                   .rankdir = get<bool>(given, "horizontal") ? "LR" : "TB",
                                   .expand_nested = get<bool>(given, "expand-nested")});
  return 0;
}

const Registered registered_plot({
    .name = "plot",
    .arguments = "FILE PICTURE",
    .does = "draws the graph of layers as .svg, .png or .pdf (by Graphviz)",
    .positional = {"file", "picture"},
    .required = {"file", "picture"},
    .options =
        [](auto add) {
          add("file", po::value<std::string>(), "the model");
          add("picture", po::value<std::string>(), "what is written; the suffix says the form");
          add("no-shapes", po::bool_switch(), "without the shapes of inputs and outputs");
          add("horizontal", po::bool_switch(), "from left to right");
          add("expand-nested", po::bool_switch(), "the layers of models that are layers, too");
        },
    .run = plot,
});

}  // namespace
}  // namespace cornu::command_line

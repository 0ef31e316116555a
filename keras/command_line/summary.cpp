#include <cornu/cornu.h>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"

namespace cornu::command_line {
namespace {

const Registered summary({
    .name = "summary",
    .arguments = "FILE",
    .does = "the table of a model's layers",
    .positional = {"file"},
    .required = {"file"},
    .options =
        [](auto add) {
          add("expand-nested", po::bool_switch(), "the layers of models that are layers, too");
          add("show-trainable", po::bool_switch(), "a column that says which layers are trained");
        },
    .run =
        [](const po::variables_map& given) {
          for (const auto& file : get<std::vector<std::string>>(given, "file"))
            open_model(file).summary({.expand_nested = get<bool>(given, "expand-nested"),
                                      .show_trainable = get<bool>(given, "show-trainable")});
          return 0;
        },
});

}  // namespace
}  // namespace cornu::command_line

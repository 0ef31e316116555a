#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

using nlohmann::json;

// A field of a callback's config, if the case gives it.
template <class T>
void take(const json& config, const char* name, T& field) {
  if (config.contains(name)) field = config.at(name).get<T>();
}

keras::Shared<keras::callbacks::Callback> make_callback(const json& object) {
  const std::string name = object.at("class_name");
  const json& config = object.at("config");
  const auto known = [&](std::initializer_list<std::string_view> fields) {
    for (const auto& [key, value] : config.items())
      if (std::find(fields.begin(), fields.end(), key) == fields.end())
        throw std::runtime_error("argument '" + key + "' of " + name + " is not known");
  };
  if (name == "EarlyStopping") {
    known({"monitor", "min_delta", "patience", "mode", "restore_best_weights", "start_from_epoch", "baseline"});
    keras::callbacks::EarlyStoppingConfig c;
    take(config, "monitor", c.monitor), take(config, "min_delta", c.min_delta), take(config, "patience", c.patience),
        take(config, "mode", c.mode);
    take(config, "restore_best_weights", c.restore_best_weights), take(config, "start_from_epoch", c.start_from_epoch);
    if (config.contains("baseline") && !config.at("baseline").is_null())
      c.baseline = config.at("baseline").get<double>();
    return keras::callbacks::EarlyStopping(c);
  }
  if (name == "ReduceLROnPlateau") {
    known({"monitor", "factor", "patience", "mode", "min_delta", "cooldown", "min_lr"});
    keras::callbacks::ReduceLROnPlateauConfig c;
    take(config, "monitor", c.monitor), take(config, "factor", c.factor), take(config, "patience", c.patience),
        take(config, "mode", c.mode);
    take(config, "min_delta", c.min_delta), take(config, "cooldown", c.cooldown), take(config, "min_lr", c.min_lr);
    return keras::callbacks::ReduceLROnPlateau(c);
  }
  if (name == "LearningRateScheduler") {
    known({"table"});
    return keras::callbacks::LearningRateScheduler(
        [table = config.at("table").get<std::vector<double>>()](int epoch) { return table.at(epoch); });
  }
  throw std::runtime_error("the callback " + name + " is not known to this runner");
}

keras::FitConfig fit_config(Case& c) {
  const json given = c.json("fit");
  keras::FitConfig fit{.verbose = 0, .shuffle = false};
  for (const auto& [key, value] : given.items()) {
    if (key == "epochs")
      fit.epochs = value;
    else if (key == "batch_size")
      fit.batch_size = value.get<int>();
    else if (key == "validation_split")
      fit.validation_split = value;
    else if (key == "initial_epoch")
      fit.initial_epoch = value;
    else if (key == "class_weight")
      for (const auto& [label, weight] : value.items()) fit.class_weight[std::stoi(label)] = weight;
    else if (key == "callbacks")
      for (const json& object : value) fit.callbacks.push_back(make_callback(object));
    else
      throw std::runtime_error("argument '" + key + "' of fit is not known");
  }
  if (c.has_data("sample_weight")) fit.sample_weight = c.data("sample_weight");
  if (c.has_data("val_x_0")) {
    const auto weight = c.optional_data("val_sample_weight");
    fit.validation_data = {c.numbered("val_x_"), c.numbered("val_y_"),
                           weight ? keras::Arrays(*weight) : keras::Arrays()};
  }
  return fit;
}

void run(Case& c) {
  skip_unless_known(unknown_class(c.config(), keras::layers::registry()));
  skip_unless_known(unknown_class_of_compile(c.json("compile")));
  const keras::Arrays x = c.numbered("x_"), y = c.numbered("y_");
  auto model = keras::models::model_from_json(c.config().dump());
  model.compile(keras::saving::compile_config_from_json(c.text("compile")));
  if (!model.built()) model.build(x[0].shape().with(0, kUnknown));
  model.set_weights(c.numbered("weight_"));
  const auto history = model.fit(x, y, fit_config(c));
  for (const std::string& name : history.names()) {
    if (!c.has_data("history_" + name))
      c.fail("the history has '" + name + "', Keras' has not");
    else
      c.compare("history_" + name, Array(history[name]).astype(float32));
  }
  const auto weights = model.get_weights();
  for (std::size_t i = 0; i < weights.size(); ++i) c.compare(graph::message("final_weight_", i), weights[i]);
}
const bool added = add_runner("fit", run);

}  // namespace
}  // namespace cornu::golden

#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

// What a file says of a model: the layers, and how it was compiled.
void skip_unless_all_known(const std::filesystem::path& path) {
  const auto root = io::hdf5::File(path).root();
  skip_unless_known(unknown_class(nlohmann::json::parse(root.text("model_config")), keras::layers::registry()));
  if (root.has_attribute("training_config"))
    skip_unless_known(unknown_class_of_compile(nlohmann::json::parse(root.text("training_config"))));
}

// A file that Keras wrote: its predictions, its figures, and three more epochs with the restored optimizer.
void run(Case& c) {
  const auto files = c.json("model_files");
  if (!files.contains("h5")) throw Skip("form not supported: " + files.dump());
  const std::filesystem::path path = c.path().parent_path() / files.at("h5").get<std::string>();
  skip_unless_all_known(path);
  auto model = keras::models::load_model(path);
  const keras::Arrays x = c.numbered("input_"), y = c.numbered("y_true_");
  const auto compare_predictions = [&](const std::string& prefix) {
    const keras::Arrays predictions = model.predict(x);
    for (std::size_t i = 0; i < predictions.size(); ++i) c.compare(graph::message(prefix, i), predictions[i]);
  };
  compare_predictions("prediction_");
  if (y.empty()) return;
  const auto scores =
      model.evaluate(x, y, {.batch_size = static_cast<int>(c.integer("evaluate_batch_size")), .verbose = 0});
  for (const std::string name : c.json("evaluate_names"))
    c.compare("evaluate_" + name, Array::scalar(static_cast<float>(scores[name])));
  if (!c.has_data("resume_loss")) return;
  const int samples = static_cast<int>(x[0].rows());
  const auto history = model.fit(x, y, {.batch_size = samples, .epochs = 3, .verbose = 0, .shuffle = false});
  c.compare("resume_loss", Array(history["loss"]).astype(float32));
  compare_predictions("resume_prediction_");
}
const bool added = add_runner("model", run);

}  // namespace
}  // namespace cornu::golden

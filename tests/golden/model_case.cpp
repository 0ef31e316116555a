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

// An output's loss as Keras 3 on TensorFlow logs it: each batch counts alike, however small the last one is. Cornu,
// Keras 2 and Keras 3 on JAX weigh batches by their samples.
double mean_over_batches(keras::models::Model& model, const keras::Arrays& x, const keras::Arrays& y, int batch_size,
                         const std::string& name) {
  const auto part = [&](const keras::Arrays& all, std::int64_t from) {
    std::vector<Array> rows;
    for (const Array& array : all) rows.push_back(array.slice(from, std::min(from + batch_size, array.rows())));
    return keras::Arrays(rows);
  };
  double sum = 0;
  int batches = 0;
  for (std::int64_t from = 0; from < x[0].rows(); from += batch_size, ++batches)
    sum += model.evaluate(part(x, from), part(y, from), {.verbose = 0})[name];
  return sum / batches;
}

// Weights alone, loaded into a model whose own are zeros, and the optimizer's variables, too.
keras::models::Model with_weights(const std::filesystem::path& model_file, const std::filesystem::path& weights) {
  auto model = keras::models::load_model(model_file);
  std::vector<Variable> all = model.weights();
  for (const Variable& variable : model.optimizer()->variables()) all.push_back(variable);
  for (Variable& variable : all) variable.assign(graph::zeros(variable.shape(), variable.dtype()));
  model.load_weights(weights);
  return model;
}

// A file that Keras wrote: its predictions, its figures, and three more epochs with the restored optimizer.
void check(Case& c, keras::models::Model model) {
  const keras::Arrays x = c.numbered("input_"), y = c.numbered("y_true_");
  const auto compare_predictions = [&](const std::string& prefix) {
    const keras::Arrays predictions = model.predict(x);
    for (std::size_t i = 0; i < predictions.size(); ++i) c.compare(graph::message(prefix, i), predictions[i]);
  };
  compare_predictions("prediction_");
  if (y.empty()) return;
  const int batch_size = static_cast<int>(c.integer("evaluate_batch_size"));
  const auto scores = model.evaluate(x, y, {.batch_size = batch_size, .verbose = 0});
  const bool keras3 = c.path().filename().string().starts_with("k3_");
  for (const std::string name : c.json("evaluate_names")) {
    const bool plain = keras3 && y.size() > 1 && name.ends_with("_loss");
    const double score = plain ? mean_over_batches(model, x, y, batch_size, name) : scores[name];
    c.compare("evaluate_" + name, Array::scalar(static_cast<float>(score)));
  }
  if (!c.has_data("resume_loss")) return;
  const int samples = static_cast<int>(x[0].rows());
  const auto history = model.fit(x, y, {.batch_size = samples, .epochs = 3, .verbose = 0, .shuffle = false});
  c.compare("resume_loss", Array(history["loss"]).astype(float32));
  compare_predictions("resume_prediction_");
}

void run(Case& c) {
  const auto files = c.json("model_files");
  const auto path = [&](const char* form) { return c.path().parent_path() / files.at(form).get<std::string>(); };
  skip_unless_all_known(path("h5"));
  check(c, keras::models::load_model(path("h5")));
  if (files.contains("keras")) check(c, keras::models::load_model(path("keras")));
  if (files.contains("weights")) check(c, with_weights(path("h5"), path("weights")));
}
const bool added = add_runner("model", run);

}  // namespace
}  // namespace cornu::golden

#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

// A file that Keras wrote: its predictions, its figures, and three more epochs with the restored optimizer.
void run(Case& c) {
  const auto files = c.json("model_files");
  if (!files.contains("h5")) throw Skip("a model without an .h5 file");
  if (c.has_data("input_1") || c.has_data("y_true_1")) throw Skip("a model with several inputs or outputs");
  auto model = unless_unknown(
      [&] { return keras::models::load_model(c.path().parent_path() / files.at("h5").get<std::string>()); });
  const Array x = c.data("input_0");
  const int samples = static_cast<int>(x.rows());
  c.compare("prediction_0", model.predict(x));
  if (!c.has_data("y_true_0")) return;
  const Array y = c.data("y_true_0");
  const auto scores =
      model.evaluate(x, y, {.batch_size = static_cast<int>(c.integer("evaluate_batch_size")), .verbose = 0});
  for (const std::string name : c.json("evaluate_names"))
    c.compare("evaluate_" + name, Array::scalar(static_cast<float>(scores[name])));
  if (!c.has_data("resume_loss")) return;
  const auto history = model.fit(x, y, {.batch_size = samples, .epochs = 3, .verbose = 0, .shuffle = false});
  c.compare("resume_loss", Array(history["loss"]).astype(float32));
  c.compare("resume_prediction_0", model.predict(x));
}
const bool added = add_runner("model", run);

}  // namespace
}  // namespace cornu::golden

#include "cornu/keras/callbacks/tensorboard.h"

#include <chrono>
#include <filesystem>

#include "cornu/io/tensorboard/weight_images.h"
#include "cornu/keras/callbacks/internal/conceptual_graph.h"
#include "cornu/keras/callbacks/internal/feature_maps.h"
#include "cornu/keras/callbacks/internal/projector_points.h"
#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/callbacks/internal/written_steps.h"
#include "cornu/keras/models/internal/observation.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/internal/weight_paths.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {

using graph::message;
using graph::require;
using io::tensorboard::SummaryWriter;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

graph::Specs specs_of(const data::Columns* batch) {
  graph::Specs specs;
  if (batch != nullptr)
    for (const Array& array : models::Training::arguments(*batch)) specs.push_back(array.spec());
  return specs;
}

// What the arguments of a step are called in its graph.
std::vector<std::string> names_of(const data::Columns& batch) {
  std::vector<std::string> names;
  const auto add = [&](const char* what, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) names.push_back(count == 1 ? what : message(what, '_', i + 1));
  };
  add("x", batch.x.size()), add("y", batch.y.size()), add("sample_weight", batch.weight.size());
  return names;
}

}  // namespace

struct TensorBoardCallback::Fit {
  models::Training& training;
  models::Observation observe;
  std::optional<internal::ProjectorPoints> points;
  std::optional<internal::FeatureMaps> maps;
  internal::WrittenSteps written;     // before this fit
  std::int64_t batch = 0;             // the present one, from 1
  std::optional<std::int64_t> ahead;  // of the epochs' numbers, so that steps do not go back
  graph::Specs graph;                 // arguments of the step whose graph is written
  bool timed = false;                 // and that has its times
  bool warned = false;                // of points that cannot be written
  double batch_began = 0, epoch_began = 0;
  std::int64_t iterations = 0;  // when the epoch began

  Fit(models::Network& network, models::Training& training) : training(training), observe(network, training) {}
};

TensorBoardCallback::TensorBoardCallback(TensorBoardConfig config) : config_(std::move(config)) {
  const auto require_count = [](const char* name, int value) {
    require<ValueError>(value >= 0, "TensorBoard: ", name, " must be at least 0, got ", value);
  };
  require_count("histogram_freq", config_.histogram_freq);
  require_count("embeddings_freq", config_.embeddings_freq);
  require_count("feature_map_samples", config_.feature_map_samples);
  require<ValueError>(config_.embeddings_samples >= 1, "TensorBoard: embeddings_samples must be at least 1, got ",
                      config_.embeddings_samples);
  const BatchRange& profile = config_.profile_batch;
  require<ValueError>(
      profile.first >= 0 && profile.last >= profile.first,
      "TensorBoard: profile_batch must be 0, a batch from 1 on, or the first and last one of several, got ",
      profile.first, " to ", profile.last);
  if (config_.update_freq.is_word()) {
    const std::string& word = config_.update_freq.word();
    require<ValueError>(word == "epoch" || word == "batch",
                        "TensorBoard: update_freq must be \"epoch\", \"batch\" or a number of batches, got \"", word,
                        '"');
    every_ = word == "batch" ? 1 : 0;
  } else {
    every_ = config_.update_freq.batches();
    require<ValueError>(every_ >= 1, "TensorBoard: update_freq must be at least 1, got ", every_);
  }
}
EmbeddingsMetadata::EmbeddingsMetadata() = default;
EmbeddingsMetadata::EmbeddingsMetadata(const char* file) : for_all(file) {}
EmbeddingsMetadata::EmbeddingsMetadata(std::string file) : for_all(std::move(file)) {}
EmbeddingsMetadata::EmbeddingsMetadata(std::initializer_list<std::pair<const std::string, std::string>> files)
    : by_layer(files) {}

TensorBoardCallback::~TensorBoardCallback() = default;
TensorBoardCallback::TensorBoardCallback(TensorBoardCallback&&) noexcept = default;
TensorBoardCallback& TensorBoardCallback::operator=(TensorBoardCallback&&) noexcept = default;

std::string TensorBoardCallback::train_folder() const { return std::filesystem::path(config_.log_dir) / "train"; }
SummaryWriter& TensorBoardCallback::train_writer() {
  if (!train_) train_.emplace(train_folder());
  return *train_;
}
SummaryWriter& TensorBoardCallback::validation_writer() {
  if (!validation_) validation_.emplace(std::filesystem::path(config_.log_dir) / "validation");
  return *validation_;
}

void TensorBoardCallback::close() {
  train_.reset();
  validation_.reset();
}

void TensorBoardCallback::on_train_begin(const Logs&) {
  close();
  models::Network& network = *model().network();
  fit_ = std::make_unique<Fit>(network, *network.training());
  fit_->written = internal::written_steps(train_folder());
  fit_->batch = fit_->written.batches;
  train_writer();
  if (config_.embeddings_freq > 0) fit_->points.emplace(config_, network);
  if (config_.feature_map_samples > 0) fit_->maps.emplace(network, config_.feature_map_samples);
  if (config_.write_graph) write_conceptual_graph();
}

void TensorBoardCallback::write_conceptual_graph() {
  try {
    train_writer().keras_model(internal::conceptual_graph(model().to_json()));
  } catch (const ValueError& e) {  // layers that cannot be written down
    utils::warn(message("TensorBoard: the conceptual graph is left out: ", e.what()));
  }
}

void TensorBoardCallback::on_train_batch_begin(int, const Logs&) {
  if (!fit_) return;
  if (fit_->epoch_began == 0) on_epoch_begin(0, {});  // of an epoch that is resumed in its middle nobody told
  ++fit_->batch;
  // The step after the one whose graph was written has times of its own: it is compiled already.
  const bool of_graph = !fit_->timed && !fit_->graph.empty() && specs_of(data().batch) == fit_->graph;
  const bool asked = config_.profile_batch.first > 0 && fit_->batch >= config_.profile_batch.first &&
                     fit_->batch <= config_.profile_batch.last;
  if (of_graph || asked) fit_->training.profile_next_step();
  if (config_.write_steps_per_second && every_ > 0) fit_->batch_began = now();
}

void TensorBoardCallback::on_train_batch_end(int, const Logs& logs) {
  if (!fit_) return;
  if (const auto profile = fit_->training.take_profile()) {
    train_writer().run_metadata(message("batch_", fit_->batch), *profile, fit_->batch);
    fit_->timed = true;
  }
  if (config_.write_graph && fit_->graph.empty()) {
    fit_->graph = specs_of(data().batch);
    train_writer().graph(fit_->training.train_function(*data().batch), fit_->graph, names_of(*data().batch));
  }
  if (every_ == 0 || fit_->batch % every_ != 0) return;
  if (config_.write_steps_per_second)
    train_writer().scalar("batch_steps_per_second", 1 / (now() - fit_->batch_began), fit_->batch);
  for (const auto& [name, value] : logs) train_writer().scalar("batch_" + name, value, fit_->batch);
}

void TensorBoardCallback::on_test_end(const Logs& logs) {
  const std::int64_t iterations = model().optimizer()->iterations();
  for (const auto& [name, value] : logs)
    validation_writer().scalar(message("evaluation_", name, "_vs_iterations"), value, iterations);
  if (!fit_) close();  // an evaluation of its own
}

void TensorBoardCallback::on_epoch_begin(int, const Logs&) {
  if (!fit_ || !config_.write_steps_per_second) return;
  fit_->epoch_began = now();
  fit_->iterations = fit_->training.optimizer()->iterations();
}

void TensorBoardCallback::on_epoch_end(int epoch, const Logs& logs) {
  if (!fit_) return;
  if (!fit_->ahead) fit_->ahead = std::max<std::int64_t>(0, fit_->written.epochs - epoch);
  const std::int64_t step = epoch + *fit_->ahead;
  write_epoch_figures(step, logs);
  if (due(config_.histogram_freq, epoch)) write_histograms(step);
  if (due(config_.embeddings_freq, epoch)) {
    try {
      fit_->points->write(train_folder(), step, data().validation ? data().validation : data().batch,
                          data().batch_size);
    } catch (const graph::Error& e) {  // a full disk, a folder that is gone, activations that are no numbers
      if (!std::exchange(fit_->warned, true))
        utils::warn(message("TensorBoard: points for the Projector are missing: ", e.what()));
    }
  }
}

void TensorBoardCallback::write_epoch_figures(std::int64_t step, const Logs& logs) {
  constexpr std::string_view kValidation = "val_";
  for (const auto& [name, value] : logs)
    if (!name.starts_with(kValidation) && name != "learning_rate") train_writer().scalar("epoch_" + name, value, step);
  train_writer().scalar("epoch_learning_rate", fit_->training.optimizer()->learning_rate(), step);
  if (config_.write_steps_per_second) {
    const auto steps = static_cast<double>(fit_->training.optimizer()->iterations() - fit_->iterations);
    train_writer().scalar("epoch_steps_per_second", steps / (now() - fit_->epoch_began), step);
  }
  for (const auto& [name, value] : logs)
    if (name.starts_with(kValidation))
      validation_writer().scalar("epoch_" + name.substr(kValidation.size()), value, step);
}

namespace {

void write_histogram(SummaryWriter& writer, const std::string& path, const graph::Histogram& histogram,
                     std::int64_t step) {
  writer.histogram(path + "/histogram", histogram, step);
  if (const std::int64_t odd = histogram.nan + histogram.infinite; odd > 0)
    writer.scalar(path + "/not_finite", static_cast<double>(odd), step);
}

}  // namespace

void TensorBoardCallback::write_weights(std::int64_t step) {
  for (const auto& [path, variable] : models::weight_paths(*model().network())) {
    const Array value = variable.value();
    write_histogram(train_writer(), path, graph::histogram(value), step);
    if (config_.write_images)
      if (const auto images = io::tensorboard::weight_images(value))
        train_writer().image(path + "/image", *images, step, {.rescale = true});
  }
}

// The first validation batch, else the last training batch.
data::Columns TensorBoardCallback::observed_batch() const {
  if (data().validation == nullptr) return data().batch != nullptr ? *data().batch : data::Columns();
  data::Columns batch = *data().validation;
  for (auto* part : {&batch.x, &batch.y, &batch.weight})
    for (Array& column : *part) column = Array(column.slice(0, data().batch_size));
  return batch;
}

void TensorBoardCallback::write_histograms(std::int64_t step) {
  write_weights(step);
  const data::Columns batch = observed_batch();
  if (batch.x.empty()) return;
  for (const auto& [path, histogram] : fit_->observe(batch)) write_histogram(train_writer(), path, histogram, step);
  if (fit_->maps)
    for (const auto& [path, images] : (*fit_->maps)(batch.x))
      train_writer().image(path + "/image", images, step, {.max_outputs = config_.feature_map_samples});
}

// Steps go on where the run was put down; what a killed run has written beyond is there twice then, and TensorBoard
// leaves the older points out.
void TensorBoardCallback::state(StateVisitor& v) {
  if (!fit_) return;
  v("written_epochs", fit_->written.epochs);
  v("written_batches", fit_->written.batches);
  v("batch", fit_->batch);
  std::int64_t ahead = fit_->ahead.value_or(-1);
  v("ahead", ahead);
  fit_->ahead = ahead < 0 ? std::nullopt : std::optional(ahead);
}

void TensorBoardCallback::on_train_end(const Logs&) {
  fit_.reset();
  close();
}

TensorBoard::TensorBoard(TensorBoardConfig config) : Handle(std::move(config)) {}

}  // namespace cornu::keras::callbacks

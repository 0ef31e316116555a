#include "cornu/keras/callbacks/model_checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/format_fields.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::callbacks {

using graph::message;
using graph::require;

ModelCheckpointCallback::ModelCheckpointCallback(ModelCheckpointConfig config)
    : config_(std::move(config)),
      monitor_("ModelCheckpoint", config_.monitor, config_.mode),
      best_(config_.initial_value_threshold) {
  const std::string extension = std::filesystem::path(config_.filepath).extension();
  require<ValueError>(extension == ".h5" || extension == ".hdf5", "ModelCheckpoint: filepath must end in .h5, got ",
                      config_.filepath);
  if (config_.save_freq.is_word())
    require<ValueError>(config_.save_freq.word() == "epoch",
                        "ModelCheckpoint: save_freq must be \"epoch\" or a number of batches, got \"",
                        config_.save_freq.word(), '"');
  else
    require<ValueError>(config_.save_freq.batches() >= 1, "ModelCheckpoint: save_freq must be at least 1, got ",
                        config_.save_freq.batches());
  require<ValueError>(config_.max_to_keep.value_or(1) >= 1, "ModelCheckpoint: max_to_keep must be at least 1, got ",
                      config_.max_to_keep.value_or(1));
}

void ModelCheckpointCallback::on_epoch_begin(int epoch, const Logs&) { epoch_ = epoch; }

void ModelCheckpointCallback::on_train_batch_end(int batch, const Logs& logs) {
  if (config_.save_freq.is_word() || ++batches_ < config_.save_freq.batches()) return;
  batches_ = 0;
  save(batch, logs);
}

void ModelCheckpointCallback::on_epoch_end(int epoch, const Logs& logs) {
  epoch_ = epoch;
  if (config_.save_freq.is_word()) save(std::nullopt, logs);
}

std::string ModelCheckpointCallback::path(std::optional<int> batch, const Logs& logs) const {
  std::vector<utils::FormatField> fields{{"epoch", std::int64_t{epoch_} + 1}};
  if (batch) fields.push_back({"batch", std::int64_t{*batch} + 1});
  for (const auto& [name, value] : logs) fields.push_back({name, value});
  try {
    return utils::format_fields(config_.filepath.string(), fields);
  } catch (const ValueError& e) {
    throw ValueError(message("ModelCheckpoint: filepath ", e.what()));
  }
}

// Says what it decides in Keras' words.
bool ModelCheckpointCallback::wanted(const Logs& logs, const std::string& path) {
  const auto say = [&](const auto&... parts) {
    if (config_.verbose > 0) utils::print_message(message("\nEpoch ", epoch_ + 1, ": ", parts...));
  };
  if (!config_.save_best_only) {
    say("saving model to ", path);
    return true;
  }
  monitor_.settle(model());
  const double* current = logs.find(monitor_.name());
  if (current == nullptr) {
    utils::warn(message("Can save best model only with ", monitor_.name(),
                        " available. Available metrics are: ", available(logs)));
    return true;
  }
  const std::string before = utils::python_format(best_.value_or(monitor_.worst()), ".5f");
  if (!monitor_.improves(*current, best_)) {
    say(monitor_.name(), " did not improve from ", before);
    return false;
  }
  say(monitor_.name(), " improved from ", before, " to ", utils::python_format(*current, ".5f"), ", saving model to ",
      path);
  best_ = *current;
  return true;
}

void ModelCheckpointCallback::save(std::optional<int> batch, const Logs& logs) {
  const std::filesystem::path file = path(batch, logs);
  if (!wanted(logs, file.string())) return;
  require<IoError>(!std::filesystem::is_directory(file), "ModelCheckpoint: filepath ", file, " is a folder");
  if (file.has_parent_path()) {
    std::error_code error;
    std::filesystem::create_directories(file.parent_path(), error);
    require<IoError>(!error, "ModelCheckpoint: cannot make the folder ", file.parent_path(), ": ", error.message());
  }
  if (config_.save_weights_only)
    model().save_weights(file);
  else
    model().save(file);
  if (config_.max_to_keep) remove_older(file.string());
}

void ModelCheckpointCallback::remove_older(const std::string& newest) {
  std::erase(saved_, newest);
  saved_.push_back(newest);
  while (saved_.size() > static_cast<std::size_t>(*config_.max_to_keep)) {
    std::error_code error;
    std::filesystem::remove(saved_.front(), error);
    if (error) utils::warn(message("ModelCheckpoint: ", saved_.front(), " cannot be removed: ", error.message()));
    saved_.erase(saved_.begin());
  }
}

void ModelCheckpointCallback::state(StateVisitor& v) {
  internal::figure_field(v, "best", best_);
  internal::count_field(v, "epoch", epoch_);
  internal::count_field(v, "batches", batches_);
  internal::texts_field(v, "saved", saved_);
}

ModelCheckpoint::ModelCheckpoint(ModelCheckpointConfig config) : Handle(std::move(config)) {}
ModelCheckpoint::ModelCheckpoint(io::Path filepath, ModelCheckpointConfig config)
    : Handle(with_positional(std::move(config), std::move(filepath))) {}

}  // namespace cornu::keras::callbacks

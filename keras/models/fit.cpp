// Model::fit: the loop over epochs and batches, and what callbacks are told.
#include <algorithm>
#include <cmath>

#include "cornu/graph/array/random.h"
#include "cornu/keras/callbacks/progress.h"
#include "cornu/keras/models/internal/class_weights.h"
#include "cornu/keras/models/internal/fit_progress.h"
#include "cornu/keras/models/internal/interrupt.h"
#include "cornu/keras/models/internal/run.h"
#include "cornu/keras/models/internal/test_pass.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::models {

using graph::require;

namespace {

void check(const FitConfig& config) {
  check_verbose(config.verbose);
  check_steps("steps_per_epoch", config.steps_per_epoch);
  check_steps("validation_steps", config.validation_steps);
  require<ValueError>(config.epochs >= 0 && config.initial_epoch >= 0,
                      "epochs and initial_epoch must be at least 0, got ", config.epochs, " and ",
                      config.initial_epoch);
  config.validation_freq.check();
  require<ValueError>(config.validation_split >= 0 && config.validation_split < 1,
                      "validation_split must be in [0, 1), got ", config.validation_split);
}

// The last part of each column goes to validation.
data::Columns split_off(data::Columns& train, double share) {
  const std::int64_t n = train.x[0].rows(),
                     split = static_cast<std::int64_t>(std::floor(static_cast<double>(n) * (1 - share)));
  require<ValueError>(split > 0 && split < n, "validation_split ", share, " of ", n,
                      " samples leaves none to train or to validate with");
  data::Columns validation = train;
  for (const auto part : {&data::Columns::x, &data::Columns::y, &data::Columns::weight})
    for (std::size_t i = 0; i < (train.*part).size(); ++i) {
      (validation.*part)[i] = (train.*part)[i].slice(split, n);
      (train.*part)[i] = Array((train.*part)[i].slice(0, split));
    }
  return validation;
}

}  // namespace
}  // namespace cornu::keras::models

namespace cornu::keras {

void ValidationFreq::check() const {
  graph::require<ValueError>(every_ >= 1 || !epochs_.empty(), "validation_freq must be at least 1, got ", every_);
  for (const int epoch : epochs_)
    graph::require<ValueError>(epoch >= 1, "validation_freq counts epochs from 1, got ", epoch);
}

bool ValidationFreq::after(int epoch) const {
  if (every_ > 0) return (epoch + 1) % every_ == 0;
  return std::find(epochs_.begin(), epochs_.end(), epoch + 1) != epochs_.end();
}

}  // namespace cornu::keras

namespace cornu::keras::models {

History Model::fit(const Arrays& x, FitConfig config) { return fit(x, Arrays(), std::move(config)); }

History Model::fit(const Arrays& x, const Arrays& y, FitConfig config) {
  this->training();
  const std::shared_ptr<Training> training = network_->training();  // a callback may compile the model anew
  check(config);
  Arrays validation_x = config.validation_data.x;
  data::Columns columns = columns_of(*network_, *training, x, y, config.sample_weight, config.class_weight, "");
  std::optional<data::Columns> held_out;
  if (!validation_x.empty()) {
    require<ValueError>(!config.validation_data.y.empty() || columns.y.empty(), "validation_data needs x and y");
    held_out = columns_of(*network_, *training, validation_x, config.validation_data.y,
                          config.validation_data.sample_weight, {}, "validation: ");
  } else if (config.validation_split > 0 && !config.validation_data.source) {
    held_out = split_off(columns, config.validation_split);
    if (!config.class_weight.empty()) held_out->weight.clear();  // class weights are for training alone
  }

  const auto run_over = [&](data::Columns rows, int batch_size, const char* what) {
    auto source = std::make_shared<data::ArraySource>(std::move(rows), batch_size, what, network_->threads());
    return Run{source, source, network_.get(), training.get()};
  };
  const std::int64_t samples = columns.x[0].rows();
  Run train = run_over(std::move(columns), batch_size_of(config.batch_size, config.steps_per_epoch, samples), "");
  std::optional<Run> validation;
  if (held_out) {
    const std::optional<int> asked = config.validation_batch_size ? config.validation_batch_size : config.batch_size;
    const int size = batch_size_of(asked, config.validation_steps, held_out->x[0].rows());
    validation = run_over(*std::move(held_out), size, "validation: ");
  } else if (config.validation_data.source) {
    validation = Run{config.validation_data.source, nullptr, network_.get(), training.get()};
  }
  return run_fit(train, validation ? &*validation : nullptr, config);
}

History Model::fit(const std::shared_ptr<data::Source>& source, FitConfig config) {
  this->training();
  const std::shared_ptr<Training> training = network_->training();
  check(config);
  check_source(source, "fit", "steps_per_epoch", config.steps_per_epoch);
  require<ValueError>(
      config.validation_split == 0 && config.sample_weight.empty(),
      "fit: validation_split and sample_weight are for arrays; a source gives weights with its batches");
  Run train{source, nullptr, network_.get(), training.get(), &config.class_weight};
  std::optional<Run> validation;
  if (config.validation_data.source) {
    validation = Run{config.validation_data.source, nullptr, network_.get(), training.get()};
  } else if (!config.validation_data.x.empty()) {
    auto rows = columns_of(*network_, *training, config.validation_data.x, config.validation_data.y,
                           config.validation_data.sample_weight, {}, "validation: ");
    const int size = batch_size_of(config.validation_batch_size, config.validation_steps, rows.x[0].rows());
    auto arrays = std::make_shared<data::ArraySource>(std::move(rows), size, "validation: ", network_->threads());
    validation = Run{arrays, arrays, network_.get(), training.get()};
  }
  return run_fit(train, validation ? &*validation : nullptr, config);
}

History Model::run_fit(Run& train, Run* validation, const FitConfig& config) {
  const std::shared_ptr<Training> kept = network_->training();
  Training& training = *train.training;
  std::int64_t validation_steps = 0;
  if (validation != nullptr && !validation->arrays)
    check_source(validation->source, "fit: validation", "validation_steps", config.validation_steps);
  if (validation != nullptr)
    validation_steps = steps_of("validation_steps", config.validation_steps, validation->source->size());
  const std::optional<std::int64_t> batches = train.source->size();
  steps_of("steps_per_epoch", config.steps_per_epoch, batches);
  const std::int64_t steps =
      config.steps_per_epoch ? *config.steps_per_epoch : batches.value_or(std::numeric_limits<std::int64_t>::max());
  if (train.arrays || network_->built()) {
    training.check_trainable();
    training.build_optimizer();
  }

  const CallbackParams params{config.verbose, config.epochs, batches || config.steps_per_epoch ? steps : 0};
  const Callbacks everyone = callbacks::with_progress(config.callbacks, config.verbose, callbacks::training_progress());
  FitData data{.batch_size = config.batch_size.value_or(kBatchSize)};
  if (validation != nullptr && validation->arrays) data.validation = &validation->arrays->columns();
  const Listening listening(everyone, *this, params, &data);
  const Listening validating(config.callbacks, *this, params, &data);

  History history;
  history.set_params(params);
  const graph::random::Generator order(utils::next_random_seed());
  if (config.shuffle) train.source->shuffle(order);
  const PassEnd pass_end(*train.source);
  const InterruptWatch interrupt;
  stop_training = false;
  FitProgress at({*network_, training, *train.source, validation != nullptr ? validation->source.get() : nullptr,
                  config.callbacks, history, config.epochs, steps},
                 config.initial_epoch);

  listening.tell(&callbacks::Callback::on_train_begin, Logs{});
  listening.tell(&callbacks::Callback::resume, at);
  Logs logs;
  while (!at.finished() && !interrupt.interrupted()) {
    const int epoch = at.epochs_done;
    if (at.steps_done == 0) {
      training.reset_metrics();
      listening.tell(&callbacks::Callback::on_epoch_begin, epoch, Logs{});
    }
    bool fresh = !at.in_pass;
    if (fresh) at.begin_pass();
    while (at.steps_done < steps && !at.cut_short()) {
      const auto step = static_cast<int>(at.steps_done);
      data.batch = train.next();
      if (data.batch == nullptr && step == 0 &&
          !fresh) {  // the pass ended with the last epoch, which nobody could know
        at.begin_pass();
        data.batch = train.next();
      }
      fresh = false;
      if (data.batch == nullptr) {
        at.in_pass = false;
        require<ValueError>(step > 0, "fit: the data has no batches");
        if (config.steps_per_epoch && !batches)
          utils::warn(graph::message("the data ended after ", step, " of ", *config.steps_per_epoch,
                                     " steps of an epoch; Dataset.repeat() gives it no end"));
        break;
      }
      ++at.passed;
      at.before_step(*data.batch);
      listening.tell(&callbacks::Callback::on_train_batch_begin, step, Logs{});
      training.train_step(*data.batch);
      ++at.steps_done;
      const Training::StepLogs so_far(training);
      listening.tell(&callbacks::Callback::on_train_batch_end, step, *so_far);
      if (interrupt.interrupted()) break;
      listening.tell(&callbacks::Callback::checkpoint, at);
      if (stop_training) break;
    }
    if (batches && at.passed >= *batches) at.in_pass = false;
    if (!at.in_pass) train.source->end_epoch();
    if (interrupt.interrupted()) break;
    logs = at.results();
    if (validation != nullptr && config.validation_freq.after(epoch)) {
      const Logs figures = test_pass(training, *validation, validation_steps, validating, &interrupt);
      if (interrupt.interrupted()) break;
      for (const auto& [name, value] : figures) logs.set("val_" + name, value);
    }
    for (const auto& callback : config.callbacks) callback->add_to_logs(epoch, logs);
    listening.tell(&callbacks::Callback::on_epoch_end, epoch, logs);
    history.record(epoch, logs);
    at.end_epoch();
    listening.tell(&callbacks::Callback::checkpoint, at);
  }
  if (at.in_pass) train.source->end_epoch();
  if (interrupt.interrupted()) history.set_interrupted();
  if (training.optimizer()->built()) training.optimizer()->finalize_variable_values();
  listening.tell(&callbacks::Callback::on_train_end, logs);
  return history;
}

}  // namespace cornu::keras::models

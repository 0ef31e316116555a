// Model::fit, evaluate and predict: the loops over epochs and batches, and what callbacks are told.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "cornu/graph/array/random.h"
#include "cornu/keras/callbacks/progress.h"
#include "cornu/keras/models/batches.h"
#include "cornu/keras/models/class_weights.h"
#include "cornu/keras/models/interrupt.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/training.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::models {

using graph::require;
using Callbacks = std::vector<Shared<callbacks::Callback>>;

namespace {

constexpr int kBatchSize = 32;

// The callbacks of one run know their model while it lasts.
class Listening {
 public:
  Listening(Callbacks list, Model& model, const CallbackParams& params, const FitData* data = nullptr)
      : list_(std::move(list)) {
    for (const auto& callback : list_) {
      callback->set_model(&model);
      callback->set_params(params);
      callback->set_data(data);
    }
  }
  ~Listening() {
    for (const auto& callback : list_) {
      callback->set_model(nullptr);
      callback->set_data(nullptr);
    }
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  template <class... Parameters, class... A>
  void tell(void (callbacks::Callback::*hook)(Parameters...), A&&... arguments) const {
    for (const auto& callback : list_) (callback.get()->*hook)(arguments...);
  }

 private:
  Callbacks list_;
};

// Columns x, y and, where there are any, weights.
std::vector<Array> columns(const Array& x, const Array& y, const std::optional<Array>& weights) {
  std::vector<Array> list{x, y};
  if (weights) list.push_back(*weights);
  return list;
}

void check_verbose(int verbose) {
  require<ValueError>(verbose >= 0 && verbose <= 2, "verbose must be 0, 1 or 2, got ", verbose);
}
void check_steps(const char* name, const std::optional<int>& steps) {
  require<ValueError>(!steps || *steps >= 1, name, " must be at least 1, got ", steps.value_or(0));
}

// One pass in test mode, which Ctrl-C cuts short where somebody watches for it.
Logs test_pass(Training& training, Batches& batches, std::int64_t steps, const Listening& listening,
               const InterruptWatch* interrupt = nullptr) {
  training.reset_metrics();
  listening.tell(&callbacks::Callback::on_test_begin, Logs{});
  for (std::int64_t i = 0; i < steps && !(interrupt && interrupt->interrupted()); ++i) {
    listening.tell(&callbacks::Callback::on_test_batch_begin, static_cast<int>(i), Logs{});
    training.test_step(batches.batch(i));
    const Training::StepLogs logs(training);
    listening.tell(&callbacks::Callback::on_test_batch_end, static_cast<int>(i), *logs);
  }
  const Logs logs = training.results();
  listening.tell(&callbacks::Callback::on_test_end, logs);
  return logs;
}

// As Keras: samples are shared out to the steps, where only these are given.
int batch_size_of(const std::optional<int>& batch_size, const std::optional<int>& steps, std::int64_t samples) {
  if (batch_size || !steps) return batch_size.value_or(kBatchSize);
  return static_cast<int>(
      std::clamp<std::int64_t>((samples + *steps - 1) / *steps, 1, std::numeric_limits<int>::max()));
}

// As Keras, more steps than there are batches end with the data.
std::int64_t steps_of(const char* name, const std::optional<int>& asked, std::int64_t batches) {
  if (!asked) return batches;
  if (*asked > batches)
    utils::warn(graph::message(name, " is ", *asked, ", but the data has ", batches, " batches: it ends with them"));
  return std::min<std::int64_t>(*asked, batches);
}

}  // namespace

History Model::fit(const Array& x, const Array& y, FitConfig config) {
  this->training();
  const std::shared_ptr<Training> kept = network_->training();  // a callback may compile the model anew
  Training& training = *kept;
  check_verbose(config.verbose);
  check_steps("steps_per_epoch", config.steps_per_epoch);
  check_steps("validation_steps", config.validation_steps);
  require<ValueError>(config.epochs >= 0 && config.initial_epoch >= 0,
                      "epochs and initial_epoch must be at least 0, got ", config.epochs, " and ",
                      config.initial_epoch);
  require<ValueError>(config.validation_freq >= 1, "validation_freq must be at least 1, got ", config.validation_freq);
  require<ValueError>(config.validation_split >= 0 && config.validation_split < 1,
                      "validation_split must be in [0, 1), got ", config.validation_split);

  // Checks come before anything is split or built.
  std::vector<Array> train = columns(x, y, sample_weights(y, config.class_weight, config.sample_weight)), validation;
  train = Batches(std::move(train), config.batch_size.value_or(kBatchSize)).columns();
  if (config.validation_data.x) {
    require<ValueError>(config.validation_data.y.has_value(), "validation_data needs x and y");
    validation = columns(*config.validation_data.x, *config.validation_data.y,
                         sample_weights(*config.validation_data.y, {}, config.validation_data.sample_weight));
  } else if (config.validation_split > 0) {
    const std::int64_t n = train[0].rows(), split = static_cast<std::int64_t>(
                                                std::floor(static_cast<double>(n) * (1 - config.validation_split)));
    require<ValueError>(split > 0 && split < n, "validation_split ", config.validation_split, " of ", n,
                        " samples leaves none to train or to validate with");
    if (!config.class_weight.empty()) train.pop_back();  // class weights are for training alone
    for (Array& column : train) {
      validation.push_back(column.slice(split, n));
      column = column.slice(0, split);
    }
    if (!config.class_weight.empty()) train.push_back(*sample_weights(train[1], config.class_weight, std::nullopt));
  }

  const int batch_size = batch_size_of(config.batch_size, config.steps_per_epoch, train[0].rows());
  Batches batches(std::move(train), batch_size, "", network_->threads());
  std::optional<Batches> held_out;
  std::int64_t validation_steps = 0;
  if (!validation.empty()) {
    const std::optional<int> asked = config.validation_batch_size ? config.validation_batch_size : config.batch_size;
    const int size = batch_size_of(asked, config.validation_steps, validation[0].rows());
    held_out.emplace(std::move(validation), size, "validation: ");
    validation_steps = steps_of("validation_steps", config.validation_steps, held_out->count());
  }
  network_->accept(x);
  training.check_targets(y);
  if (held_out) {
    network_->accept(held_out->columns()[0]);
    training.check_targets(held_out->columns()[1]);
  }
  training.check_trainable();
  training.build_optimizer();

  const std::int64_t steps = config.steps_per_epoch ? *config.steps_per_epoch : batches.count();
  steps_of("steps_per_epoch", config.steps_per_epoch, batches.count());
  const CallbackParams params{config.verbose, config.epochs, steps};
  Callbacks everyone = config.callbacks;
  if (config.verbose != 0) everyone.push_back(callbacks::training_progress());
  FitData data{.validation = held_out ? std::span<const Array>(held_out->columns()) : std::span<const Array>(),
               .batch_size = batch_size};
  const Listening listening(everyone, *this, params, &data);
  const Listening validating(config.callbacks, *this, params, &data);

  History history;
  history.set_params(params);
  graph::random::Generator order(utils::next_random_seed());
  const InterruptWatch interrupt;
  stop_training = false;
  std::int64_t position =
      batches.count();  // in the present pass over the data, which steps_per_epoch may spread over epochs

  listening.tell(&callbacks::Callback::on_train_begin, Logs{});
  Logs logs;
  for (int epoch = config.initial_epoch; epoch < config.epochs && !interrupt.interrupted(); ++epoch) {
    training.reset_metrics();
    listening.tell(&callbacks::Callback::on_epoch_begin, epoch, Logs{});
    if (position == batches.count()) {
      if (config.shuffle) batches.set_order(order.permutation(batches.samples()));
      position = 0;
    }
    for (std::int64_t step = 0; step < steps && position < batches.count(); ++step, ++position) {
      data.batch = batches.batch(position);
      listening.tell(&callbacks::Callback::on_train_batch_begin, static_cast<int>(step), Logs{});
      training.train_step(data.batch);
      const Training::StepLogs so_far(training);
      listening.tell(&callbacks::Callback::on_train_batch_end, static_cast<int>(step), *so_far);
      if (interrupt.interrupted() || stop_training) break;
    }
    if (interrupt.interrupted()) break;
    logs = training.results();
    if (held_out && (epoch + 1) % config.validation_freq == 0) {
      const Logs figures = test_pass(training, *held_out, validation_steps, validating, &interrupt);
      if (interrupt.interrupted()) break;
      for (const auto& [name, value] : figures) logs.set("val_" + name, value);
    }
    for (const auto& callback : config.callbacks) callback->add_to_logs(epoch, logs);
    listening.tell(&callbacks::Callback::on_epoch_end, epoch, logs);
    history.record(epoch, logs);
    if (stop_training) break;
  }
  if (interrupt.interrupted()) history.set_interrupted();
  training.optimizer()->finalize_variable_values();
  listening.tell(&callbacks::Callback::on_train_end, logs);
  return history;
}

Logs Model::evaluate(const Array& x, const Array& y, EvaluateConfig config) {
  this->training();
  const std::shared_ptr<Training> kept = network_->training();
  Training& training = *kept;
  check_verbose(config.verbose);
  check_steps("steps", config.steps);
  Batches batches(columns(x, y, sample_weights(y, {}, config.sample_weight)),
                  batch_size_of(config.batch_size, config.steps, x.rows()), "", network_->threads());
  network_->accept(x);
  training.check_targets(y);
  const std::int64_t steps = steps_of("steps", config.steps, batches.count());
  Callbacks everyone = config.callbacks;
  if (config.verbose != 0) everyone.push_back(callbacks::evaluation_progress());
  const Listening listening(everyone, *this, {config.verbose, 1, steps});
  return test_pass(training, batches, steps, listening);
}

Array Model::predict(const Array& x, PredictConfig config) const {
  check_verbose(config.verbose);
  check_steps("steps", config.steps);
  require<ValueError>(config.batch_size.value_or(1) >= 1, "batch_size must be at least 1, got ",
                      config.batch_size.value_or(1));
  network_->accept(x);
  const Array data = x.dtype() == graph::float64 ? x.astype(graph::float32) : x;
  const std::int64_t batch_size = batch_size_of(config.batch_size, config.steps, data.rows());
  const std::int64_t batches = (data.rows() + batch_size - 1) / batch_size,
                     steps = steps_of("steps", config.steps, batches);
  const std::int64_t rows = std::min(data.rows(), steps * batch_size);

  const graph::Function& predictor = network_->predictor();
  if (steps == 1 && rows == data.rows() && config.callbacks.empty() && config.verbose == 0)
    return predictor.call_one({&data, 1});

  Callbacks everyone = config.callbacks;
  if (config.verbose != 0) everyone.push_back(callbacks::prediction_progress());
  Model self = *this;
  const Listening listening(everyone, self, {config.verbose, 1, steps});
  listening.tell(&callbacks::Callback::on_predict_begin, Logs{});
  Array result;
  if (rows == 0) result = Array(network_->compute_output_shape(data.shape().with(0, kUnknown)).with(0, 0));
  for (std::int64_t i = 0; i < steps; ++i) {
    listening.tell(&callbacks::Callback::on_predict_batch_begin, static_cast<int>(i), Logs{});
    const std::int64_t start = i * batch_size, stop = std::min(start + batch_size, rows);
    const Array in[] = {data.slice(start, stop)};
    if (i == 0) {  // tells the shape and dtype of what comes out
      result = predictor.call(in);
      if (steps > 1) {
        const Array first = std::exchange(result, Array(result.shape().with(0, rows), result.dtype()));
        std::memcpy(result.bytes(), first.bytes(), first.nbytes());
      }
    } else {
      const Array out[] = {result.slice(start, stop)};
      predictor.call_into(in, out);
    }
    listening.tell(&callbacks::Callback::on_predict_batch_end, static_cast<int>(i), Logs{});
  }
  listening.tell(&callbacks::Callback::on_predict_end, Logs{});
  return result;
}

}  // namespace cornu::keras::models

// Model::evaluate, and single steps.
#include "cornu/keras/callbacks/progress.h"
#include "cornu/keras/models/internal/run.h"
#include "cornu/keras/models/internal/test_pass.h"

namespace cornu::keras::models {

using graph::require;

Logs Model::evaluate(const Arrays& x, EvaluateConfig config) { return evaluate(x, Arrays(), std::move(config)); }

Logs Model::evaluate(const Arrays& x, const Arrays& y, EvaluateConfig config) {
  this->training();
  const std::shared_ptr<Training> training = network_->training();
  check_verbose(config.verbose);
  check_steps("steps", config.steps);
  data::Columns columns = columns_of(*network_, *training, x, y, config.sample_weight, {}, "");
  const int batch_size = batch_size_of(config.batch_size, config.steps, columns.x[0].rows());
  auto source = std::make_shared<data::ArraySource>(std::move(columns), batch_size, "", network_->threads());
  Run run{source, source, network_.get(), training.get()};
  const std::int64_t steps = steps_of("steps", config.steps, source->count());
  const Callbacks everyone =
      callbacks::with_progress(config.callbacks, config.verbose, callbacks::evaluation_progress());
  const Listening listening(everyone, *this, {config.verbose, 1, steps});
  return test_pass(*training, run, steps, listening);
}

Logs Model::evaluate(const std::shared_ptr<data::Source>& source, EvaluateConfig config) {
  this->training();
  const std::shared_ptr<Training> training = network_->training();
  check_verbose(config.verbose);
  check_steps("steps", config.steps);
  check_source(source, "evaluate", "steps", config.steps);
  require<ValueError>(config.sample_weight.empty(),
                      "evaluate: sample_weight is for arrays; a source gives weights with its batches");
  Run run{source, nullptr, network_.get(), training.get()};
  const std::int64_t steps = steps_of("steps", config.steps, source->size());
  const Callbacks everyone =
      callbacks::with_progress(config.callbacks, config.verbose, callbacks::evaluation_progress());
  const Listening listening(everyone, *this, {config.verbose, 1, source->size() || config.steps ? steps : 0});
  return test_pass(*training, run, steps, listening);
}

namespace {

template <class Step>
Logs one_batch(Network& network, Training& training, Step step, Arrays x, Arrays y, BatchConfig config) {
  const data::Columns batch = columns_of(network, training, std::move(x), std::move(y), std::move(config.sample_weight),
                                         config.class_weight, "");
  training.reset_metrics();
  (training.*step)(batch);
  return training.results();
}

}  // namespace

Logs Model::train_on_batch(Arrays x, Arrays y, BatchConfig config) {
  return one_batch(*network_, training(), &Training::train_step, std::move(x), std::move(y), std::move(config));
}

Logs Model::test_on_batch(Arrays x, Arrays y, BatchConfig config) {
  return one_batch(*network_, training(), &Training::test_step, std::move(x), std::move(y), std::move(config));
}

}  // namespace cornu::keras::models

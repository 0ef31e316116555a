// Model::predict.
#include <cstring>

#include "cornu/keras/callbacks/progress.h"
#include "cornu/keras/models/internal/run.h"

namespace cornu::keras::models {

using graph::require;

namespace {

Array as_float32(const Array& x) { return x.dtype() == graph::float64 ? x.astype(graph::float32) : x; }

void check(const PredictConfig& config) {
  check_verbose(config.verbose);
  check_steps("steps", config.steps);
  require<ValueError>(config.batch_size.value_or(1) >= 1, "batch_size must be at least 1, got ",
                      config.batch_size.value_or(1));
}

// The outputs for rows of the inputs, batch by batch.
std::vector<Array> predict_rows(Network& network, const Model& model, const std::vector<Array>& x,
                                const PredictConfig& config) {
  const std::int64_t samples = x[0].rows();
  for (const Array& array : x)
    require<ValueError>(array.rows() == samples, "predict: inputs of ", samples, " and ", array.rows(), " samples");
  const std::int64_t batch_size = batch_size_of(config.batch_size, config.steps, samples);
  const std::int64_t batches = (samples + batch_size - 1) / batch_size,
                     steps = steps_of("steps", config.steps, batches);
  const std::int64_t rows = std::min(samples, steps * batch_size);
  const graph::Function& predictor = network.predictor();
  if (steps <= 1 && rows == samples && config.callbacks.empty() && config.verbose == 0)
    return predictor.call(x).arrays();

  const Callbacks everyone =
      callbacks::with_progress(config.callbacks, config.verbose, callbacks::prediction_progress());
  Model self = model;
  const Listening listening(everyone, self, {config.verbose, 1, steps});
  listening.tell(&callbacks::Callback::on_predict_begin, Logs{});
  std::vector<Array> results, in(x.size()), out;
  const auto cut = [](const std::vector<Array>& from, std::vector<Array>& to, std::int64_t start, std::int64_t stop) {
    to.clear();
    for (const Array& array : from) to.push_back(array.slice(start, stop));
  };
  if (steps == 0) results = predictor.call(x).arrays();  // no rows: tells what they would be like
  for (std::int64_t i = 0; i < steps; ++i) {
    listening.tell(&callbacks::Callback::on_predict_batch_begin, static_cast<int>(i), Logs{});
    const std::int64_t start = i * batch_size, stop = std::min(start + batch_size, rows);
    cut(x, in, start, stop);
    if (i == 0) {  // tells the shapes and dtypes of what comes out
      results = predictor.call(in).arrays();
      if (steps > 1)
        for (Array& result : results) {
          require<ShapeError>(result.ndim() >= 1 && result.rows() == stop, "model \"", network.name(),
                              "\": an output of shape ", result.shape(), " has no row for each of ", stop, " samples");
          const Array first = std::exchange(result, Array(result.shape().with(0, rows), result.dtype()));
          std::memcpy(result.bytes(), first.bytes(), first.nbytes());
        }
    } else {
      cut(results, out, start, stop);
      predictor.call_into(in, out);
    }
    listening.tell(&callbacks::Callback::on_predict_batch_end, static_cast<int>(i), Logs{});
  }
  listening.tell(&callbacks::Callback::on_predict_end, Logs{});
  return results;
}

// The outputs for batches, in one row.
std::vector<Array> predict_batches(Network& network, const Model& model, const std::shared_ptr<data::Source>& source,
                                   const PredictConfig& config) {
  check(config);
  check_source(source, "predict", "steps", config.steps);
  const std::int64_t steps = steps_of("steps", config.steps, source->size());
  Callbacks everyone = config.callbacks;
  if (config.verbose != 0) everyone.push_back(callbacks::prediction_progress());
  Model self = model;
  const Listening listening(everyone, self, {config.verbose, 1, source->size() || config.steps ? steps : 0});
  listening.tell(&callbacks::Callback::on_predict_begin, Logs{});
  std::vector<std::vector<Array>> parts;  // of each output
  const PassEnd pass_end(*source);
  source->begin_epoch();
  for (std::int64_t i = 0; i < steps; ++i) {
    const data::Columns* batch = source->next();
    if (batch == nullptr) break;
    listening.tell(&callbacks::Callback::on_predict_batch_begin, static_cast<int>(i), Logs{});
    std::vector<Array> x = network.accept(batch->x_names.empty() ? Arrays(batch->x) : Arrays(batch->x_names, batch->x));
    for (Array& array : x) array = as_float32(array);
    std::vector<Array> outputs = network.predictor().call(x).arrays();
    parts.resize(outputs.size());
    for (std::size_t k = 0; k < outputs.size(); ++k) parts[k].push_back(std::move(outputs[k]));
    listening.tell(&callbacks::Callback::on_predict_batch_end, static_cast<int>(i), Logs{});
  }
  source->end_epoch();
  require<ValueError>(!parts.empty(), "predict: the data has no batches");
  std::vector<Array> results;
  for (const std::vector<Array>& part : parts) results.push_back(graph::concatenate(part));
  listening.tell(&callbacks::Callback::on_predict_end, Logs{});
  return results;
}

Array only(const std::vector<Array>& outputs, const Network& network) {
  require<ValueError>(outputs.size() == 1, "model \"", network.name(), "\" has ", outputs.size(),
                      " outputs: give the data as Arrays, `predict(Arrays(x))`, to get them all");
  return outputs.front();
}

}  // namespace

Array Model::predict(const Array& x, PredictConfig config) const {
  check(config);
  const Array data = as_float32(network_->accept_one(x));
  const int batch_size = batch_size_of(config.batch_size, config.steps, data.rows());
  if (data.rows() <= batch_size && !config.steps && config.callbacks.empty() && config.verbose == 0)
    return network_->predictor().call_one({&data, 1});
  return only(predict_rows(*network_, *this, {data}, config), *network_);
}

Arrays Model::predict(const Arrays& x, PredictConfig config) const {
  check(config);
  std::vector<Array> data = network_->accept(x);
  for (Array& array : data) array = as_float32(array);
  return {network_->output_names(), predict_rows(*network_, *this, data, config)};
}

Array Model::predict(const std::shared_ptr<data::Source>& source, PredictConfig config) const {
  const std::vector<Array> outputs = predict_batches(*network_, *this, source, config);
  require<ValueError>(outputs.size() == 1, "model \"", network_->name(), "\" has ", outputs.size(),
                      " outputs: predict_outputs gives them all");
  return outputs.front();
}

Arrays Model::predict_outputs(const std::shared_ptr<data::Source>& source, PredictConfig config) const {
  return {network_->output_names(), predict_batches(*network_, *this, source, config)};
}

Array Model::predict_on_batch(const Array& x) const {
  const Array data = as_float32(network_->accept_one(x));
  return network_->predictor().call_one({&data, 1});
}

Arrays Model::predict_on_batch(const Arrays& x) const {
  std::vector<Array> data = network_->accept(x);
  for (Array& array : data) array = as_float32(array);
  return {network_->output_names(), network_->predictor().call(data).arrays()};
}

}  // namespace cornu::keras::models

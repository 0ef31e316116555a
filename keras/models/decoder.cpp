#include "cornu/keras/models/decoder.h"

#include "cornu/graph/check.h"
#include "cornu/graph/function.h"
#include "cornu/keras/layers/attention/attention_caches.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

using graph::require;

struct Decoder::State {
  State(const Model& m, std::int64_t max_length) : model(m), caches(max_length) { describe(); }

  void describe() {
    step = graph::Function([this](std::span<const Tensor> x) {
      Context ctx;
      caches.begin(ctx, x[0].shape()[1]);
      Outputs outputs{model(x[0], ctx)};
      for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
      return outputs;
    });
  }

  Model model;
  layers::AttentionCaches caches;
  graph::Function step;
  std::int64_t length = 0, batch = 0;  // the caches' own length is in the memory of computations
};

Decoder::Decoder(const Model& model, const DecoderConfig& config)
    : state_(std::make_unique<State>(model, config.max_length)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;

Array Decoder::operator()(const Array& steps) {
  const std::string who = graph::message("Decoder of model \"", state_->model.name(), "\": ");
  require<ShapeError>(steps.ndim() >= 2 && steps.shape()[1] >= 1, who, "expected steps (batch, steps, …), got shape ",
                      steps.shape());
  require<ShapeError>(state_->length + steps.shape()[1] <= state_->caches.max_length(), who, "has seen ",
                      state_->length, " of at most ", state_->caches.max_length(), " steps, got ", steps.shape()[1],
                      " more");
  require<ShapeError>(state_->length == 0 || state_->batch == steps.rows(), who, "expected a batch of ", state_->batch,
                      " as before, got ", steps.rows());
  const std::shared_ptr<Network>& network = state_->model.network();
  network->check_data(steps);
  const Array x = steps.astype(network->input_dtype(steps.dtype()));
  Array y = state_->step.call({&x, 1})[0];
  state_->length += steps.shape()[1];
  state_->batch = steps.rows();
  return y.dtype() == graph::bfloat16 ? y.astype(graph::float32) : y;
}

std::int64_t Decoder::length() const { return state_->length; }

void Decoder::reset() {
  // The caches of a batch size are in what was described for it.
  state_->caches.reset();
  state_->describe();
  state_->length = 0;
}

}  // namespace cornu::keras::models

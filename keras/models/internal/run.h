#pragma once

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/data/internal/array_source.h"
#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::models {

using Callbacks = std::vector<Shared<callbacks::Callback>>;

inline constexpr int kBatchSize = 32;

/// The data of one run: arrays in the order of the model's inputs and outputs, or a source of the user's, whose batches
/// are checked one by one.
struct Model::Run {
  std::shared_ptr<data::Source> source;
  std::shared_ptr<data::ArraySource> arrays;  ///< the same, if it is one
  Network* network = nullptr;
  Training* training = nullptr;  ///< null: only inputs matter
  data::Columns adapted = {};

  /// The next batch of the pass; null where it ends.
  const data::Columns* next() {
    const data::Columns* batch = source->next();
    if (batch == nullptr || arrays) return batch;
    adapted.x = network->accept(Arrays(batch->x));
    if (training != nullptr) {
      adapted.y = training->accept_targets(Arrays(batch->y));
      adapted.weight = training->accept_weights(Arrays(batch->weight), adapted.y.size());
    }
    data::check_columns(adapted);
    return &adapted;
  }
};

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

/// As Keras: samples are shared out to the steps, where only these are given.
inline int batch_size_of(const std::optional<int>& batch_size, const std::optional<int>& steps, std::int64_t samples) {
  if (batch_size || !steps) return batch_size.value_or(kBatchSize);
  return static_cast<int>(
      std::clamp<std::int64_t>((samples + *steps - 1) / *steps, 1, std::numeric_limits<int>::max()));
}

/// As Keras, more steps than there are batches end with the data.
inline std::int64_t steps_of(const char* name, const std::optional<int>& asked, std::optional<std::int64_t> batches) {
  if (!batches) return asked ? *asked : std::numeric_limits<std::int64_t>::max();
  if (!asked) return *batches;
  if (*asked > *batches)
    utils::warn(graph::message(name, " is ", *asked, ", but the data has ", *batches, " batches: it ends with them"));
  return std::min<std::int64_t>(*asked, *batches);
}

inline void check_verbose(int verbose) {
  graph::require<graph::ValueError>(verbose >= 0 && verbose <= 2, "verbose must be 0, 1 or 2, got ", verbose);
}
inline void check_steps(const char* name, const std::optional<int>& steps) {
  graph::require<graph::ValueError>(!steps || *steps >= 1, name, " must be at least 1, got ", steps.value_or(0));
}

/// The columns of a run, checked: in the model's order, with weights of samples or classes. `what` starts messages.
data::Columns columns_of(Network& network, Training& training, Arrays x, Arrays y, Arrays sample_weight,
                         const std::map<int, double>& class_weight, std::string_view what);

}  // namespace cornu::keras::models

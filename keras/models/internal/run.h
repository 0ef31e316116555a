#pragma once

#include <algorithm>
#include <exception>
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

/// The columns of a run, checked: in the model's order, with weights of samples or classes. `what` starts messages.
data::Columns columns_of(Network& network, Training& training, Arrays x, Arrays y, Arrays sample_weight,
                         const std::map<int, double>& class_weight, std::string_view what);

/// The data of one run: arrays in the order of the model's inputs and outputs, or a source of the user's, whose batches
/// are checked one by one.
struct Model::Run {
  std::shared_ptr<data::Source> source;
  std::shared_ptr<data::ArraySource> arrays;  ///< the same, if it is one
  Network* network = nullptr;
  Training* training = nullptr;
  const std::map<int, double>* class_weight = nullptr;  ///< of what is no arrays, for which it is in the weights
  data::Columns adapted = {};

  /// The next batch of the pass; null where it ends.
  const data::Columns* next() {
    const data::Columns* batch = source->next();
    if (batch == nullptr || arrays) return batch;
    static const std::map<int, double> none;
    adapted =
        columns_of(*network, *training, arrays_of(batch->x_names, batch->x), arrays_of(batch->y_names, batch->y),
                   arrays_of(batch->weight_names, batch->weight), class_weight != nullptr ? *class_weight : none, "");
    return &adapted;
  }

  static Arrays arrays_of(const std::vector<std::string>& names, const std::vector<Array>& arrays) {
    return names.empty() ? Arrays(arrays) : Arrays(names, arrays);
  }
};

/// Whatever ends a run in the middle of a pass, the pass ends before it: no thread goes on to make batches.
class PassEnd {
 public:
  explicit PassEnd(data::Source& source) : source_(source), exceptions_(std::uncaught_exceptions()) {}
  ~PassEnd() {
    if (std::uncaught_exceptions() <= exceptions_) return;
    try {
      source_.end_epoch();
    } catch (...) {  // there is an error already
      return;
    }
  }
  PassEnd(const PassEnd&) = delete;
  PassEnd& operator=(const PassEnd&) = delete;

 private:
  data::Source& source_;
  int exceptions_;
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

/// Throws ValueError for data without an end if nobody says how many steps to take, and for data without batches.
inline void check_source(const std::shared_ptr<data::Source>& source, const char* who, const char* steps_name,
                         const std::optional<int>& steps) {
  graph::require<graph::ValueError>(source != nullptr, who, ": the source is empty");
  graph::require<graph::ValueError>(!source->endless() || steps, who, ": the data has no end: give ", steps_name);
  graph::require<graph::ValueError>(source->size() != 0, who, ": the data has no batches");
}

}  // namespace cornu::keras::models

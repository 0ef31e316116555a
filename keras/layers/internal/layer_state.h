#pragma once

#include <unordered_set>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/layer.h"

namespace cornu::keras::layers {

struct Layer::State {
  explicit State(LayerConfig base);

  LayerConfig config;
  mixed_precision::Policy policy = mixed_precision::global_policy();
  bool autocast = true, supports_masking = false;
  bool automatic_name = config.name.empty(), named_by_model = false;
  bool built = false;
  Shapes inputs;  // of the first use
  Specs input_specs, outputs;
  std::vector<Weight> weights;
  std::unordered_set<const void*> of_sublayers;  // ids of weights that are listed here, too
  std::vector<Sublayer> sublayers;
  std::optional<std::size_t> before_build;  // how many sublayers there were
  Arg<regularizers::Regularizer> activity_regularizer;
  graph::random::Generator random;  // of first weights
  bool is_random = false;
  std::optional<std::int64_t> seed;
  Variable random_state;                       // key and counter
  std::vector<std::weak_ptr<const Use>> uses;  // in graphs of layers
};

}  // namespace cornu::keras::layers

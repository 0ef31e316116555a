#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::tests {

/// One call of a layer, from which tests/sweeps/keras_layers_sweep_test.cpp checks how it behaves.
struct LayerExample {
  /// What it is called with: at least three rows, with numbers at which a gradient is smooth within 0.1.
  std::vector<graph::Array> inputs = {};
  /// The arguments, where those of the sample do not fit these inputs or make no smooth function; empty: the sample's.
  std::string config = "";
  /// Axes beside the batch's whose length may be unknown and vary; the inputs are at least three long there.
  std::vector<int> free_axes = {};
  /// What becomes of a mask of the inputs: the outputs' mask is the same, there is none, or the layer makes its own,
  /// which its own tests check.
  enum class Mask { same, none, own } mask = Mask::same;
};

/// A registered class with arguments, from which the sweep (tests/sweeps/keras_config_sweep_test.cpp and its
/// neighbours) checks everything that holds for its kind. A class without a sample fails the sweep.
struct KerasSample {
  std::string kind;        ///< as the registry says: "layer", "loss", "optimizer", …
  std::string class_name;  ///< "Dense"
  /// JSON that gives every argument another value than its default, in the order of Keras 3.15's signature. BASE stands
  /// for the arguments that end every config of the kind (of layers and optimizers).
  std::string config;
  bool in_keras2 = true;  ///< Keras 2 has the class and takes these arguments, too
  /// Of losses and metrics: at least two rows, with which a gradient is smooth within 0.1.
  graph::Array y_true = {}, y_pred = {};
  LayerExample example = {};  ///< of layers; one without inputs is called on nothing (InputLayer)
};

/// For the messages of tests.
void PrintTo(const KerasSample& sample, std::ostream* out);

/// Adds samples (made when the sweep starts, not when the program does). One call a test file:
///
///     static const bool samples = register_keras_samples([] { return KerasSamples{{"constraint", "NonNeg", "{}"}}; });
using KerasSamples = std::vector<KerasSample>;
bool register_keras_samples(std::function<KerasSamples()> samples);
/// Names a class that is registered by a test of its own and needs no sample.
bool register_without_sample(const std::string& class_name);

/// Of one kind, in the order of class names.
KerasSamples keras_samples(const std::string& kind);
bool needs_no_sample(const std::string& class_name);

}  // namespace cornu::tests

#pragma once

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/layers/preprocessing/vocabulary.h"

namespace cornu::keras::layers {

/// A category that stands for none: a number, a text, or, by default, no such one.
struct MaskValue {
  MaskValue() = default;
  MaskValue(std::nullptr_t) {}                              // NOLINT: none
  MaskValue(int value) : number(value) {}                   // NOLINT: a number
  MaskValue(std::int64_t value) : number(value) {}          // NOLINT: a number
  MaskValue(const char* value) : text(value) {}             // NOLINT: a text
  MaskValue(std::string value) : text(std::move(value)) {}  // NOLINT: a text
  std::optional<std::int64_t> number = std::nullopt;
  OptionalText text = {};
};

struct HashingConfig {
  int num_bins = 0;                                     ///< required; with the mask's bin
  MaskValue mask_value = {};                            ///< what is in bin 0, in which then is nothing else
  std::optional<std::vector<int>> salt = std::nullopt;  ///< one or two numbers: SipHash by this key, not FarmHash
  std::string output_mode = "int";                      ///< or "one_hot", "multi_hot", "count"
  bool sparse = false;                                  ///< true is an error
  CORNU_LAYER_CONFIG(HashingConfig);
  using positional = Positions<&HashingConfig::num_bins>;
};

/// One of num_bins bins for each integer or text, by a hash: the bins that Keras has. Input: integers, or Strings,
/// which as data are uint8 with an axis of bytes behind; uint8 is taken for texts. Floating input is truncated. "int"
/// gives int64 of the input's shape (in another dtype if `dtype` says so), the other modes encode bins as
/// CategoryEncoding does. Throws ValueError for num_bins below 1, another output_mode, sparse, a salt of another
/// length, and a mask_value that is a text for integers or the other way round. A file's `sparse` is read as false: the
/// numbers are the same. Keras: `layers.Hashing`.
///
///     Array bins = Hashing(3)(Strings{"A", "B", "C"});
using Hashing = Layer::Of<HashingConfig>;

}  // namespace cornu::keras::layers

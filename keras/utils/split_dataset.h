#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "cornu/keras/data/dataset.h"

namespace cornu::keras::utils {

/// A part of a data set: a number of samples, `100`, or a share of them, `0.8`.
class CORNU_EXPORT SplitSize {
 public:
  SplitSize(int samples) : number_(samples) {}                                // NOLINT: a number
  SplitSize(std::int64_t samples) : number_(static_cast<double>(samples)) {}  // NOLINT: a number
  SplitSize(double share) : number_(share), is_share_(true) {}                // NOLINT: a number

  /// Of so many samples. Throws ValueError for a number outside of (0, total), a share outside of (0, 1); `name` is for
  /// the message.
  std::int64_t of(std::int64_t total, const char* name) const;
  bool is_share() const { return is_share_; }
  double number() const { return number_; }

 private:
  double number_;
  bool is_share_ = false;
};

struct SplitDatasetConfig {
  std::optional<SplitSize> left_size = std::nullopt;   ///< by default what the right one leaves
  std::optional<SplitSize> right_size = std::nullopt;  ///< by default what the left one leaves
  bool shuffle = false;                                ///< before they are split
  std::optional<std::uint64_t> seed = std::nullopt;
};

/// The first samples of a data set, and the last ones. It is gone through once, and its elements are kept (rows of
/// arrays as views); of one that ends with `batch` the samples are split, and batched again. For data larger than
/// memory use `take` and `skip`. Throws ValueError without a size, for sizes that are too large together, and for an
/// empty part. Keras: `utils.split_dataset`; its random order is another.
///
///     auto [train, test] = utils::split_dataset({x, y}, {.left_size = 0.8, .shuffle = true, .seed = 1});
///     model.fit(train.batch(32), {.validation_data = test.batch(32)});
std::pair<data::Dataset, data::Dataset> split_dataset(const data::Dataset& dataset, const SplitDatasetConfig& config);
/// The same of the rows of arrays.
std::pair<data::Dataset, data::Dataset> split_dataset(const data::Element& columns, const SplitDatasetConfig& config);

}  // namespace cornu::keras::utils

#pragma once

#include <optional>
#include <vector>

#include "cornu/keras/metrics/metric.h"

namespace cornu::keras::metrics {

// How well areas of classes overlap, such as in image segmentation: true positives / (true positives + false positives
// + false negatives) of each class, of which the mean is taken over the classes that are asked for and have occurred.
// Targets and predictions have as many class numbers, in any shapes, or probabilities of classes along `axis`; sample
// weights have the targets' shape or are one for each sample, and are cut to whole numbers unless `dtype` is "float32"
// (as in Keras, whose default is "int64", too; "int32" is the same). What is no class from 0 to num_classes - 1 is left
// out.
// Throw ValueError without `num_classes`, for class ids that are none, ShapeError for shapes that do not fit. Keras: of
// the same names.

// What they have in common.
#define CORNU_IOU(Config, keras_name) \
  std::string name = keras_name;      \
  std::string dtype = "int64";        \
  using own_dtypes = void;            \
  void fields(ConfigVisitor& v);      \
  void check();                       \
  Made<Metric, Config> make() const

struct IoUConfig {
  int num_classes = 0;                     ///< needed
  std::vector<int> target_class_ids = {};  ///< the classes that count; needed
  CORNU_IOU(IoUConfig, "io_u");
  std::optional<int> ignore_class = std::nullopt;  ///< targets of this class do not count
  bool sparse_y_true = true;  ///< targets are class numbers; else the class of the greatest along `axis`
  bool sparse_y_pred = true;  ///< predictions likewise
  int axis = -1;
  using positional = Positions<&IoUConfig::num_classes, &IoUConfig::target_class_ids>;
};
/// Of some classes: `IoU({.num_classes = 3, .target_class_ids = {1}})`.
using IoU = Metric::Of<IoUConfig>;

struct MeanIoUConfig {
  int num_classes = 0;  ///< needed
  CORNU_IOU(MeanIoUConfig, "mean_io_u");
  std::optional<int> ignore_class = std::nullopt;
  bool sparse_y_true = true;
  bool sparse_y_pred = true;
  int axis = -1;
  using positional = Positions<&MeanIoUConfig::num_classes>;
};
/// Of all classes, `MeanIoU(3)`.
using MeanIoU = Metric::Of<MeanIoUConfig>;

struct OneHotIoUConfig {
  int num_classes = 0;                     ///< needed
  std::vector<int> target_class_ids = {};  ///< needed
  CORNU_IOU(OneHotIoUConfig, "one_hot_io_u");
  std::optional<int> ignore_class = std::nullopt;
  bool sparse_y_pred = false;  ///< predictions are class numbers, not probabilities
  int axis = -1;
  using positional = Positions<&OneHotIoUConfig::num_classes, &OneHotIoUConfig::target_class_ids>;
};
/// Of some classes, for one-hot targets.
using OneHotIoU = Metric::Of<OneHotIoUConfig>;

struct OneHotMeanIoUConfig {
  int num_classes = 0;  ///< needed
  CORNU_IOU(OneHotMeanIoUConfig, "one_hot_mean_io_u");
  std::optional<int> ignore_class = std::nullopt;
  bool sparse_y_pred = false;
  int axis = -1;
  using positional = Positions<&OneHotMeanIoUConfig::num_classes>;
};
/// Of all classes, for one-hot targets.
using OneHotMeanIoU = Metric::Of<OneHotMeanIoUConfig>;

struct BinaryIoUConfig {
  std::vector<int> target_class_ids = {0, 1};
  double threshold = 0.5;  ///< predictions from here on are of class 1
  CORNU_IOU(BinaryIoUConfig, "binary_io_u");
  using positional = Positions<&BinaryIoUConfig::target_class_ids, &BinaryIoUConfig::threshold>;
};
/// Of class 0, class 1 or both, for targets of 0 and 1 and probabilities.
using BinaryIoU = Metric::Of<BinaryIoUConfig>;
#undef CORNU_IOU

}  // namespace cornu::keras::metrics

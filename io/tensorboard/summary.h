#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::io::tensorboard {

/// What a dashboard keeps of a tag's values: numbers, tensors, or encoded media.
enum class DataClass { unknown = 0, scalar = 1, tensor = 2, blob_sequence = 3 };

/// What a dashboard says about a tag: its title (the tag itself if empty) and a text in Markdown.
struct Description {
  std::string display_name = {};
  std::string description = {};
};

/// One value under a tag, as an event holds it: for which dashboard it is, and a tensor of numbers or of byte strings.
/// The functions in summaries/ make them in the form that each dashboard needs; `SummaryWriter::write` writes any, an
/// EventReader gives them back.
struct Summary {
  std::string tag;
  std::string plugin;        ///< "scalars", "histograms", "images", …: which dashboard shows it
  std::string content = {};  ///< what the plugin keeps with a tag; bytes of its own
  DataClass data_class = DataClass::unknown;
  Description description = {};
  std::optional<graph::Array> numbers = std::nullopt;  ///< the tensor, unless it holds strings
  std::vector<std::string> strings = {};               ///< its elements in row-major order
  graph::Shape shape = {};                             ///< of a tensor of strings
};

}  // namespace cornu::io::tensorboard

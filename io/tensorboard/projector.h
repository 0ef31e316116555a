#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

namespace cornu::io::tensorboard {

/// Points of the Projector dashboard. Only `name` and `points` are needed.
struct Embedding {
  std::string name;     ///< shown in the list: "dense_1/activation"; one that is there already is replaced
  graph::Array points;  ///< (points, dimensions) of finite numbers, at least 2 dimensions
  std::vector<std::string> columns =
      {};  ///< names of the metadata's columns; needed if there are two or more (a single one's is not shown)
  std::vector<std::vector<std::string>> metadata = {};  ///< a row for each point
  std::optional<graph::Array> images =
      std::nullopt;  ///< (points, height, width) or (points, height, width, channels), uint8 or floating from 0 to 1
};

/// Writes `<name>.tensor.tsv`, `<name>.metadata.tsv` and `<name>.sprite.png` into the folder, which is made if it is
/// not there, and enters them in its projector_config.pbtxt, keeping what else stands there, whoever wrote it. Each
/// file appears whole or not at all, the config last. TensorBoard looks in folders that hold an event file.
///
///     write_embedding("logs/train", {.name = "words", .points = vectors, .metadata = {{"one"}, {"two"}}});
///
/// In file names everything but letters, digits, `.`, `-`, `_` and characters beyond ASCII becomes an underscore; if
/// another embedding in the config has that file already, a number follows (`a/b` is in a_b.tensor.tsv, `a_b` then in
/// a_b-2.tensor.tsv). Tabs, line breaks and other control characters in the metadata become spaces; a row without any
/// text becomes "-", as the dashboard skips blank lines; with images but no metadata the points are numbered. Images
/// that together exceed the dashboard's 8192 x 8192 pixels are made smaller.
///
/// Throws ShapeError, TypeError; ValueError for points that are not finite, an empty name, metadata rows or columns
/// that do not fit; FormatError if the config that is there is not understood: then nothing is written; IoError.
void write_embedding(const Path& folder, const Embedding& embedding);

}  // namespace cornu::io::tensorboard

#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cornu/graph/function.h"
#include "cornu/io/tensorboard/projector.h"
#include "cornu/keras/callbacks/tensorboard.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/models/network.h"

namespace cornu::keras::callbacks::internal {

/// What a TensorBoard callback gives the Projector dashboard during one fit.
class ProjectorPoints {
 public:
  /// Chooses the layers. Throws ValueError for names of layers that are not there, IoError and ValueError for metadata
  /// files that are missing or do not fit. The network must outlive it.
  ProjectorPoints(const TensorBoardConfig& config, models::Network& network);

  /// Writes the points as they are now, for an epoch, under names that tell its step; x and perhaps y are the data they
  /// are of.
  void write(const std::filesystem::path& folder, std::int64_t step, const data::Columns* data, int batch_size);

 private:
  struct Matrix {
    std::string path;
    Variable variable;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> metadata;
  };
  void choose_layers(const std::vector<std::string>& names);
  void read_metadata(const TensorBoardConfig& config, const std::string& file, Matrix& matrix) const;
  Array activations_of(std::size_t layer, const Array& x, int batch_size);

  models::Network& network_;
  std::int64_t samples_;
  std::vector<Matrix> matrices_;     // of Embedding layers
  std::vector<std::string> chosen_;  // paths of layers
  graph::Function activations_;      // x -> outputs of those
};

}  // namespace cornu::keras::callbacks::internal

#include "cornu/keras/callbacks/internal/projector_points.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cornu/keras/models/internal/observation.h"
#include "cornu/keras/models/internal/weight_paths.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"

namespace cornu::keras::callbacks::internal {

using graph::message;
using graph::require;

namespace {

// The layers' calls for one input, without models and without what only reshapes.
std::vector<Context::LayerCall> layer_calls(models::Network& network, std::span<const Tensor> x) {
  Context ctx(false);
  ctx.keep_layer_calls();
  network(Inputs(Tensors(x.begin(), x.end())), ctx);
  return models::computing_calls(network, ctx);
}

// The layer whose output the last layer with weights is given: the last hidden one. Of a model with one layer, that
// one.
std::size_t last_hidden(const std::vector<Context::LayerCall>& calls) {
  for (std::size_t i = calls.size(); i-- > 1;)
    if (!calls[i].layer->weight_list().empty()) return i - 1;
  return 0;
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, '\t');) fields.push_back(field);
  if (line.empty() || line.back() == '\t') fields.emplace_back();
  return fields;
}

// What a sample is: a class number, or the place of the largest element.
std::vector<std::vector<std::string>> labels_of(const Array& y) {
  std::vector<std::vector<std::string>> rows;
  const Array flat = y.reshape({y.rows(), -1});
  const bool classes = flat.shape()[1] > 1;
  const Array numbers = classes ? argmax(flat, 1).astype(graph::float64) : flat.astype(graph::float64).flatten();
  for (const double number : numbers.span<double>()) rows.push_back({message(number)});
  return rows;
}

// Images of a model's input: (images, height, width[, 1, 3 or 4]), scaled to what is shown. Nothing for other inputs.
std::optional<Array> images_of(const Array& x) {
  constexpr std::int64_t kLeast = 4;
  const int rank = x.ndim();
  if (rank < 3 || rank > 4 || x.shape()[1] < kLeast || x.shape()[2] < kLeast) return std::nullopt;
  if (rank == 4 && x.shape()[3] != 1 && x.shape()[3] != 3 && x.shape()[3] != 4) return std::nullopt;
  if (x.dtype() == graph::uint8) return x;
  const Array values = x.astype(graph::float32);
  const auto [least, greatest] = std::minmax_element(values.span<float>().begin(), values.span<float>().end());
  if (*least >= 0 && *greatest <= 1) return values;
  return *greatest > *least ? (values - *least) / (*greatest - *least) : graph::zeros(values.shape());
}

}  // namespace

ProjectorPoints::ProjectorPoints(const TensorBoardConfig& config, models::Network& network)
    : network_(network), samples_(config.embeddings_samples) {
  const EmbeddingsMetadata& metadata = config.embeddings_metadata;
  std::vector<std::string> known;
  for (const auto& [path, variable] : models::weight_paths(network)) {
    // An Embedding layer's matrix has the name Keras gives it; layers that hold one inside have longer paths.
    const std::size_t last = path.rfind('/');
    if (path.substr(last + 1) != "embeddings" || variable.spec().shape.rank() != 2) continue;
    Matrix matrix{path, variable, {}, {}};
    const std::string layer = path.substr(0, last).substr(path.rfind('/', last - 1) + 1);
    known.push_back(layer);
    std::string file = metadata.for_all;
    if (const auto at = metadata.by_layer.find(layer); at != metadata.by_layer.end()) file = at->second;
    if (!file.empty()) read_metadata(config, file, matrix);
    matrices_.push_back(std::move(matrix));
  }
  for (const auto& [layer, file] : metadata.by_layer)
    require<ValueError>(std::find(known.begin(), known.end(), layer) != known.end(),
                        "TensorBoard: embeddings_metadata names the layer \"", layer, "\", but the model \"",
                        network.name(), "\" has no Embedding layer of that name");
  choose_layers(config.embeddings_layers);
  activations_ = graph::Function(
      [this](std::span<const Tensor> x) {
        const auto calls = layer_calls(network_, x);
        Outputs outputs;
        for (const std::string& path : chosen_) {
          const auto at = std::find_if(calls.begin(), calls.end(), [&](const auto& call) { return call.path == path; });
          outputs.add(ops::cast(ops::reshape(at->outputs.front(), {x[0].shape().front(), -1}), graph::float32));
        }
        return outputs;
      },
      {.name = network.name() + " points", .threads = network.threads()});
}

void ProjectorPoints::choose_layers(const std::vector<std::string>& names) {
  graph::Specs specs;
  for (Shape shape : network_.input_shapes()) {
    for (int axis = 0; axis < shape.rank(); ++axis)
      if (shape[axis] == graph::kUnknown) shape[axis] = 8;
    specs.push_back({graph::float32, shape});
  }
  std::vector<Context::LayerCall> calls;
  graph::Function([&](std::span<const Tensor> x) {
    calls = layer_calls(network_, x);
    return Outputs(x[0]);
  }).trace(specs);
  if (calls.empty()) return;
  if (names.empty()) return void(chosen_.push_back(calls[last_hidden(calls)].path));
  for (const std::string& name : names) {
    const auto at = std::find_if(calls.begin(), calls.end(),
                                 [&](const auto& call) { return call.layer->name() == name || call.path == name; });
    if (at == calls.end()) {
      std::string known;
      for (const auto& call : calls) known += message(known.empty() ? "" : ", ", call.layer->name());
      throw ValueError(message("TensorBoard: embeddings_layers names the layer \"", name, "\", but the model \"",
                               network_.name(), "\" computes with ", known));
    }
    if (std::find(chosen_.begin(), chosen_.end(), at->path) == chosen_.end()) chosen_.push_back(at->path);
  }
}

// As in Keras, the file's name is relative to log_dir; relative to the working folder is understood, too.
void ProjectorPoints::read_metadata(const TensorBoardConfig& config, const std::string& file, Matrix& matrix) const {
  std::filesystem::path path = std::filesystem::path(config.log_dir) / file;
  if (!std::filesystem::exists(path)) path = file;
  std::ifstream text(path);
  require<graph::IoError>(static_cast<bool>(text), "TensorBoard: the metadata file '", file, "' of ", matrix.path,
                          " can be read neither in ", config.log_dir, " nor in the working folder");
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    matrix.metadata.push_back(fields_of(line));
  }
  const std::int64_t rows = matrix.variable.spec().shape.front(),
                     lines = static_cast<std::int64_t>(matrix.metadata.size());
  if (lines == rows + 1 && matrix.metadata.front().size() > 1) {
    matrix.columns = matrix.metadata.front();
    matrix.metadata.erase(matrix.metadata.begin());
  }
  require<ValueError>(static_cast<std::int64_t>(matrix.metadata.size()) == rows, "TensorBoard: the metadata file '",
                      file, "' should have a line for each of the ", rows, " rows of ", matrix.path,
                      " (and one more with the columns' names, if there are several), got ", lines, " lines");
}

void ProjectorPoints::write(const std::filesystem::path& folder, std::int64_t step, const data::Columns* data,
                            int batch_size) {
  const auto named = [&](const std::string& path) { return message(path, "/epoch_", step); };
  for (const Matrix& matrix : matrices_)
    io::tensorboard::write_embedding(folder, {.name = named(matrix.path),
                                              .points = matrix.variable.value(),
                                              .columns = matrix.columns,
                                              .metadata = matrix.metadata});
  if (data == nullptr || chosen_.empty()) return;
  std::vector<Array> inputs;
  for (const Array& column : data->x) inputs.push_back(column.slice(0, samples_));
  const Array& x = inputs.front();
  std::vector<Array> points(chosen_.size());
  for (std::int64_t start = 0; start < x.rows(); start += batch_size) {
    std::vector<Array> part_of;
    for (const Array& input : inputs) part_of.push_back(input.slice(start, start + batch_size));
    const graph::Results results = activations_.call(part_of);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Array& part = results[i];
      if (start == 0) points[i] = Array(part.shape().with(0, x.rows()));
      std::memcpy(points[i].slice(start, start + batch_size).bytes(), part.bytes(), part.nbytes());
    }
  }
  const std::optional<Array> images = images_of(x);
  const auto labels =
      !data->y.empty() ? labels_of(data->y[0].slice(0, x.rows())) : std::vector<std::vector<std::string>>{};
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].shape()[1] < 2) continue;  // a point needs two dimensions
    io::tensorboard::write_embedding(
        folder, {.name = named(chosen_[i] + "/activation"), .points = points[i], .metadata = labels, .images = images});
  }
}

}  // namespace cornu::keras::callbacks::internal

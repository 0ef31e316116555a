#include "cornu/keras/saving/internal/self_test.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "cornu/graph/array/random.h"
#include "cornu/graph/check.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/weights_file.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::require;
using models::Network;

constexpr const char *kGroup = "self_test", *kInput = "input_", *kOutput = "output_";

/// A layer's output, or of a class of one's own that of the whole.
struct Probed {
  const layers::Layer* layer;
  Array value;
};

// What the layers in turn make of the input.
std::vector<Probed> outputs_of(const std::shared_ptr<Network>& network, const std::vector<Array>& x) {
  std::vector<KerasTensor> tensors;
  for (const auto& use : network->wiring().uses)
    if (!use->inputs.empty())
      for (const KerasTensor& y : KerasTensor(use, 0).outputs()) tensors.push_back(y);
  std::vector<Probed> probed;
  if (tensors.empty()) {
    for (const Array& y : models::Model(network).predict(Arrays(x))) probed.push_back({network.get(), y});
    return probed;
  }
  const models::Model parts(network->wiring().inputs, tensors);
  const Arrays y = parts.predict(Arrays(x));
  for (std::size_t i = 0; i < tensors.size(); ++i) probed.push_back({tensors[i].layer().get(), y[i]});
  return probed;
}

// Numbers between 0 and 1, of whole ones 0 and 1, of texts the letters a and b.
Array made_up(const graph::Spec& spec, std::int64_t length) {
  constexpr std::int64_t kRows = 2;
  Shape shape = spec.shape;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if (shape[axis] == kUnknown) shape = shape.with(axis, axis == 0 ? kRows : length);
  graph::random::Generator numbers(7);
  if (spec.dtype == graph::uint8) return numbers.integers(shape, 'a', 'c').astype(graph::uint8);
  if (graph::is_integer(spec.dtype) || spec.dtype == graph::bool_)
    return numbers.integers(shape, 0, 2).astype(spec.dtype);
  return numbers.uniform(shape, 0, 1).astype(spec.dtype);
}

std::vector<graph::Spec> inputs_of(const Network& network) {
  std::vector<graph::Spec> specs;
  for (const KerasTensor& input : network.wiring().inputs) specs.push_back(input.spec());
  if (specs.empty())
    for (const Shape& shape : network.input_shapes()) specs.push_back({graph::float32, shape});
  return specs;
}

bool agree(const Array& got, const Array& want) {
  if (got.shape() != want.shape()) return false;
  const bool coarse = got.dtype() == graph::bfloat16;
  const Array a = got.astype(graph::float64).flatten(), b = want.astype(graph::float64).flatten();
  double largest = 0;
  for (const double x : b.span<double>())
    if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x = a.data<double>()[i], y = b.data<double>()[i];
    const bool same = x == y || (std::isnan(x) && std::isnan(y));
    if (!same && !(std::abs(x - y) <= (coarse ? 0.05 : 1e-4) * std::max(largest, 1e-3))) return false;
  }
  return true;
}

}  // namespace

void write_self_test(io::hdf5::Writer::Group root, const std::shared_ptr<Network>& network) {
  std::string reason;
  for (const std::int64_t length : {8, 32, 128}) {  // windows may need longer ones
    std::vector<Array> x;
    for (const graph::Spec& spec : inputs_of(*network)) x.push_back(made_up(spec, length));
    try {
      const auto outputs = outputs_of(network, x);
      auto group = root.group(kGroup);
      for (std::size_t i = 0; i < x.size(); ++i) group.dataset(kInput + std::to_string(i), as_stored(x[i]));
      for (std::size_t i = 0; i < outputs.size(); ++i) {
        auto stored = group.dataset(kOutput + std::to_string(i), as_stored(outputs[i].value));
        stored.text("layer", outputs[i].layer->name());
      }
      return;
    } catch (const graph::Error& e) {
      reason = e.what();
    }
  }
  throw ValueError(
      graph::message("model '", network->name(), "': no input for its self test can be made up: ", reason));
}

void check_self_test(const io::hdf5::Group& root, const std::shared_ptr<Network>& network) {
  if (!root.is_group(kGroup)) return;
  const io::hdf5::Group group = root.group(kGroup);
  std::vector<Array> x;
  const auto specs = inputs_of(*network);
  for (std::size_t i = 0; i < specs.size(); ++i)
    x.push_back(group.dataset(kInput + std::to_string(i)).astype(specs[i].dtype));
  const auto outputs = outputs_of(network, x);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto stored = group.at(kOutput + std::to_string(i));
    require<FormatError>(agree(outputs[i].value, stored.read()), "self test: [", outputs[i].layer->class_name(), " \"",
                         outputs[i].layer->name(),
                         "\"] does not compute what it did when the file was written; the layers before it do");
  }
}

}  // namespace cornu::keras::saving::internal

#include <algorithm>

#include "cornu/graph/array/array_make.h"
#include "cornu/keras/saving/internal/keras1.h"

namespace cornu::keras::saving::internal {
namespace {

std::string_view own_name(const Variable& variable) {
  const std::string_view name = variable.name();
  return name.substr(name.rfind('/') + 1);
}

// The gates i, c, f, o (LSTM) or z, r, h (GRU), each a kernel, a recurrent kernel and a bias, in one array of each kind
// with i before f before c.
std::vector<Array> gates_joined(const std::vector<Array>& stored) {
  const std::size_t gates = stored.size() / 3;
  const std::vector<std::size_t> order =
      gates == 4 ? std::vector<std::size_t>{0, 2, 1, 3} : std::vector<std::size_t>{0, 1, 2};
  std::vector<Array> joined;
  for (std::size_t kind = 0; kind < 3; ++kind) {
    std::vector<Array> parts;
    for (const std::size_t gate : order) parts.push_back(stored[3 * gate + kind]);
    joined.push_back(graph::concatenate(parts, parts.front().ndim() - 1));
  }
  return joined;
}

bool of_gates(const std::vector<Array>& stored) {
  const auto good = [&](std::size_t i) { return stored[i].ndim() == (i % 3 == 2 ? 1 : 2); };
  for (std::size_t i = 0; i < stored.size(); ++i)
    if (!good(i)) return false;
  return stored.size() == 12 || stored.size() == 9;
}

// Layers of several halves, as Bidirectional, have one set of gates behind the other.
std::vector<Array> with_gates_joined(std::size_t wanted, std::vector<Array> stored) {
  const std::size_t parts = wanted / 3;
  if (wanted == 0 || wanted % 3 != 0 || stored.size() % parts != 0 || stored.size() == wanted) return stored;
  const std::size_t each = stored.size() / parts;
  std::vector<Array> now;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto first = stored.begin() + static_cast<std::ptrdiff_t>(part * each);
    const std::vector<Array> own(first, first + static_cast<std::ptrdiff_t>(each));
    if (!of_gates(own)) return stored;
    for (Array& array : gates_joined(own)) now.push_back(std::move(array));
  }
  return now;
}

// Turns all axes of the window round, which is its places in the opposite order.
Array turned_round(const Array& kernel) {
  std::int64_t places = 1;
  for (int axis = 0; axis + 2 < kernel.ndim(); ++axis) places *= kernel.shape()[axis];
  const Array rows = kernel.astype(graph::float32).reshape({places, -1});
  std::vector<Array> turned;
  for (std::int64_t i = places; i-- > 0;) turned.push_back(rows.slice(i, i + 1));
  return graph::concatenate(turned).reshape(kernel.shape());
}

// Keras 1 has (out, in, window…) where channels come first, and for one axis of a window a second one of length 1.
Array in_order(Array kernel, const Shape& wanted, bool channels_first) {
  const int rank = kernel.ndim();
  const bool one_more = rank == 4 && wanted.rank() == 3;
  const bool as_now =
      one_more && kernel.shape()[0] == wanted[0] && kernel.shape()[1] == 1 && kernel.shape()[3] == wanted[2];
  if ((one_more && !as_now) || (channels_first && rank == wanted.rank() && rank >= 4)) {
    std::vector<int> axes;
    for (int axis = 2; axis < rank; ++axis) axes.push_back(axis);
    axes.push_back(1), axes.push_back(0);
    kernel = kernel.transpose(axes);
  }
  return one_more && kernel.shape()[1] == 1 ? graph::squeeze(kernel, 1) : kernel;
}

}  // namespace

std::vector<Array> weights_as_now(const layers::Layer& layer, const std::vector<Variable>& wanted,
                                  std::vector<Array> stored, WrittenBy by) {
  if (by.keras1) stored = with_gates_joined(wanted.size(), std::move(stored));
  if (stored.size() != wanted.size()) return stored;
  // A convolution is what its config says.
  const Json config = parse_json(get_config(layer), layer.class_name());
  if (!config.contains("kernel_size")) return stored;
  const bool channels_first = config.value("data_format", Json()) == "channels_first";
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const auto name = own_name(wanted[i]);
    if (name != "kernel" && name != "recurrent_kernel") continue;
    if (by.keras1) stored[i] = in_order(stored[i], wanted[i].shape(), channels_first);
    if (by.theano && stored[i].ndim() >= 3) stored[i] = turned_round(stored[i]);
  }
  return stored;
}

}  // namespace cornu::keras::saving::internal

#include <algorithm>

#include "cornu/graph/array/array_make.h"
#include "cornu/keras/saving/internal/keras1.h"

namespace cornu::keras::saving::internal {
namespace {

std::string_view own_name(const Variable& variable) {
  const std::string_view name = variable.name();
  return name.substr(name.rfind('/') + 1);
}

// The layer, of those that this one is made of, that has a weight among its own; the innermost one.
const layers::Layer* owner_of(const Variable& variable, const layers::Layer& layer) {
  for (const auto& part : layer.sublayers())
    if (const auto* owner = owner_of(variable, *part.layer)) return owner;
  const auto& own = layer.own_weights();
  const bool has = std::any_of(own.begin(), own.end(), [&](const auto& weight) { return weight.variable == variable; });
  return has ? &layer : nullptr;
}

// Weights that stand one behind the other in a file and belong to one layer.
struct OfOneLayer {
  const layers::Layer* owner;
  std::vector<Variable> wanted;
};

std::vector<OfOneLayer> by_owner(const layers::Layer& layer, const std::vector<Variable>& wanted) {
  std::vector<OfOneLayer> groups;
  for (const Variable& variable : wanted) {
    const auto* owner = owner_of(variable, layer);
    if (groups.empty() || groups.back().owner != owner) groups.push_back({owner, {}});
    groups.back().wanted.push_back(variable);
  }
  return groups;
}

// How many gates a recurrent layer has whose weights are a kernel, a recurrent one and a bias: 4, 3 or 1. Else 0.
std::int64_t gates_of(const std::vector<Variable>& wanted) {
  if (wanted.size() != 3 || own_name(wanted[0]) != "kernel" || own_name(wanted[1]) != "recurrent_kernel") return 0;
  const Shape& recurrent = wanted[1].shape();
  if (recurrent.rank() < 2 || recurrent[recurrent.rank() - 2] == 0) return 0;
  return recurrent.back() / recurrent[recurrent.rank() - 2];
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

// Whether each gate's kernels have one rank and the biases one axis.
bool gates_fit(const std::vector<Array>& stored) {
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const Array& alike = stored[i % 3];
    if (stored[i].ndim() != alike.ndim() || alike.ndim() < (i % 3 == 2 ? 1 : 2)) return false;
    for (int axis = 0; axis + 1 < alike.ndim(); ++axis)
      if (stored[i].shape()[axis] != alike.shape()[axis]) return false;
  }
  return true;
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

// Axes of a kernel as they were: (in, out) at the end, or (out, in) in front where channels come first; of a transposed
// convolution in the opposite order of today's. For one axis of a window there was a second one of length 1.
Array in_order(Array kernel, const Shape& wanted, bool channels_first, bool transposed) {
  const int rank = kernel.ndim();
  const bool one_more = rank == 4 && wanted.rank() == 3;
  const bool as_now =
      one_more && kernel.shape()[0] == wanted[0] && kernel.shape()[1] == 1 && kernel.shape()[3] == wanted[2];
  const bool in_front = (one_more && !as_now) || (channels_first && rank == wanted.rank() && rank >= 4);
  if (in_front) {
    std::vector<int> axes;
    for (int axis = 2; axis < rank; ++axis) axes.push_back(axis);
    axes.push_back(transposed ? 0 : 1), axes.push_back(transposed ? 1 : 0);
    kernel = kernel.transpose(axes);
  } else if (transposed && rank >= 3) {
    std::vector<int> axes;
    for (int axis = 0; axis < rank - 2; ++axis) axes.push_back(axis);
    axes.push_back(rank - 1), axes.push_back(rank - 2);
    kernel = kernel.transpose(axes);
  }
  return one_more && kernel.shape()[1] == 1 ? graph::squeeze(kernel, 1) : kernel;
}

// Each gate's part of a matrix, changed.
template <class F>
Array by_gate(const Array& matrix, std::int64_t gates, F&& change) {
  std::vector<Array> parts;
  const std::int64_t units = matrix.shape()[1] / gates;
  for (std::int64_t gate = 0; gate < gates; ++gate)
    parts.push_back(change(matrix.slice(gate * units, (gate + 1) * units, 1, 1).copy()));
  return graph::concatenate(parts, 1);
}

bool is_of_cudnn(const OfOneLayer& group, const Array* stored) {
  const std::int64_t gates = gates_of(group.wanted);
  if (gates != 3 && gates != 4) return false;
  return stored[2].ndim() == 1 && stored[2].size() == 2 * gates * group.wanted[1].shape()[0] && stored[0].ndim() == 2 &&
         stored[1].ndim() == 2;
}

// CuDNN keeps each gate's matrices turned, and two biases, which an LSTM adds.
void from_cudnn(const OfOneLayer& group, Array* stored) {
  const std::int64_t gates = gates_of(group.wanted);
  stored[0] = by_gate(stored[0], gates, [](const Array& gate) {
    return gate.reshape({gate.shape()[1], gate.shape()[0]}).transpose({1, 0});
  });
  stored[1] = by_gate(stored[1], gates, [](const Array& gate) { return gate.transpose({1, 0}); });
  const Array biases = stored[2].reshape({2, -1});
  stored[2] = gates == 4 ? graph::sum(biases, 0).astype(stored[2].dtype()) : biases;
}

void change_kernels(const OfOneLayer& group, Array* stored, WrittenBy by) {
  if (group.owner == nullptr) return;
  // A convolution is what its config says.
  const Json config = parse_json(get_config(*group.owner), group.owner->class_name());
  if (!config.contains("kernel_size")) return;
  const bool channels_first = config.value("data_format", Json()) == "channels_first";
  for (std::size_t i = 0; i < group.wanted.size(); ++i) {
    const auto name = own_name(group.wanted[i]);
    if (name != "kernel" && name != "recurrent_kernel") continue;
    if (by.keras1)
      stored[i] = in_order(stored[i], group.wanted[i].shape(), channels_first, config.contains("output_padding"));
    if (by.theano && stored[i].ndim() >= 3) stored[i] = turned_round(stored[i]);
  }
}

}  // namespace

bool are_of_cudnn(const layers::Layer& layer, const std::vector<Variable>& wanted, const std::vector<Shape>& stored) {
  if (wanted.size() != stored.size()) return false;
  std::size_t at = 0;
  for (const OfOneLayer& group : by_owner(layer, wanted)) {
    const std::int64_t gates = gates_of(group.wanted);
    if ((gates == 3 || gates == 4) && stored[at + 2].rank() == 1 &&
        stored[at + 2][0] == 2 * gates * group.wanted[1].shape()[0])
      return true;
    at += group.wanted.size();
  }
  return false;
}

std::vector<Array> weights_as_now(const layers::Layer& layer, const std::vector<Variable>& wanted,
                                  std::vector<Array> stored, WrittenBy by) {
  const std::vector<OfOneLayer> groups = by_owner(layer, wanted);
  if (by.keras1 && stored.size() != wanted.size()) {
    std::vector<Array> joined;
    std::size_t at = 0;
    for (const OfOneLayer& group : groups) {
      const auto gates = static_cast<std::size_t>(gates_of(group.wanted));
      const std::size_t count = gates > 1 ? 3 * gates : group.wanted.size();
      if (at + count > stored.size()) return stored;
      const auto first = stored.begin() + static_cast<std::ptrdiff_t>(at);
      const std::vector<Array> own(first, first + static_cast<std::ptrdiff_t>(count));
      const std::vector<Array> now = gates > 1 && gates_fit(own) ? gates_joined(own) : own;
      joined.insert(joined.end(), now.begin(), now.end());
      at += count;
    }
    if (at != stored.size()) return stored;
    stored = std::move(joined);
  }
  if (stored.size() != wanted.size()) return stored;
  Array* at = stored.data();
  for (const OfOneLayer& group : groups) {
    if (is_of_cudnn(group, at)) from_cudnn(group, at);
    change_kernels(group, at, by);
    at += group.wanted.size();
  }
  return stored;
}

}  // namespace cornu::keras::saving::internal

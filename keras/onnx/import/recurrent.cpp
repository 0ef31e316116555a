// RNN, GRU and LSTM: a loop over the steps for each direction.
#include <algorithm>
#include <limits>

#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/eltwise.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/select.h"
#include "cornu/ops/native/slice.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

using Curve = std::function<Tensor(const Tensor&)>;

Curve curve_of(const ImportCall& c, const std::string& name, double alpha, double beta) {
  if (name == "Sigmoid") return [](const Tensor& x) { return ops::sigmoid(x); };
  if (name == "Tanh") return [](const Tensor& x) { return ops::tanh(x); };
  if (name == "Relu") return [](const Tensor& x) { return ops::relu(x); };
  if (name == "Softsign") return [](const Tensor& x) { return ops::softsign(x); };
  if (name == "Softplus") return [](const Tensor& x) { return ops::softplus(x); };
  if (name == "Affine") return [=](const Tensor& x) { return ops::linear(x, alpha, beta); };
  if (name == "LeakyRelu") return [=](const Tensor& x) { return ops::leaky_relu(x, alpha); };
  if (name == "Elu") return [=](const Tensor& x) { return ops::elu(x, alpha); };
  if (name == "ScaledTanh") return [=](const Tensor& x) { return ops::tanh(x * beta) * alpha; };
  if (name == "HardSigmoid") return [=](const Tensor& x) { return ops::clip(ops::linear(x, alpha, beta), 0, 1); };
  c.refuse("its activation '" + name + "' is not known");
}

/// What the three operators have in common.
struct Recurrence {
  const ImportCall& c;
  std::int64_t units, directions, gates;
  std::vector<std::string> names;
  Tensor x, lengths;  // (steps, batch, features); (batch,), undefined if all have all steps

  Recurrence(const ImportCall& call, std::int64_t gate_count, std::vector<std::string> otherwise)
      : c(call),
        units(call.integer("hidden_size", call.in(2).shape().back())),
        directions(call.in(1).shape()[0]),
        gates(gate_count) {
    names = c.texts("activations");
    if (names.empty())
      for (std::int64_t d = 0; d < directions; ++d) names.insert(names.end(), otherwise.begin(), otherwise.end());
    if (names.size() != otherwise.size() * static_cast<std::size_t>(directions))
      c.refuse(graph::message("it has ", names.size(), " activations for ", directions, " directions"));
    x = batch_first() ? ops::transpose(c.in(0), {1, 0, 2}) : c.in(0);
    if (c.has(4)) lengths = ops::cast(c.in(4), graph::int64);
  }

  bool batch_first() const { return c.flag("layout", false); }
  std::int64_t steps() const { return x.shape()[0]; }
  std::int64_t batch() const { return x.shape()[1]; }

  Curve curve(std::int64_t direction, std::size_t number) const {
    const std::size_t each = names.size() / static_cast<std::size_t>(directions);
    const std::size_t at = static_cast<std::size_t>(direction) * each + number;
    const auto alphas = c.floats("activation_alpha"), betas = c.floats("activation_beta");
    const std::string& name = names[at];
    const double alpha = at < alphas.size()      ? static_cast<double>(alphas[at])
                         : name == "LeakyRelu"   ? 0.01
                         : name == "HardSigmoid" ? 0.2
                                                 : 1;
    const double beta = at < betas.size()       ? static_cast<double>(betas[at])
                        : name == "HardSigmoid" ? 0.5
                        : name == "Affine"      ? 0
                                                : 1;
    return curve_of(c, name, alpha, beta);
  }
  Tensor clipped(const Tensor& t) const {
    const double most = c.number("clip", 0);
    return most > 0 ? ops::clip(t, -most, most) : t;
  }
  /// Input `i` of one direction.
  Tensor of_direction(int i, std::int64_t direction) const {
    return ops::squeeze(ops::slice(c.in(i), 0, direction, direction + 1), 0);
  }
  Tensor first_state(int i, std::int64_t direction) const {
    if (!c.has(i)) return ops::full(graph::Shape{batch(), units}, 0);
    if (batch_first()) return ops::squeeze(ops::slice(c.in(i), 1, direction, direction + 1), 1);
    return of_direction(i, direction);
  }
  /// A part of the gates in the last axis.
  Tensor gate(const Tensor& t, std::int64_t i) const { return ops::slice(t, -1, i * units, (i + 1) * units); }
  Tensor bias(std::int64_t direction, bool recurrent) const {
    if (!c.has(3)) return ops::full(graph::Shape{gates * units}, 0);
    const Tensor both = of_direction(3, direction);
    return recurrent ? ops::slice(both, 0, gates * units, 2 * gates * units) : ops::slice(both, 0, 0, gates * units);
  }

  using Step = std::function<Tensors(const Tensors& states, const Tensor& projected)>;
  /// The loop of one direction: all steps' first state, and the last ones.
  std::pair<Tensor, Tensors> run(std::int64_t direction, const Tensors& init, const Step& step) const {
    const std::string way = c.text("direction", "forward");
    const bool reverse = way == "reverse" || (way == "bidirectional" && direction == 1);
    const Tensor projected = ops::matmul(x, of_direction(1, direction), {.transpose_b = true}) + bias(direction, false);
    Tensors sequences{projected};
    if (lengths.defined()) {
      const Tensor number = graph::constant(graph::arange(0, static_cast<double>(steps()), 1, graph::int64));
      sequences.push_back(ops::less(ops::reshape(number, {-1, 1, 1}), ops::reshape(lengths, {1, -1, 1})));
    }
    const auto result = ops::scan(
        [&](const Tensors& states, const Tensors& at) -> ops::StepResult {
          Tensors next = step(states, at[0]);
          Tensor y = next[0];
          if (at.size() > 1) {  // behind the end of a sequence its states stay, and what it gives is 0
            for (std::size_t i = 0; i < next.size(); ++i) next[i] = ops::where(at[1], next[i], states[i]);
            y = ops::where(at[1], y, graph::constant(0, graph::float32));
          }
          return {next, {y}};
        },
        init, sequences, {.reverse = reverse});
    return {result.ys[0], result.carry};
  }
  /// Outputs of both directions, in the layout that is asked for.
  Tensors together(const Tensors& ys, const std::vector<Tensors>& last) const {
    Tensors outputs;
    const Tensor y = ops::stack(ys, 1);  // (steps, directions, batch, units)
    outputs.push_back(batch_first() ? ops::transpose(y, {2, 0, 1, 3}) : y);
    for (std::size_t i = 0; i < last[0].size(); ++i) {
      Tensors states;
      for (const Tensors& each : last) states.push_back(each[i]);
      const Tensor all = ops::stack(states, 0);
      outputs.push_back(batch_first() ? ops::transpose(all, {1, 0, 2}) : all);
    }
    return outputs;
  }
};

const bool rnn_read = add_import("RNN", [](ImportCall& c) -> Tensors {
  const Recurrence r(c, 1, {"Tanh"});
  Tensors ys;
  std::vector<Tensors> last;
  for (std::int64_t d = 0; d < r.directions; ++d) {
    const Tensor u = r.of_direction(2, d), b = r.bias(d, true);
    const Curve f = r.curve(d, 0);
    auto [y, states] = r.run(d, {r.first_state(5, d)}, [&](const Tensors& s, const Tensor& projected) -> Tensors {
      return {f(r.clipped(projected + ops::matmul(s[0], u, {.transpose_b = true}) + b))};
    });
    ys.push_back(y), last.push_back(states);
  }
  return r.together(ys, last);
});

// Gates z, r, h.
const bool gru_read = add_import("GRU", [](ImportCall& c) -> Tensors {
  const Recurrence r(c, 3, {"Sigmoid", "Tanh"});
  const bool after = c.flag("linear_before_reset", false);
  Tensors ys;
  std::vector<Tensors> last;
  for (std::int64_t d = 0; d < r.directions; ++d) {
    const Tensor u = r.of_direction(2, d), b = r.bias(d, true);
    const auto rows = [&](std::int64_t from, std::int64_t to) {
      return ops::slice(u, 0, from * r.units, to * r.units);
    };
    const Tensor u_gates = rows(0, 2), u_new = rows(2, 3);
    const Tensor b_gates = ops::slice(b, 0, 0, 2 * r.units), b_new = r.gate(b, 2);
    const Curve f = r.curve(d, 0), g = r.curve(d, 1);
    auto [y, states] = r.run(d, {r.first_state(5, d)}, [&](const Tensors& s, const Tensor& projected) -> Tensors {
      const Tensor& h = s[0];
      const Tensor gates =
          ops::slice(projected, -1, 0, 2 * r.units) + ops::matmul(h, u_gates, {.transpose_b = true}) + b_gates;
      const Tensor z = f(r.clipped(r.gate(gates, 0))), reset = f(r.clipped(r.gate(gates, 1)));
      const Tensor recurrent = after ? reset * (ops::matmul(h, u_new, {.transpose_b = true}) + b_new)
                                     : ops::matmul(reset * h, u_new, {.transpose_b = true}) + b_new;
      const Tensor candidate = g(r.clipped(r.gate(projected, 2) + recurrent));
      return {(1 - z) * candidate + z * h};
    });
    ys.push_back(y), last.push_back(states);
  }
  return r.together(ys, last);
});

// Gates i, o, f, c; peepholes of i, o, f.
const bool lstm_read = add_import("LSTM", [](ImportCall& c) -> Tensors {
  const Recurrence r(c, 4, {"Sigmoid", "Tanh", "Tanh"});
  Tensors ys;
  std::vector<Tensors> last;
  const bool coupled = c.flag("input_forget", false);
  for (std::int64_t d = 0; d < r.directions; ++d) {
    const Tensor u = r.of_direction(2, d), b = r.bias(d, true);
    const Tensor peepholes = c.has(7) ? r.of_direction(7, d) : Tensor();
    const auto peeped = [&](const Tensor& gate, std::int64_t i, const Tensor& cell) {
      return peepholes.defined() ? gate + ops::slice(peepholes, 0, i * r.units, (i + 1) * r.units) * cell : gate;
    };
    const Curve f = r.curve(d, 0), g = r.curve(d, 1), h = r.curve(d, 2);
    auto [y, states] =
        r.run(d, {r.first_state(5, d), r.first_state(6, d)}, [&](const Tensors& s, const Tensor& projected) -> Tensors {
          const Tensor gates = projected + ops::matmul(s[0], u, {.transpose_b = true}) + b;
          const Tensor input = f(r.clipped(peeped(r.gate(gates, 0), 0, s[1])));
          const Tensor forget = coupled ? 1 - input : f(r.clipped(peeped(r.gate(gates, 2), 2, s[1])));
          const Tensor cell = forget * s[1] + input * g(r.clipped(r.gate(gates, 3)));
          const Tensor output = f(r.clipped(peeped(r.gate(gates, 1), 1, cell)));
          return {output * h(cell), cell};
        });
    ys.push_back(y), last.push_back(states);
  }
  return r.together(ys, last);
});

}  // namespace
}  // namespace cornu::keras::onnx

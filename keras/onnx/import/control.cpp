// Loops and branches. What decides is known before anything runs where that is possible; then there is no branch left.
#include <optional>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/keras/onnx/internal/graph_reader.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/composite/rearrange.h"
#include "cornu/ops/composite/stack.h"
#include "cornu/ops/control/cond.h"
#include "cornu/ops/control/scan.h"
#include "cornu/ops/control/while_loop.h"
#include "cornu/ops/native/broadcast_to.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "cornu/ops/native/transpose.h"

namespace cornu::keras::onnx {
namespace {

using internal::NumbersNeeded;

/// The numbers of an input, if they are known.
std::optional<Array> known_numbers(const ImportCall& c, int i) {
  try {
    return c.numbers(i);
  } catch (const NumbersNeeded&) {
    return std::nullopt;
  }
}

const bool if_read = add_import("If", [](ImportCall& c) -> Tensors {
  if (const auto known = known_numbers(c, 0)) return c.graph(known->item<bool>() ? "then_branch" : "else_branch");
  return ops::cond(
      ops::reshape(c.in(0), {}), [&] { return c.graph("then_branch"); }, [&] { return c.graph("else_branch"); });
});

Tensor count_of(std::int64_t i) { return graph::constant(Array::scalar(i)); }

// A number of steps that is known is a loop of so many; else it goes on while it says so, and keeps nothing of the
// steps.
const bool loop_read = add_import("Loop", [](ImportCall& c) -> Tensors {
  Tensors carries;
  for (int i = 2; i < c.inputs(); ++i) carries.push_back(c.in(i));
  const auto n = carries.size();
  const std::optional<Array> steps = c.has(0) ? known_numbers(c, 0) : std::nullopt,
                             begins = c.has(1) ? known_numbers(c, 1) : graph::full({}, 1, graph::bool_);
  // Steps one after the other, as long as each knows whether there is a next one, and none is too many.
  constexpr std::int64_t kMostUnrolled = 256;
  std::vector<Tensors> kept;
  Tensors now = carries;
  std::int64_t step = 0;
  bool decided = begins.has_value() && (c.has(0) ? steps.has_value() : true);
  bool goes_on = decided && begins->item<bool>();
  const std::int64_t most = steps ? steps->item<std::int64_t>() : INT64_MAX;
  if (decided && most <= kMostUnrolled) {
    while (goes_on && step < most) {
      Tensors inputs{count_of(step), graph::constant(graph::full({}, 1, graph::bool_))};
      inputs.insert(inputs.end(), now.begin(), now.end());
      const Tensors results = c.graph("body", inputs);
      if (!graph::as<graph::Constant>(results.at(0))) {  // an Identity of what came in is a constant; all else is not
        decided = false;
        break;
      }
      goes_on = graph::as<graph::Constant>(results[0])->value.item<bool>();
      now.assign(results.begin() + 1, results.begin() + 1 + static_cast<std::ptrdiff_t>(n));
      kept.emplace_back(results.begin() + 1 + static_cast<std::ptrdiff_t>(n), results.end());
      ++step;
    }
    if (decided) {
      for (std::size_t i = 0; !kept.empty() && i < kept[0].size(); ++i) {
        Tensors all;
        for (const Tensors& each : kept) all.push_back(each[i]);
        now.push_back(ops::stack(all, 0));
      }
      return now;
    }
  }
  // A loop that decides when it runs.
  Tensors variables{count_of(0),
                    c.has(1) ? ops::reshape(c.in(1), {}) : graph::constant(graph::full({}, 1, graph::bool_))};
  variables.insert(variables.end(), carries.begin(), carries.end());
  const Tensor limit = c.has(0) ? ops::reshape(c.in(0), {}) : count_of(INT64_MAX);
  const Tensors last =
      ops::while_loop([&](const Tensors& v) { return ops::logical_and(v[1], ops::less(v[0], limit)); },
                      [&](const Tensors& v) {
                        const Tensors results = c.graph("body", v);
                        if (results.size() != n + 1)
                          c.refuse("keeps something of each step and decides when it runs how many there are");
                        Tensors next{v[0] + count_of(1), ops::reshape(results[0], {})};
                        next.insert(next.end(), results.begin() + 1, results.end());
                        return next;
                      },
                      variables);
  return Tensors(last.begin() + 2, last.end());
});

const bool scan_read = add_import("Scan", [](ImportCall& c) -> Tensors {
  const auto sequences = static_cast<std::size_t>(c.integer("num_scan_inputs", 0));
  Tensors all = c.all_inputs();
  if (c.opset() < 9) c.refuse("is of opset 8, whose Scan had an axis of samples");
  if (sequences < 1 || sequences > all.size()) c.refuse(graph::message("it has ", sequences, " sequences"));
  const auto carries = static_cast<std::ptrdiff_t>(all.size() - sequences);
  const auto axes = c.integers("scan_input_axes", std::vector<std::int64_t>(sequences, 0)),
             ways = c.integers("scan_input_directions", std::vector<std::int64_t>(sequences, 0));
  Tensors xs(all.begin() + carries, all.end());
  for (std::size_t i = 0; i < sequences; ++i) {
    xs[i] = ops::moveaxis(xs[i], static_cast<int>(axes.at(i)), 0);
    if (ways.at(i) != 0) xs[i] = ops::flip(xs[i], 0);
  }
  auto result = ops::scan(
      [&](const Tensors& states, const Tensors& x) -> ops::StepResult {
        Tensors inputs = states;
        inputs.insert(inputs.end(), x.begin(), x.end());
        const Tensors results = c.graph("body", inputs);
        return {Tensors(results.begin(), results.begin() + carries), Tensors(results.begin() + carries, results.end())};
      },
      Tensors(all.begin(), all.begin() + carries), xs);
  const auto out_axes = c.integers("scan_output_axes", std::vector<std::int64_t>(result.ys.size(), 0)),
             out_ways = c.integers("scan_output_directions", std::vector<std::int64_t>(result.ys.size(), 0));
  Tensors outputs = result.carry;
  for (std::size_t i = 0; i < result.ys.size(); ++i) {
    Tensor y = out_ways.at(i) != 0 ? ops::flip(result.ys[i], 0) : result.ys[i];
    outputs.push_back(ops::moveaxis(y, 0, static_cast<int>(out_axes.at(i))));
  }
  return outputs;
});

}  // namespace
}  // namespace cornu::keras::onnx

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
#include "cornu/ops/native/slice.h"
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

/// What a loop is made of.
struct LoopCall {
  const ImportCall& c;
  Tensors carries;
  int kept;  ///< what it keeps of each step

  explicit LoopCall(const ImportCall& call) : c(call) {
    for (int i = 2; i < c.inputs(); ++i) carries.push_back(c.in(i));
    kept = c.graph_outputs("body") - 1 - static_cast<int>(carries.size());
    if (kept < 0) c.refuse("its body gives fewer values than the loop carries");
  }
  struct Step {
    Tensor goes_on;
    Tensors carries, kept;
  };
  Step step(const Tensor& number, const Tensor& goes_on, const Tensors& now) const {
    Tensors inputs{number, goes_on};
    inputs.insert(inputs.end(), now.begin(), now.end());
    const Tensors results = c.graph("body", inputs);
    const auto end = results.begin() + 1 + static_cast<std::ptrdiff_t>(carries.size());
    return {ops::reshape(results[0], {}), Tensors(results.begin() + 1, end), Tensors(end, results.end())};
  }
};

Tensor truth() { return graph::constant(graph::full({}, 1, graph::bool_)); }

bool is_true(const Tensor& t) {
  // A Reshape to a scalar stands between: what it is of is looked at.
  const Tensor& of = t.node().inputs().empty() ? t : t.node().inputs()[0];
  const auto* fixed = graph::as<graph::Constant>(of);
  return fixed != nullptr && fixed->value.size() == 1 && fixed->value.astype(graph::bool_).item<bool>();
}

struct NotCounted {};

/// A known number of steps, each of which goes on and needs no numbers.
Tensors counted_loop(const LoopCall& loop, std::int64_t steps) {
  const Tensor numbers = graph::constant(graph::arange(0, static_cast<double>(steps), 1, graph::int64));
  auto result = ops::scan(
      [&](const Tensors& now, const Tensors& number) -> ops::StepResult {
        const auto step = loop.step(number[0], truth(), now);
        if (!is_true(step.goes_on)) throw NotCounted();
        return {step.carries, step.kept};
      },
      loop.carries, {numbers});
  Tensors all = result.carry;
  all.insert(all.end(), result.ys.begin(), result.ys.end());
  return all;
}

/// One step after the other, each of which must know whether there is a next one.
Tensors unrolled_loop(const LoopCall& loop, std::int64_t most, bool goes_on) {
  constexpr std::int64_t kMostUnrolled = 4096;
  Tensors now = loop.carries;
  std::vector<Tensors> kept;
  for (std::int64_t i = 0; goes_on && i < most; ++i) {
    if (i == kMostUnrolled)
      loop.c.refuse(graph::message("has more than ", kMostUnrolled, " steps, each of which is another one"));
    auto step = loop.step(count_of(i), truth(), now);
    goes_on = loop.c.known(step.goes_on).item<bool>();
    now = step.carries;
    kept.push_back(step.kept);
  }
  for (int k = 0; k < loop.kept; ++k) {
    Tensors all;
    for (const Tensors& each : kept) all.push_back(each[static_cast<std::size_t>(k)]);
    if (all.empty()) loop.c.refuse("takes no step, so that what it keeps has no shape");
    now.push_back(ops::stack(all, 0));
  }
  return now;
}

/// A loop that decides when it runs how long it goes on.
Tensors open_loop(const LoopCall& loop) {
  const ImportCall& c = loop.c;
  Tensors variables{count_of(0), c.has(1) ? ops::reshape(c.in(1), {}) : truth()};
  variables.insert(variables.end(), loop.carries.begin(), loop.carries.end());
  const Tensor limit = c.has(0) ? ops::reshape(c.in(0), {}) : count_of(INT64_MAX);
  const Tensors last = ops::while_loop([&](const Tensors& v) { return ops::logical_and(v[1], ops::less(v[0], limit)); },
                                       [&](const Tensors& v) {
                                         auto step = loop.step(v[0], v[1], Tensors(v.begin() + 2, v.end()));
                                         Tensors next{v[0] + count_of(1), step.goes_on};
                                         next.insert(next.end(), step.carries.begin(), step.carries.end());
                                         return next;
                                       },
                                       variables);
  return Tensors(last.begin() + 2, last.end());
}

const bool loop_read = add_import("Loop", [](ImportCall& c) -> Tensors {
  const LoopCall loop(c);
  const std::optional<Array> steps = c.has(0) ? known_numbers(c, 0) : std::nullopt,
                             begins = c.has(1) ? known_numbers(c, 1) : graph::full({}, 1, graph::bool_);
  if (steps && begins && begins->item<bool>() && steps->item<std::int64_t>() > 0) try {
      return counted_loop(loop, steps->item<std::int64_t>());
    } catch (const NotCounted&) {
    } catch (const NumbersNeeded&) {
    } catch (const ShapeError&) {  // what it carries grows
    }
  if (loop.kept == 0) try {
      if (!begins || (c.has(0) && !steps)) return open_loop(loop);
      return unrolled_loop(loop, steps ? steps->item<std::int64_t>() : INT64_MAX, begins->item<bool>());
    } catch (const NumbersNeeded&) {
      if (begins && (steps || !c.has(0))) return open_loop(loop);
    }
  // What is kept of the steps has a shape only if their number is known.
  const std::int64_t most = c.has(0) ? c.numbers(0).item<std::int64_t>() : INT64_MAX;
  return unrolled_loop(loop, most, c.has(1) ? c.numbers(1).item<bool>() : true);
});

/// Opset 8: each sample by itself, with an axis of samples in front.
Tensors scan_of_samples(const ImportCall& c, std::size_t sequences) {
  if (c.has(0)) c.refuse("takes the lengths of sequences, which only opset 8 had");
  Tensors all;
  for (int i = 1; i < c.inputs(); ++i) all.push_back(c.in(i));
  if (sequences < 1 || sequences > all.size()) c.refuse(graph::message("it has ", sequences, " sequences"));
  const auto carries = static_cast<std::ptrdiff_t>(all.size() - sequences);
  std::vector<Tensors> samples;
  for (std::int64_t n = 0; n < all[0].shape()[0]; ++n) {
    Tensors one;
    for (const Tensor& each : all) one.push_back(ops::squeeze(ops::slice(each, 0, n, n + 1), 0));
    auto result = ops::scan(
        [&](const Tensors& states, const Tensors& x) -> ops::StepResult {
          Tensors inputs = states;
          inputs.insert(inputs.end(), x.begin(), x.end());
          const Tensors results = c.graph("body", inputs);
          return {Tensors(results.begin(), results.begin() + carries),
                  Tensors(results.begin() + carries, results.end())};
        },
        Tensors(one.begin(), one.begin() + carries), Tensors(one.begin() + carries, one.end()));
    samples.push_back(result.carry);
    samples.back().insert(samples.back().end(), result.ys.begin(), result.ys.end());
  }
  Tensors outputs;
  for (std::size_t i = 0; i < samples.at(0).size(); ++i) {
    Tensors column;
    for (const Tensors& sample : samples) column.push_back(sample[i]);
    outputs.push_back(ops::stack(column, 0));
  }
  return outputs;
}

const bool scan_read = add_import("Scan", [](ImportCall& c) -> Tensors {
  const auto sequences = static_cast<std::size_t>(c.integer("num_scan_inputs", 0));
  if (c.opset() < 9) return scan_of_samples(c, sequences);
  Tensors all = c.all_inputs();
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

// Ops with bodies: loops, branches, and computations that stand in a node of their own.
#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx {
namespace {

using Names = std::vector<std::string>;
using io::onnx::Value;

Names inputs_from(ExportCall& c, int first) {
  Names names;
  for (int i = first; i < c.inputs(); ++i) names.push_back(c.in(i));
  return names;
}

graph::Specs output_specs(ExportCall& c) {
  graph::Specs specs;
  for (int i = 0; i < c.outputs(); ++i) specs.push_back(c.out_spec(i));
  return specs;
}

void give_all(ExportCall& c, const Names& values) {
  for (int i = 0; i < c.outputs(); ++i) c.give(i, values.at(static_cast<std::size_t>(i)));
}

const bool checkpoint_written =
    add_export("checkpoint", [](ExportCall& c) { give_all(c, c.body(0, inputs_from(c, 0))); });

std::shared_ptr<const io::onnx::Graph> branch(ExportCall& c, int body) {
  c.begin_graph({});
  return c.end_graph(c.body(body, inputs_from(c, 1)), output_specs(c));
}

const bool cond_written = add_export("cond", [](ExportCall& c) {
  const auto yes = branch(c, 0), no = branch(c, 1);
  give_all(c, c.nodes("If", {c.in(0)}, {{"then_branch", yes}, {"else_branch", no}}, c.outputs()));
});

/// The branches from number `i` on; the last one is what is left.
Names choice(ExportCall& c, int i, int count) {
  if (i == count - 1) return c.body(i, inputs_from(c, 1));
  const std::string is_it = c.node("LessOrEqual", {c.in(0), c.constant(Array::scalar(std::int64_t{i}))});
  const auto yes = branch(c, i);
  c.begin_graph({});
  const auto no = c.end_graph(choice(c, i + 1, count), output_specs(c));
  return c.nodes("If", {is_it}, {{"then_branch", yes}, {"else_branch", no}}, c.outputs());
}
const bool switch_written = add_export("switch_case", [](ExportCall& c) { give_all(c, choice(c, 0, c.bodies())); });

/// A loop over sequences is a Scan; without any, a Loop of a known number of steps.
const bool scan_written = add_export("scan", [](ExportCall& c) {
  const int carries = static_cast<int>(c.integer("carries")), sequences = static_cast<int>(c.integer("sequences"));
  const int kept = c.outputs() - carries;
  const std::int64_t direction = c.flag("reverse") ? 1 : 0;
  std::vector<Value> formals;
  Names parameters, begin;
  for (int i = 0; i < carries + sequences; ++i) {
    Spec spec = c.spec(i);
    if (i >= carries) spec.shape = spec.shape.drop_front();
    formals.push_back(c.fresh("step", spec));
    parameters.push_back(formals.back().name);
    begin.push_back(c.in(i));
  }
  for (int i = carries + sequences; i < c.inputs(); ++i) parameters.push_back(c.in(i));
  const graph::Specs results = c.body_results(0);
  if (sequences > 0) {
    c.begin_graph(formals);
    const auto body = c.end_graph(c.body(0, parameters), results);
    Attributes attributes{{"body", body}, {"num_scan_inputs", sequences}};
    if (direction != 0) {
      attributes["scan_input_directions"] = std::vector<std::int64_t>(static_cast<std::size_t>(sequences), 1);
      attributes["scan_output_directions"] = std::vector<std::int64_t>(static_cast<std::size_t>(kept), 1);
    }
    return give_all(c, c.nodes("Scan", begin, attributes, c.outputs()));
  }
  const Spec flag{graph::bool_, {}}, count{graph::int64, {}};
  std::vector<Value> inputs{c.fresh("number", count), c.fresh("goes_on", flag)};
  inputs.insert(inputs.end(), formals.begin(), formals.end());
  c.begin_graph(inputs);
  Names values = c.body(0, parameters);
  values.insert(values.begin(), inputs[1].name);
  graph::Specs specs = results;
  specs.insert(specs.begin(), flag);
  const auto body = c.end_graph(values, specs);
  begin.insert(begin.begin(), {c.node("Squeeze", {c.list(Lengths{c.length("length")})}), ""});
  Names all = c.nodes("Loop", begin, {{"body", body}}, c.outputs());
  const auto one = [&](std::int64_t n) { return c.list(std::vector<std::int64_t>{n}); };
  for (int i = carries; direction != 0 && i < c.outputs(); ++i)  // what the steps gave stands from the last one on
    all[static_cast<std::size_t>(i)] =
        c.node("Slice", {all[static_cast<std::size_t>(i)], one(-1), one(INT64_MIN), one(0), one(-1)});
  give_all(c, all);
});

const bool while_loop_written = add_export("while_loop", [](ExportCall& c) {
  const int variables = c.outputs();
  const Spec flag{graph::bool_, {}}, count{graph::int64, {}};
  const std::string scalar = c.list(std::vector<std::int64_t>{});
  const auto goes_on = [&](const Names& parameters) { return c.node("Reshape", {c.body(0, parameters)[0], scalar}); };
  std::vector<Value> inputs{c.fresh("number", count), c.fresh("goes_on", flag)};
  Names parameters, now,
      begin{c.has_field("maximum_iterations") ? c.constant(Array::scalar(c.integer("maximum_iterations"))) : ""};
  for (int i = 0; i < variables; ++i) {
    inputs.push_back(c.fresh("variable", c.spec(i)));
    parameters.push_back(inputs.back().name);
  }
  for (int i = 0; i < c.inputs(); ++i) now.push_back(c.in(i));
  for (int i = variables; i < c.inputs(); ++i) parameters.push_back(c.in(i));
  begin.push_back(goes_on(now));
  begin.insert(begin.end(), now.begin(), now.begin() + variables);
  c.begin_graph(inputs);
  Names next = c.body(1, parameters), after = next;
  after.insert(after.end(), parameters.begin() + variables, parameters.end());
  next.insert(next.begin(), goes_on(after));
  graph::Specs specs = output_specs(c);
  specs.insert(specs.begin(), flag);
  const auto body = c.end_graph(next, specs);
  give_all(c, c.nodes("Loop", begin, {{"body", body}}, variables));
});

}  // namespace
}  // namespace cornu::keras::onnx

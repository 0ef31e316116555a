// What goes along axes: sums and the like, softmax, order, running sums.
#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx {
namespace {

ExportFunction reduction(const char* op_type) {
  return [op_type](ExportCall& c) {
    const auto axes = c.integers("axes");
    if (axes.empty()) return c.give(0, c.in());
    const DType dtype = c.spec().dtype;
    const bool through = graph::size_of(dtype) == 1;  // bools and uint8, which runtimes seldom reduce
    const std::string y = c.node(op_type, {through ? c.cast(c.in(), graph::int32) : c.in(), c.list(axes)},
                                 {{"keepdims", c.flag("keepdims")}});
    c.give(0, through ? c.cast(y, dtype) : y);
  };
}
const bool reductions_written =
    add_export("sum", reduction("ReduceSum")) && add_export("mean", reduction("ReduceMean")) &&
    add_export("max", reduction("ReduceMax")) && add_export("min", reduction("ReduceMin")) &&
    add_export("prod", reduction("ReduceProd"));

const bool moments_written = add_export("moments", [](ExportCall& c) {
  const std::string axes = c.list(c.integers("axes")), mean = c.node("ReduceMean", {c.in(), axes});
  const std::string apart = c.node("Sub", {c.in(), mean});
  c.give(0, mean);
  c.give(1, c.node("ReduceMean", {c.node("Mul", {apart, apart}), axes}));
});

ExportFunction along_axis(const char* op_type) {
  return [op_type](ExportCall& c) { c.give(0, c.node(op_type, {c.in()}, {{"axis", c.integer("axis")}})); };
}
const bool softmax_written =
    add_export("softmax", along_axis("Softmax")) && add_export("log_softmax", along_axis("LogSoftmax"));

ExportFunction arg_reduction_of(const char* op_type) {
  return [op_type](ExportCall& c) {
    const bool whole = !graph::is_floating(c.spec().dtype);
    const std::string x = whole ? c.cast(c.in(), graph::float32) : c.in();
    const std::string y = c.node(op_type, {x}, {{"axis", c.integer("axis")}, {"keepdims", 0}});
    c.give(0, c.cast(y, graph::int32));
  };
}
const bool arg_reductions_written =
    add_export("argmax", arg_reduction_of("ArgMax")) && add_export("argmin", arg_reduction_of("ArgMin"));

const bool argsort_written = add_export("argsort", [](ExportCall& c) {
  const int axis = c.spec().shape.normalize(static_cast<int>(c.integer("axis")));
  const std::string count = c.integer("count") < 0 ? c.list(Lengths{c.shape()[static_cast<std::size_t>(axis)]})
                                                   : c.list(std::vector<std::int64_t>{c.integer("count")});
  const bool narrow = graph::size_of(c.spec().dtype) == 1;
  const std::string x = narrow ? c.cast(c.in(), graph::int64) : c.in();
  const auto both = c.nodes("TopK", {x, count}, {{"axis", axis}, {"largest", c.flag("descending")}, {"sorted", 1}}, 2);
  c.give(0, c.cast(both[1], graph::int32));
});

const bool cumsum_written = add_export("cumsum", [](ExportCall& c) {
  c.give(0, c.node("CumSum", {c.in(), c.constant(Array::scalar(c.integer("axis")))}, {{"reverse", c.flag("reverse")}}));
});

const bool linear_recurrence_written = add_export("linear_recurrence", [](ExportCall& c) {
  const int axis = static_cast<int>(c.integer("axis"));
  // The first step reads no a: it begins with 0.
  const Spec row{c.spec().dtype, c.spec().shape.erase(axis)};
  Lengths lengths = c.shape();
  lengths.erase(lengths.begin() + axis);
  const std::string start = c.node("Expand", {c.number(0, row.dtype), c.list(lengths)});
  const auto y = c.fresh("y", row), a = c.fresh("a", row), b = c.fresh("b", row);
  c.begin_graph({y, a, b});
  const std::string next = c.node("Add", {c.node("Mul", {y.name, a.name}), b.name});
  const auto body = c.end_graph({next, next}, {row, row});
  const std::int64_t direction = c.flag("reverse") ? 1 : 0;
  c.give(0, c.nodes("Scan", {start, c.in(0), c.in(1)},
                    {{"body", body},
                     {"num_scan_inputs", 2},
                     {"scan_input_axes", std::vector<std::int64_t>{axis, axis}},
                     {"scan_output_axes", std::vector<std::int64_t>{axis}},
                     {"scan_input_directions", std::vector<std::int64_t>{direction, direction}},
                     {"scan_output_directions", std::vector<std::int64_t>{direction}}},
                    2)[1]);
});

const bool searchsorted_written = add_export("searchsorted", [](ExportCall& c) {
  const bool narrow = graph::size_of(c.spec().dtype) == 1;
  const auto in = [&](int i) { return narrow ? c.cast(c.in(i), graph::int32) : c.in(i); };
  const std::string values = c.node("Unsqueeze", {in(1), c.list(std::vector<std::int64_t>{-1})});
  const std::string before = c.node(c.flag("right") ? "LessOrEqual" : "Less", {in(0), values});
  c.give(0,
         c.node("ReduceSum", {c.cast(before, graph::int32), c.list(std::vector<std::int64_t>{-1})}, {{"keepdims", 0}}));
});

}  // namespace
}  // namespace cornu::keras::onnx

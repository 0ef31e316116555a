#include "cornu/keras/onnx/internal/graph_writer.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "cornu/graph/bodies.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/keras/onnx/internal/export_registry.h"

namespace cornu::keras::onnx::internal {

using graph::require;
using graph::Shape;

namespace {

/// The fields of an op by name.
struct FieldValues final : graph::FieldVisitor {
  std::map<std::string, FieldValue> map;

 private:
  void boolean(std::string_view name, bool value) override { map[std::string(name)] = value; }
  void integer(std::string_view name, std::int64_t value) override { map[std::string(name)] = value; }
  void number(std::string_view name, double value) override { map[std::string(name)] = value; }
  void text(std::string_view name, std::string_view value) override { map[std::string(name)] = std::string(value); }
  void integers(std::string_view name, const std::vector<std::int64_t>& value) override {
    map[std::string(name)] = value;
  }
};

bool same_bytes(const Array& a, const Array& b) {
  return a.spec() == b.spec() && (a.nbytes() == 0 || std::memcmp(a.bytes(), b.bytes(), a.nbytes()) == 0);
}

std::string where_of(const graph::Node& node) {
  return graph::message("onnx: ", node.scope().empty() ? "" : "[" + node.scope() + "] ", "the op \"", node.op().name(),
                        "\" ");
}

bool all_equal(const std::vector<std::int64_t>& values) {
  return std::all_of(values.begin(), values.end(), [&](std::int64_t v) { return v == values.front(); });
}

/// What every trace has of a node list, side by side; throws where they differ in more than lengths.
std::vector<TracedNode> side_by_side(const std::vector<const graph::Outputs*>& traces) {
  constexpr const char* kDiffers =
      "onnx: what the model computes depends on the size of the batch, or on unknown lengths, in more than lengths";
  std::vector<TracedNode> nodes;
  std::vector<std::unordered_map<const graph::Node*, std::size_t>> places(traces.size());
  for (std::size_t t = 0; t < traces.size(); ++t) {
    const auto list = graph::reachable(*traces[t]);
    if (t == 0) nodes.resize(list.size());
    require<ValueError>(list.size() == nodes.size(), kDiffers, ": it has ", nodes.size(), " and ", list.size(),
                        " nodes");
    for (std::size_t i = 0; i < list.size(); ++i) {
      nodes[i].traces.push_back(list[i]);
      places[t][list[i].get()] = i;
      const graph::Node &here = *list[i], &first = nodes[i].front();
      bool same = here.op().name() == first.op().name() && here.inputs().size() == first.inputs().size();
      for (std::size_t k = 0; same && k < here.inputs().size(); ++k)
        same = here.inputs()[k].index() == first.inputs()[k].index() &&
               places[t].at(&here.inputs()[k].node()) == places[0].at(&first.inputs()[k].node());
      require<ValueError>(same, kDiffers, ": ", first.op().name(), " of ", first.scope(), " and ", here.op().name(),
                          " of ", here.scope());
      FieldValues fields;
      here.op().fields(fields);
      nodes[i].fields.push_back(std::move(fields.map));
    }
  }
  return nodes;
}

}  // namespace

std::string GraphWriter::unique(const std::string& wish) {
  if (names_.insert(wish).second) return wish;
  int& number = numbers_[wish];
  std::string name;
  do {
    name = graph::message(wish, '_', ++number);
  } while (!names_.insert(name).second);
  return name;
}

void GraphWriter::know(const std::string& value, const std::vector<Shape>& shapes) {
  for (int axis = 0; axis < shapes.front().rank(); ++axis) {
    std::vector<std::int64_t> lengths;
    for (const Shape& shape : shapes) lengths.push_back(shape[axis]);
    if (!all_equal(lengths) && find_length(lengths).empty()) scopes_.back().lengths.try_emplace(lengths, value, axis);
  }
}

std::vector<std::string> GraphWriter::write(const std::vector<const graph::Outputs*>& traces,
                                            const std::vector<std::string>& parameters) {
  std::vector<TracedNode> nodes = side_by_side(traces);
  std::unordered_map<const graph::Node*, const TracedNode*> made;
  const auto value_of = [&](const Tensor& tensor) {
    return made.at(&tensor.node())->outputs[static_cast<std::size_t>(tensor.index())];
  };
  for (TracedNode& node : nodes) {
    const graph::Node& front = node.front();
    made[&front] = &node;
    node.outputs.resize(front.outputs().size());
    bool is_leaf = false;
    const std::string value = leaf(node, parameters, is_leaf);
    if (is_leaf) {
      node.outputs[0] = value;
      continue;
    }
    for (const Tensor& input : front.inputs()) node.inputs.push_back(value_of(input));
    const std::string outer = std::exchange(prefix, front.scope().empty() ? "" : front.scope() + '/');
    const ExportFunction* function = find_export(front.op().name());
    require<ValueError>(function != nullptr, where_of(front), "has no form in ONNX. onnx::add_export(\"",
                        front.op().name(), "\", …) gives it one (cornu/keras/onnx/exporter.h)");
    ExportCall call(*this, node);
    (*function)(call);
    prefix = outer;
  }
  std::vector<std::string> results;
  for (const Tensor& tensor : traces.front()->tensors()) results.push_back(value_of(tensor));
  return results;
}

std::string GraphWriter::leaf(const TracedNode& node, const std::vector<std::string>& parameters, bool& is_leaf) {
  const graph::Op& op = node.front().op();
  is_leaf = true;
  if (const auto* parameter = graph::as<graph::Parameter>(op))
    return parameters.at(static_cast<std::size_t>(parameter->index));
  if (const auto* read = graph::as<graph::ReadVariable>(op)) {
    const graph::Variable& variable = read->variable;
    const auto [at, added] = variables_.try_emplace(variable.id());
    if (added) {
      at->second = unique(variable.name().empty() ? "variable" : variable.name());
      weights_[at->second] = variable.value();
    }
    return at->second;
  }
  if (const auto* fixed = graph::as<graph::Constant>(op)) {
    for (const auto& other : node.traces)
      if (!same_bytes(fixed->value, graph::as<graph::Constant>(other->op())->value)) return changing_constant(node);
    return constant(fixed->value);
  }
  is_leaf = false;
  return {};
}

// Numbers that follow the batch or other lengths: the same ones all along an axis, or what a formula says.
std::string GraphWriter::changing_constant(const TracedNode& node) {
  const std::string who = where_of(node.front());
  std::vector<Array> values;
  Lengths shape;
  for (const auto& trace : node.traces) values.push_back(graph::as<graph::Constant>(trace->op())->value);
  bool same_rank = true;
  for (const Array& value : values) same_rank = same_rank && value.ndim() == values[0].ndim();
  require<ValueError>(same_rank, who, "has numbers that depend on the size of the batch");
  for (int axis = 0; axis < values[0].ndim(); ++axis) {
    shape.emplace_back();
    for (const Array& value : values) shape.back().traced.push_back(value.shape()[axis]);
  }
  bool repeated = true;
  Array base;
  for (std::size_t t = 0; repeated && t < values.size(); ++t) {
    Array one = values[t];
    for (int axis = 0; axis < one.ndim(); ++axis)
      if (!shape[static_cast<std::size_t>(axis)].fixed()) one = Array(one.slice(0, 1, 1, axis)).copy();
    if (t == 0) base = one;
    Array all(values[t].shape(), values[t].dtype());
    all.assign(one);
    repeated = same_bytes(one, base) && same_bytes(all, values[t]);
  }
  if (repeated) return add("Expand", {constant(base), list(shape, who)}, {}, 1)[0];

  std::string computed = counted_constant(values, shape, who);
  if (computed.empty()) computed = band_constant(values, shape, who);
  require<ValueError>(!computed.empty(), who, "has numbers of shape ", values[0].shape(),
                      " that depend on the size of the batch, or on lengths, in a way that ONNX cannot be told");
  return computed;
}

std::string GraphWriter::range(const Length& start, const Length& end, std::int64_t step, const std::string& who) {
  return add("Range",
             {add("Squeeze", {list({start}, who)}, {}, 1)[0], add("Squeeze", {list({end}, who)}, {}, 1)[0],
              constant(Array::scalar(step))},
             {}, 1)[0];
}

// Whole numbers at equal distances along the one axis that changes: places, forwards or backwards.
std::string GraphWriter::counted_constant(const std::vector<Array>& values, const Lengths& shape,
                                          const std::string& who) {
  const DType dtype = values[0].dtype();
  if (graph::is_floating(dtype) || dtype == graph::bool_) return {};
  for (const Length& length : shape)
    if (length.fixed() && length.front() != 1) return {};
  if (std::count_if(shape.begin(), shape.end(), [](const Length& length) { return !length.fixed(); }) != 1) return {};
  Length start, end;
  std::int64_t step = 0;
  for (std::size_t t = 0; t < values.size(); ++t) {
    const Array whole = values[t].astype(graph::int64);
    const std::int64_t* numbers = whole.data<std::int64_t>();
    if (whole.size() < 2) return {};
    if (t == 0) step = numbers[1] - numbers[0];
    for (std::int64_t i = 1; i < whole.size(); ++i)
      if (numbers[i] - numbers[i - 1] != step) return {};
    start.traced.push_back(numbers[0]);
    end.traced.push_back(numbers[0] + step * whole.size());
  }
  if (step == 0) return {};
  const std::string numbers =
      add("Cast", {range(start, end, step, who)}, {{"to", io::onnx::type_of_dtype(dtype)}}, 1)[0];
  return add("Reshape", {numbers, list(shape, who)}, {}, 1)[0];
}

// Which steps count for which: true where column - row lies between two bounds, of which one may be none.
std::string GraphWriter::band_constant(const std::vector<Array>& values, const Lengths& shape, const std::string& who) {
  if (values[0].dtype() != graph::bool_ || values[0].ndim() != 2) return {};
  std::optional<std::int64_t> low, high;
  bool below = true, above = true;  // whether the band goes on to the first column, to the last one
  for (const Array& value : values) {
    const std::int64_t rows = value.shape()[0], columns = value.shape()[1];
    std::int64_t least = columns, most = -rows;
    const bool* cells = value.data<bool>();
    for (std::int64_t at = 0; at < value.size(); ++at)
      if (cells[at])
        least = std::min(least, at % columns - at / columns), most = std::max(most, at % columns - at / columns);
    for (std::int64_t at = 0; at < value.size(); ++at) {
      const std::int64_t apart = at % columns - at / columns;
      if (cells[at] != (apart >= least && apart <= most)) return {};
    }
    below = below && least == 1 - rows, above = above && most == columns - 1;
    if (!low) low = least, high = most;
    if ((!below && *low != least) || (!above && *high != most)) return {};
  }
  const Length none{std::vector<std::int64_t>(values.size(), 0)};
  const auto axis = [&](const char* which) { return constant(Array(std::vector<std::int64_t>{which[0] == 'r'})); };
  const std::string row = add("Unsqueeze", {range(none, shape[0], 1, who), axis("row")}, {}, 1)[0],
                    column = add("Unsqueeze", {range(none, shape[1], 1, who), axis("column")}, {}, 1)[0],
                    apart = add("Sub", {column, row}, {}, 1)[0];
  std::string from, to;
  if (!below) from = add("GreaterOrEqual", {apart, constant(Array::scalar(*low))}, {}, 1)[0];
  if (!above) to = add("LessOrEqual", {apart, constant(Array::scalar(*high))}, {}, 1)[0];
  if (from.empty() && to.empty()) return {};
  return from.empty() ? to : to.empty() ? from : add("And", {from, to}, {}, 1)[0];
}

std::vector<std::string> GraphWriter::add(std::string_view op_type, std::vector<std::string> inputs,
                                          Attributes attributes, int outputs) {
  io::onnx::Node node{std::string(op_type), std::move(inputs), {}, std::move(attributes)};
  for (const std::string& input : node.inputs)
    if (const auto weight = weights_.find(input); weight != weights_.end()) {
      graph().initializers.emplace_back(weight->first, weight->second);
      emitted_.insert(weights_.extract(weight));
    }
  for (int i = 0; i < outputs; ++i) node.outputs.push_back(unique(prefix + node.op_type));
  node.name = node.outputs.front();
  scopes_.back().graph.nodes.push_back(node);
  return node.outputs;
}

std::string GraphWriter::constant(const Array& value) {
  std::string key;
  if (value.nbytes() <= 256) {
    key = graph::message(value.spec(), ' ');
    key.append(reinterpret_cast<const char*>(value.bytes()), value.nbytes());
    if (const auto known = constants_.find(key); known != constants_.end()) return known->second;
  }
  const std::string name = unique("constant");
  weights_[name] = value;
  if (!key.empty()) constants_[key] = name;
  return name;
}

std::string GraphWriter::transposed(const std::string& value, const std::vector<std::int64_t>& axes) {
  bool identity = true;
  for (std::size_t i = 0; i < axes.size(); ++i) identity = identity && axes[i] == static_cast<std::int64_t>(i);
  if (identity) return value;
  if (const auto before = transposed_of_.find(value); before != transposed_of_.end()) {
    std::vector<std::int64_t> both;
    for (const std::int64_t axis : axes) both.push_back(before->second.second[static_cast<std::size_t>(axis)]);
    return transposed(std::string(before->second.first), both);
  }
  const auto key = std::make_pair(value, axes);
  for (const Scope& scope : scopes_)
    if (const auto known = scope.transposes.find(key); known != scope.transposes.end()) return known->second;
  std::string result;
  const Array* weight = nullptr;
  if (const auto at = weights_.find(value); at != weights_.end()) weight = &at->second;
  if (const auto at = emitted_.find(value); at != emitted_.end()) weight = &at->second;
  if (weight != nullptr) {
    result = unique(value + "_transposed");
    const Array moved = weight->transpose(std::vector<int>(axes.begin(), axes.end()));
    weights_[result] = moved;
    scopes_.front().transposes[key] = result;
    return result;
  }
  result = add("Transpose", {value}, {{"perm", axes}}, 1)[0];
  transposed_of_[result] = {value, axes};
  return scopes_.back().transposes[key] = result;
}

std::string GraphWriter::list(const Lengths& lengths, const std::string& who) {
  bool fixed = true;
  std::vector<std::int64_t> values;
  for (const Length& length : lengths) fixed = fixed && length.fixed(), values.push_back(length.front());
  if (fixed) return constant(Array(values, Shape{static_cast<std::int64_t>(values.size())}));
  std::vector<std::string> parts;
  for (const Length& each : lengths)
    parts.push_back(each.fixed() ? constant(Array(std::vector<std::int64_t>{each.front()})) : length(each.traced, who));
  return parts.size() == 1 ? parts[0] : add("Concat", parts, {{"axis", 0}}, 1)[0];
}

std::string GraphWriter::find_length(const std::vector<std::int64_t>& traced) {
  for (const Scope& scope : scopes_) {
    if (scope.computed.contains(traced)) return scope.computed.at(traced);
    if (scope.lengths.contains(traced)) return scope.lengths.at(traced).value;
  }
  return {};
}

std::string GraphWriter::arithmetic(const char* op_type, const std::string& a, std::int64_t b) {
  return add(op_type, {a, constant(Array(std::vector<std::int64_t>{b}))}, {}, 1)[0];
}

std::string GraphWriter::length(const std::vector<std::int64_t>& traced, const std::string& who) {
  for (const Scope& scope : scopes_)
    if (const auto known = scope.computed.find(traced); known != scope.computed.end()) return known->second;
  std::string value;
  for (const Scope& scope : scopes_)
    if (const auto place = scope.lengths.find(traced); value.empty() && place != scope.lengths.end())
      value =
          add("Shape", {place->second.value}, {{"start", place->second.axis}, {"end", place->second.axis + 1}}, 1)[0];
  for (const bool products : {false, true})
    if (value.empty()) value = from_lengths(traced, products);
  std::string list;
  for (const std::int64_t each : traced) list += graph::message(list.empty() ? "" : ", ", each);
  require<ValueError>(!value.empty(), who, "has a length that follows the batch in no way that is known: ", list,
                      " in traces of different sizes");
  return scopes_.back().computed[traced] = value;
}

// A length made of another one, a d + b or d / c, or of two, c d e.
std::string GraphWriter::from_lengths(const std::vector<std::int64_t>& v, bool products) {
  std::vector<std::vector<std::int64_t>> known;
  for (const Scope& scope : scopes_)
    for (const auto& [lengths, place] : scope.lengths) known.push_back(lengths);
  const auto holds = [&](auto&& formula) {
    for (std::size_t t = 0; t < v.size(); ++t)
      if (formula(t) != v[t]) return false;
    return true;
  };
  for (const auto& d : known) {
    if (products) {
      for (const auto& e : known) {
        const std::int64_t product = d[0] * e[0], c = product == 0 ? 0 : v[0] / product;
        if (c == 0 || !holds([&](std::size_t t) { return c * d[t] * e[t]; })) continue;
        const std::string both = add("Mul", {length(d, ""), length(e, "")}, {}, 1)[0];
        return c == 1 ? both : arithmetic("Mul", both, c);
      }
      continue;
    }
    const std::int64_t step = d[1] - d[0];
    if (step != 0 && (v[1] - v[0]) % step == 0) {
      const std::int64_t a = (v[1] - v[0]) / step, b = v[0] - a * d[0];
      if (a != 0 && holds([&](std::size_t t) { return a * d[t] + b; })) {
        const std::string scaled = a == 1 ? length(d, "") : arithmetic("Mul", length(d, ""), a);
        return b == 0 ? scaled : arithmetic("Add", scaled, b);
      }
    }
    const std::int64_t c = v[0] == 0 ? 0 : d[0] / v[0];
    if (c > 1 && holds([&](std::size_t t) { return d[t] % c == 0 ? d[t] / c : -1; }))
      return arithmetic("Div", length(d, ""), c);
  }
  return {};
}

void GraphWriter::begin_graph(const std::vector<io::onnx::Value>& inputs) {
  scopes_.emplace_back();
  scopes_.back().graph.inputs = inputs;
  scopes_.back().graph.name = unique(prefix + "body");
}

io::onnx::Graph GraphWriter::end_graph(const std::vector<io::onnx::Value>& outputs) {
  io::onnx::Graph graph = std::move(scopes_.back().graph);
  graph.outputs = outputs;
  scopes_.pop_back();
  return graph;
}

}  // namespace cornu::keras::onnx::internal

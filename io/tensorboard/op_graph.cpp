// The Graphs dashboard: a computation, and what its nodes took.
#include "cornu/io/tensorboard/internal/op_graph.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "cornu/graph/bodies.h"
#include "cornu/graph/internal/node_names.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/io/tensorboard/internal/utf8.h"
#include "cornu/io/tensorboard/proto/graph.pb.h"
#include "cornu/io/tensorboard/summary_writer.h"

namespace cornu::io::tensorboard {
namespace internal {
namespace {

namespace proto = ::cornu_tensorboard;
using namespace graph;

constexpr const char* kDevice = "/device:CPU:0";

// "sparse_softmax_cross_entropy" -> "SparseSoftmaxCrossEntropy". The table has those ops whose name in TensorFlow,
// which TensorBoard knows them by, is another one.
std::string op_type(std::string_view name) {
  static const std::unordered_map<std::string_view, const char*> known = {{"matmul", "MatMul"},
                                                                          {"argmax", "ArgMax"},
                                                                          {"argmin", "ArgMin"},
                                                                          {"relu_gradient", "ReluGrad"},
                                                                          {"softmax_gradient", "SoftmaxGrad"},
                                                                          {"constant", "Const"}};
  if (const auto at = known.find(name); at != known.end()) return at->second;
  std::string type;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
      continue;
    }
    type += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return type;
}

// A node's name with the op in it written as above; its number stays: "dense/matmul_1" -> "dense/MatMul_1".
std::string shown_name(const std::string& name, const std::string& scope, std::string_view op) {
  const std::size_t begin = scope.empty() ? 0 : scope.size() + 1;
  return valid_utf8(name.substr(0, begin) + op_type(op) + name.substr(begin + op.size()));
}

proto::DataType data_type(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return proto::DT_BOOL;
    case DType::uint8:
      return proto::DT_UINT8;
    case DType::int32:
      return proto::DT_INT32;
    case DType::int64:
      return proto::DT_INT64;
    case DType::bfloat16:
      return proto::DT_BFLOAT16;
    case DType::float64:
      return proto::DT_DOUBLE;
    case DType::float32:
      break;
  }
  return proto::DT_FLOAT;
}

void set_shape(proto::TensorShapeProto& to, const Shape& shape) {
  for (const std::int64_t length : shape) to.add_dim()->set_size(length);
}

// An op's fields as attributes for the side panel, which cuts long ones.
class Attributes final : public FieldVisitor {
 public:
  explicit Attributes(proto::NodeDef& node) : node_(node) {}

 protected:
  void boolean(std::string_view name, bool value) override { at(name).set_b(value); }
  void integer(std::string_view name, std::int64_t value) override { at(name).set_i(value); }
  void number(std::string_view name, double value) override { at(name).set_f(static_cast<float>(value)); }
  void text(std::string_view name, std::string_view value) override { at(name).set_s(valid_utf8(value)); }
  void integers(std::string_view name, const std::vector<std::int64_t>& values) override {
    auto* list = at(name).mutable_list();
    for (const std::int64_t value : values) list->add_i(value);
  }

 private:
  proto::AttrValue& at(std::string_view name) { return (*node_.mutable_attr())[std::string(name)]; }
  proto::NodeDef& node_;
};

class GraphWriter {
 public:
  GraphWriter(const Outputs& optimised, const Outputs& traced, const std::vector<std::string>& arguments)
      : outputs_(optimised), traced_(traced), arguments_(arguments), names_(node_names(optimised)) {}

  std::string write() {
    const auto nodes = reachable(outputs_);
    for (const auto& node : nodes) taken_.insert(shown(*node));
    for (const auto& node : nodes) add(*node);
    for (const auto& [variable, value] : outputs_.updates()) add_update(variable, value);
    graph_.mutable_versions()->set_producer(1);
    return graph_.SerializeAsString();
  }

 private:
  std::string shown(const Node& node) const { return shown_name(names_.at(&node), node.scope(), node.op().name()); }

  // A name that no other node has.
  std::string unique(const std::string& wish) {
    const std::string name = valid_utf8(wish);
    std::string free = name;
    for (int i = 1; !taken_.insert(free).second; ++i) free = message(name, '_', i);
    return free;
  }

  proto::NodeDef& new_node(const std::string& name, const std::string& op, const Specs& outputs) {
    proto::NodeDef& node = *graph_.add_node();
    node.set_name(name);
    node.set_op(op);
    node.set_device(kDevice);
    auto* shapes = (*node.mutable_attr())["_output_shapes"].mutable_list();
    for (const Spec& spec : outputs) set_shape(*shapes->add_shape(), spec.shape);
    if (!outputs.empty()) (*node.mutable_attr())["T"].set_type(data_type(outputs[0].dtype));
    return node;
  }

  void add(const Node& node) {
    if (const auto* p = dynamic_cast<const Parameter*>(&node.op())) {
      const auto index = static_cast<std::size_t>(p->index);
      const auto [at, added] = arguments_given_.try_emplace(index);
      if (added) {
        at->second = unique(index < arguments_.size() ? arguments_[index] : message("argument_", index));
        new_node(at->second, "Placeholder", node.outputs());
      }
      names_shown_[&node] = at->second;
    } else if (const auto* read = dynamic_cast<const ReadVariable*>(&node.op())) {
      names_shown_[&node] = variable_name(read->variable, node.scope());
    } else {
      const std::string name = names_shown_[&node] = shown(node);
      proto::NodeDef& def = new_node(name, op_type(node.op().name()), node.outputs());
      for (const Tensor& input : node.inputs()) def.add_input(input_of(input));
      Attributes attributes(def);
      node.op().fields(attributes);
      const auto bodies = bodies_of(node.op());
      for (std::size_t i = 0; i < bodies.size(); ++i)
        add_body(*bodies[i], message(name, i == 0 ? "/body" : message("/body_", i)));
    }
  }

  // What a loop computes in a step, in a scope of the loop's name.
  void add_body(const Outputs& body, const std::string& scope) {
    const auto names = node_names(body);
    for (const auto& node : reachable(body)) {
      if (names_shown_.contains(node.get())) continue;
      const auto* p = dynamic_cast<const Parameter*>(&node->op());
      const std::string own =
          p ? message("input_", p->index) : shown_name(names.at(node.get()), node->scope(), node->op().name());
      const std::string name = names_shown_[node.get()] = unique(scope + '/' + own);
      proto::NodeDef& def = new_node(name, p ? "Placeholder" : op_type(node->op().name()), node->outputs());
      for (const Tensor& input : node->inputs()) def.add_input(input_of(input));
      Attributes attributes(def);
      if (!p) node->op().fields(attributes);
      const auto inner = bodies_of(node->op());
      for (const Outputs* each : inner) add_body(*each, name + "/body");
    }
  }

  std::string input_of(const Tensor& tensor) const {
    const std::string& name = names_shown_.at(&tensor.node());
    return tensor.index() == 0 ? name : message(name, ':', tensor.index());
  }

  // A variable is shown in the scope of the node that reads it first: "sequential/dense/kernel".
  const std::string& variable_name(const Variable& variable, const std::string& scope) {
    const auto [at, added] = variables_.try_emplace(variable.id());
    if (added) {
      const std::string own =
          variable.name().empty() ? "variable" : variable.name().substr(variable.name().rfind('/') + 1);
      at->second = unique(scope.empty() ? own : scope + '/' + own);
      proto::NodeDef& node = new_node(at->second, "VariableV2", {variable.spec()});
      (*node.mutable_attr())["variable"].set_s(valid_utf8(variable.name()));
      (*node.mutable_attr())["trainable"].set_b(variable.trainable());
    }
    return at->second;
  }

  // Adds a node that writes the variable. It stands in the scope that described the new value.
  void add_update(const Variable& variable, const Tensor& value) {
    std::string scope;
    for (const auto& [updated, described] : traced_.updates())
      if (updated == variable) scope = described.node().scope();
    const std::string target = variable_name(variable, scope);
    // The scope "optimizer/rm_sprop" ends with what the name "rm_sprop/dense_kernel_velocity" begins with. It is shown
    // once.
    std::string own = variable.name();
    if (const std::size_t slash = own.find('/');
        slash != std::string::npos && own.substr(0, slash) == scope.substr(scope.rfind('/') + 1))
      own.erase(0, slash + 1);
    std::replace(own.begin(), own.end(), '/', '_');
    const std::string input = input_of(value);
    proto::NodeDef& node =
        new_node(unique(message(scope, scope.empty() ? "" : "/", "Assign_", own)), "AssignVariableOp", {});
    (*node.mutable_attr())["T"].set_type(data_type(variable.dtype()));
    (*node.mutable_attr())["variable"].set_s(target);
    node.add_input(target);
    node.add_input(input);
  }

  const Outputs& outputs_;
  const Outputs& traced_;
  const std::vector<std::string>& arguments_;
  std::unordered_map<const Node*, std::string> names_, names_shown_;
  std::unordered_map<const void*, std::string> variables_;
  std::unordered_map<std::size_t, std::string> arguments_given_;
  std::unordered_set<std::string> taken_;
  proto::GraphDef graph_;
};

std::int64_t micros(double seconds) { return static_cast<std::int64_t>(std::llround(seconds * 1e6)); }

}  // namespace

std::string graph_def(const Outputs& optimised, const Outputs& traced, const std::vector<std::string>& arguments) {
  return GraphWriter(optimised, traced, arguments).write();
}

std::string run_metadata(const Profile& profile) {
  proto::RunMetadata metadata;
  auto* device = metadata.mutable_step_stats()->add_dev_stats();
  device->set_device(kDevice);
  std::map<std::string, Profile::Entry> steps;
  for (const Profile::Entry& step : profile.entries())
    if (!step.outputs.empty()) steps.emplace(shown_name(step.name, step.scope, step.op), step);  // a copy is no node
  // The page gives a box the time from the begin of its first node to the end of its last one. With the real begins
  // that is the whole call for a scope that runs in pieces, such as an optimizer that counts its steps first. So the
  // nodes are laid one after the other in the order of their names: then a scope has the sum of its nodes' times.
  std::int64_t begin = micros(profile.last_call());
  for (const auto& [name, step] : steps) {
    auto* stats = device->add_node_stats();
    stats->set_node_name(name);
    stats->set_timeline_label(step.implementation);
    stats->set_all_start_micros(begin);
    const std::int64_t duration = std::max<std::int64_t>(1, micros(step.seconds));  // the page takes 0 for "not run"
    stats->set_op_end_rel_micros(duration);
    stats->set_all_end_rel_micros(duration);
    begin += duration;
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < step.outputs.size(); ++i) {
      auto* output = stats->add_output();
      output->set_slot(static_cast<int>(i));
      auto* description = output->mutable_tensor_description();
      description->set_dtype(data_type(step.outputs[i].dtype));
      set_shape(*description->mutable_shape(), step.outputs[i].shape);
      description->mutable_allocation_description()->set_requested_bytes(
          static_cast<std::int64_t>(step.outputs[i].bytes()));
      bytes += static_cast<std::int64_t>(step.outputs[i].bytes());
    }
    auto* memory = stats->add_memory();
    memory->set_allocator_name("cpu");
    memory->set_total_bytes(bytes);
    memory->set_peak_bytes(bytes);
  }
  return metadata.SerializeAsString();
}

}  // namespace internal

void SummaryWriter::graph(const graph::Function& function, const graph::Specs& arguments,
                          const std::vector<std::string>& names) {
  write(Event{.graph_def = internal::graph_def(function.optimised(arguments), function.trace(arguments), names)});
}

void SummaryWriter::run_metadata(std::string_view tag, const graph::Profile& profile, std::int64_t step) {
  write(
      Event{.step = step, .metadata_tag = internal::valid_utf8(tag), .run_metadata = internal::run_metadata(profile)});
}

}  // namespace cornu::io::tensorboard

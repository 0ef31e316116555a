#include "cornu/io/tensorboard/internal/op_graph.h"

#include <gmock/gmock.h>

#include <limits>
#include <map>
#include <set>

#include "cornu/graph/bodies.h"
#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/op.h"
#include "cornu/io/tensorboard/proto/graph.pb.h"

namespace cornu::tests {
namespace {

namespace proto = cornu_tensorboard;
using graph::NameScope;
using graph::Outputs;
using graph::Spec;
using graph::Specs;
using graph::Tensor;
using graph::Tensors;
using graph::Variable;
using testing::ElementsAre;

// An op with fields of every kind and two outputs.
struct Splitting final : graph::Op {
  bool flag = true;
  int count = 3;
  double alpha = 0.5;
  std::string_view name() const override { return "split_matmul"; }
  void fields(graph::FieldVisitor& f) const override {
    f("flag", flag);
    f("count", count);
    f("alpha", alpha);
    f("mode", "bad \xff utf");
    f("axes", std::vector<int>{0, 2});
  }
  Specs infer(const Specs& in) const override { return {in[0], {graph::int64, {2}}}; }
  Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest&) const override {
    return graph::Kernel::native([](const graph::Call& c) {
      c.out<float>()[0] = c.in<float>()[0] + 1;
      c.out<std::int64_t>(1)[0] = 7;
    });
  }
};

struct Named final : graph::Op {
  std::string own;
  std::string_view name() const override { return own; }
  void fields(graph::FieldVisitor& f) const override { f("own", own); }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  graph::Kernel plan(const graph::PlanRequest&) const override {
    return graph::Kernel::native([](const graph::Call& c) { c.out<float>()[0] = c.in<float>()[0] * 2; });
  }
};
Tensor named(const char* name, Tensors inputs) {
  auto op = std::make_shared<Named>();
  op->own = name;
  return graph::apply1(std::move(op), std::move(inputs));
}

std::map<std::string, proto::NodeDef> nodes_of(const std::string& bytes) {
  proto::GraphDef graph;
  EXPECT_TRUE(graph.ParseFromString(bytes));
  EXPECT_EQ(graph.versions().producer(), 1);
  std::map<std::string, proto::NodeDef> nodes;
  for (const auto& node : graph.node()) EXPECT_TRUE(nodes.emplace(node.name(), node).second) << node.name() << " twice";
  for (const auto& [name, node] : nodes) {
    EXPECT_FALSE(node.op().empty());
    EXPECT_EQ(node.device(), "/device:CPU:0");
    for (std::string input : node.input())
      EXPECT_TRUE(nodes.contains(input.substr(0, input.find(':')))) << name << " reads " << input;
  }
  return nodes;
}

std::vector<std::string> inputs(const proto::NodeDef& node) { return {node.input().begin(), node.input().end()}; }
std::vector<std::int64_t> shape(const proto::NodeDef& node, int output = 0) {
  std::vector<std::int64_t> lengths;
  for (const auto& dim : node.attr().at("_output_shapes").list().shape(output).dim()) lengths.push_back(dim.size());
  return lengths;
}

class OpGraph : public testing::Test {
 protected:
  Variable kernel{graph::zeros({1}), "dense/kernel"}, slot{graph::zeros({1}), "sgd/dense_kernel_momentum", false};
  graph::Function step{[this](const Tensor& x, const Tensor&) {
    Tensors split;
    Tensor y;
    {
      const NameScope model("model");
      const NameScope layer("dense");
      split = graph::apply(std::make_shared<Splitting>(), {x});
      y = named("matmul", {split[0], kernel});
      y = named("matmul", {y});
    }
    const NameScope optimizer("optimizer");
    const NameScope sgd("sgd");
    const Tensor value = named("add", {y, slot});
    return Outputs{y, split[1]}.update(slot, value).update(kernel, named("relu_gradient", {value}));
  }};
  const Specs arguments{{graph::float32, {1}}, {graph::float32, {4, 2}}};
};

TEST_F(OpGraph, NodesHaveScopesTypesShapesAndAttributes) {
  const auto nodes =
      nodes_of(io::tensorboard::internal::graph_def(step.optimised(arguments), step.trace(arguments), {"images"}));
  ASSERT_TRUE(nodes.contains("images"));
  EXPECT_EQ(nodes.at("images").op(), "Placeholder");

  const auto& split = nodes.at("model/dense/SplitMatmul");
  EXPECT_EQ(split.op(), "SplitMatmul");
  EXPECT_THAT(inputs(split), ElementsAre("images"));
  EXPECT_THAT(shape(split), ElementsAre(1));
  EXPECT_THAT(shape(split, 1), ElementsAre(2));
  EXPECT_EQ(split.attr().at("T").type(), proto::DT_FLOAT);
  EXPECT_TRUE(split.attr().at("flag").b());
  EXPECT_EQ(split.attr().at("count").i(), 3);
  EXPECT_EQ(split.attr().at("alpha").f(), 0.5f);
  EXPECT_EQ(split.attr().at("mode").s(), "bad \xEF\xBF\xBD utf");
  EXPECT_EQ(split.attr().at("axes").list().i(1), 2);

  EXPECT_EQ(nodes.at("model/dense/kernel").op(), "VariableV2");
  EXPECT_TRUE(nodes.at("model/dense/kernel").attr().at("trainable").b());
  EXPECT_FALSE(nodes.at("optimizer/sgd/dense_kernel_momentum").attr().at("trainable").b());
  EXPECT_THAT(inputs(nodes.at("model/dense/MatMul")), ElementsAre("model/dense/SplitMatmul", "model/dense/kernel"));
  EXPECT_THAT(inputs(nodes.at("model/dense/MatMul_1")), ElementsAre("model/dense/MatMul"));
}

TEST_F(OpGraph, UpdatesAreNodesWhereTheyWereDescribed) {
  const auto nodes = nodes_of(io::tensorboard::internal::graph_def(step.optimised(arguments), step.trace(arguments)));
  const auto& assign = nodes.at("optimizer/sgd/Assign_dense_kernel");
  EXPECT_EQ(assign.op(), "AssignVariableOp");
  EXPECT_THAT(inputs(assign), ElementsAre("model/dense/kernel", "optimizer/sgd/ReluGrad"));
  EXPECT_THAT(inputs(nodes.at("optimizer/sgd/Assign_dense_kernel_momentum")),
              ElementsAre("optimizer/sgd/dense_kernel_momentum", "optimizer/sgd/Add"));
}

// An op with computations of its own, one of which holds another.
struct Holding final : graph::Op, graph::HasBodies {
  std::vector<Outputs> held;
  std::string_view name() const override { return "hold"; }
  Specs infer(const Specs& in) const override { return {in[0]}; }
  Tensors gradient(const graph::Backward& b) const override { return no_gradient(b); }
  Tensors gradient_of_bodies(const graph::Backward& b, const graph::Differentiate&) const override {
    return no_gradient(b);
  }
  graph::Kernel plan(const graph::PlanRequest&) const override {
    return graph::Kernel::native([](const graph::Call&) {});
  }
  std::vector<const Outputs*> bodies() const override {
    std::vector<const Outputs*> list;
    for (const Outputs& each : held) list.push_back(&each);
    return list;
  }
  std::shared_ptr<const graph::Op> with_bodies(std::vector<Outputs> bodies) const override {
    auto op = std::make_shared<Holding>();
    op->held = std::move(bodies);
    return op;
  }
};

TEST_F(OpGraph, BodiesLieBelowTheirNode) {
  const Spec one{graph::float32, {1}};
  const auto hold = [](std::vector<Outputs> bodies, const Tensor& x) {
    auto op = std::make_shared<Holding>();
    op->held = std::move(bodies);
    return graph::apply1(std::move(op), {x});
  };
  const Tensor p = graph::parameter(0, one), q = graph::parameter(0, one);
  const Outputs inner{named("cast", {graph::parameter(0, one)})};
  const Outputs all{hold({Outputs{named("add", {p, p})}, Outputs{hold({inner}, q)}}, graph::parameter(0, one))};
  const auto nodes = nodes_of(io::tensorboard::internal::graph_def(all, all, {"x"}));
  EXPECT_THAT(inputs(nodes.at("Hold")), ElementsAre("x"));
  EXPECT_EQ(nodes.at("Hold/body/input_0").op(), "Placeholder");
  EXPECT_THAT(inputs(nodes.at("Hold/body/Add")), ElementsAre("Hold/body/input_0", "Hold/body/input_0"));
  EXPECT_THAT(inputs(nodes.at("Hold/body_1/Hold")), ElementsAre("Hold/body_1/input_0"));
  EXPECT_THAT(inputs(nodes.at("Hold/body_1/Hold/body/Cast")), ElementsAre("Hold/body_1/Hold/body/input_0"));
}

TEST_F(OpGraph, OutputsOfANodeAreNumbered) {
  graph::Function second(
      [](const Tensor& x) { return named("cast", {graph::apply(std::make_shared<Splitting>(), {x})[1]}); });
  const Specs one{{graph::float32, {1}}};
  const auto nodes = nodes_of(io::tensorboard::internal::graph_def(second.optimised(one), second.trace(one)));
  EXPECT_THAT(inputs(nodes.at("Cast")), ElementsAre("SplitMatmul:1"));
  EXPECT_TRUE(nodes.contains("argument_0"));
}

TEST_F(OpGraph, RunMetadataNamesTheSameNodes) {
  const std::vector<graph::Array> data{graph::ones({1}), graph::ones({4, 2})};
  const auto nodes = nodes_of(io::tensorboard::internal::graph_def(step.optimised(arguments), step.trace(arguments)));
  proto::RunMetadata metadata;
  ASSERT_TRUE(metadata.ParseFromString(io::tensorboard::internal::run_metadata(step.profile(data, 3))));
  ASSERT_EQ(metadata.step_stats().dev_stats_size(), 1);
  const auto& device = metadata.step_stats().dev_stats(0);
  EXPECT_EQ(device.device(), "/device:CPU:0");
  std::set<std::string> names;
  for (const auto& stats : device.node_stats()) {
    EXPECT_TRUE(nodes.contains(stats.node_name())) << stats.node_name();
    EXPECT_TRUE(names.insert(stats.node_name()).second) << stats.node_name();
    EXPECT_GE(stats.all_end_rel_micros(), 1);
    EXPECT_GT(stats.all_start_micros(), 1'000'000'000'000'000);
    EXPECT_GT(stats.memory(0).total_bytes(), 0);
  }
  EXPECT_TRUE(names.contains("model/dense/SplitMatmul"));
  EXPECT_EQ(names.size(), 5u);
}

TEST_F(OpGraph, ABoxTakesTheSumOfItsNodesTimes) {
  const std::vector<graph::Array> data{graph::ones({1}), graph::ones({4, 2})};
  proto::RunMetadata metadata;
  ASSERT_TRUE(metadata.ParseFromString(io::tensorboard::internal::run_metadata(step.profile(data, 3))));
  struct Box {  // as TensorBoard adds nodes up
    std::int64_t begin = std::numeric_limits<std::int64_t>::max(), end = 0, sum = 0;
  };
  std::map<std::string, Box> boxes;
  for (const auto& stats : metadata.step_stats().dev_stats(0).node_stats())
    for (std::size_t slash = stats.node_name().find('/'); slash != std::string::npos;
         slash = stats.node_name().find('/', slash + 1)) {
      Box& box = boxes[stats.node_name().substr(0, slash)];
      box.begin = std::min(box.begin, stats.all_start_micros());
      box.end = std::max(box.end, stats.all_start_micros() + stats.all_end_rel_micros());
      box.sum += stats.all_end_rel_micros();
    }
  EXPECT_TRUE(boxes.contains("model/dense"));
  EXPECT_TRUE(boxes.contains("optimizer"));
  for (const auto& [name, box] : boxes) EXPECT_EQ(box.end - box.begin, box.sum) << name;
}

}  // namespace
}  // namespace cornu::tests

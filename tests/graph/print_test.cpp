#include "cornu/graph/print.h"

#include <gmock/gmock.h>

#include "cornu/graph/function.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using testing::HasSubstr;
using toy::axpy;
using toy::reverse;
using toy::view;

struct Pair final : Op {
  std::string_view name() const override { return "toy_pair"; }
  Specs infer(const Specs& in) const override { return {in[0], {int64, {}}}; }
  Tensors gradient(const Backward& b) const override { return no_gradient(b); }
  Kernel plan(const PlanRequest&) const override { throw Error("not run"); }
};

TEST(Print, ShowsLeavesNodesOutputsAndUpdates) {
  const Variable w(Array{1.f, 2.f}, "dense/kernel"), b(Array{1.f, 2.f}, "bias"), unread(Array{0.f, 0.f}, "say \"hi\"");
  const Function f([&](const Tensor& x, const Tensor&) {
    const NameScope model("model");
    Tensor y;
    {
      const NameScope scope("dense");
      y = axpy(0.1, x, w);
    }
    const Tensors two = apply(std::make_shared<Pair>(), {axpy(1, y, Array{3.f, 4.f})});
    return Outputs{two[0], two[1], Tensor(Array{7.f}), x}.update(w, axpy(-0.5, y, b)).update(unread, y);
  });
  EXPECT_EQ(f.to_string({{float32, {2}}, {int32, {}}}),
            "parameters\n"
            "  %0 : float32(2,)\n"
            "variables\n"
            "  %w0:\"dense/kernel\" : float32(2,)\n"
            "  %w1:\"bias\" : float32(2,)\n"
            "  %w2:\"say \\\"hi\\\"\" : float32(2,)\n"
            "constants\n"
            "  %c0 = [3. 4.] : float32(2,)\n"
            "nodes\n"
            "  %1 = model/dense/toy_axpy(%0, %w0:\"dense/kernel\", scale=0.1) : float32(2,)\n"
            "  %2 = model/toy_axpy(%1, %c0, scale=1) : float32(2,)\n"
            "  %3, %4 = model/toy_pair(%2) : float32(2,), int64()\n"
            "  %5 = model/toy_axpy(%1, %w1:\"bias\", scale=-0.5) : float32(2,)\n"
            "outputs\n"
            "  %3\n"
            "  %4\n"
            "  [7.]\n"
            "  %0\n"
            "updates\n"
            "  %w0:\"dense/kernel\" <- %5\n"
            "  %w2:\"say \\\"hi\\\"\" <- %1\n");
}

TEST(Print, ConstantsByValueIfTheyAreSmall) {
  EXPECT_EQ(to_string(Outputs{constant(arange(0, 8).reshape({2, 4})), constant(arange(0, 9)), constant(2.5, float32),
                              constant(3, int64)}),
            "constants\n  %c0 = [[0. 1. 2. 3.] [4. 5. 6. 7.]] : float32(2, 4)\n  %c1 = … : float32(9,)\noutputs\n  "
            "%c0\n  %c1\n  2.5\n  3\n");
}

TEST(Print, NothingIsNothing) { EXPECT_EQ(to_string(Outputs()), ""); }

TEST(PrintDot, ShowsScopesAsBoxesAndEscapesNames) {
  const Variable w(Array{1.f, 2.f}, "the \"best\" \\ kernel");
  const Function f(
      [&](const Tensor& x) {
        const NameScope model("model");
        const NameScope scope("dense \"1\"");
        const Tensor y = axpy(0.5, x, w);
        return Outputs{y}.update(w, reverse(y));
      },
      {.name = "step \"one\""});
  EXPECT_EQ(f.to_dot({{float32, {2}}}),
            R"dot(digraph "step \"one\"" {
  node [shape=box, fontname="monospace"];
  n0 [shape=oval, label="parameter 0"];
  w0 [shape=cylinder, label="the \"best\" \\ kernel"];
  output0 [shape=oval, label="output 0"];
  subgraph cluster_0 {
    label="model";
    subgraph cluster_1 {
      label="dense \"1\"";
      n2 [label="toy_axpy\nscale=0.5"];
      n3 [label="toy_reverse"];
    }
  }
  n0 -> n2 [label="float32(2,)"];
  w0 -> n2 [label="float32(2,)"];
  n2 -> n3 [label="float32(2,)"];
  n2 -> output0 [label="float32(2,)"];
  n3 -> w0 [style=dashed, constraint=false, label="float32(2,)"];
}
)dot");
}

// Outside of quotes only what the format has; inside every quote and backslash escaped; as many closing braces as
// opening ones.
TEST(PrintDot, IsWellFormedForAnyNames) {
  Outputs outputs;
  std::vector<Variable> variables;
  for (const char* name : {"", "\"", "\\", "a\nb", "}", "-> [", "ü", "a//b", "/"}) {
    const NameScope scope(name);
    variables.emplace_back(Array{1.f}, name);
    outputs.add(reverse(axpy(1, variables.back(), constant(Array{1.f}))));
  }
  const std::string text = to_dot(outputs, "all \"names\"\n");
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted) {
      ASSERT_NE(text[i], '\n') << text.substr(0, i);
      if (text[i] == '\\')
        ++i;
      else if (text[i] == '"')
        quoted = false;
    } else if (text[i] == '"') {
      quoted = true;
    } else {
      depth += (text[i] == '{') - (text[i] == '}');
      ASSERT_GE(depth, 0) << text.substr(0, i);
      ASSERT_NE(text[i], '\\') << text.substr(0, i);
    }
  }
  EXPECT_FALSE(quoted);
  EXPECT_EQ(depth, 0);
  EXPECT_THAT(text, HasSubstr("digraph \"all \\\"names\\\"\\n\" {"));
}

}  // namespace
}  // namespace cornu::graph

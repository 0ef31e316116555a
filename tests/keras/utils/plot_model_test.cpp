#include "cornu/keras/utils/plot_model.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/operations/arithmetic.h"
#include "tests/keras/expect_error.h"

namespace cornu::keras::utils {
namespace {

using cornu::tests::error_text;
using layers::Dense;
using layers::Input;
using testing::HasSubstr;
namespace fs = std::filesystem;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

models::Model residual() {
  const auto x = Input({.shape = {4}, .name = "x"});
  const auto y = Dense(4, {.activation = "relu", .name = "branch"})(x);
  return models::Model(x, Dense(2, {.name = "out"})(layers::Add({.name = "sum"})({x, y})), "residual");
}

constexpr const char* kTable = R"(label=<<table border="0" cellborder="1" bgcolor="black" cellpadding="10">)"
                               R"(<tr><td colspan="1" bgcolor="black"><font point-size="16" color="white"><b>)";
constexpr const char* kEnd = "</font></td></tr></table>>, fontname=Helvetica, border=0, margin=0];\n";

// The text of Keras 3.15's model_to_dot with its numbers of objects replaced by 1, 2, ….
TEST(ModelToDot, IsKerasText) {
  const std::string table = kTable, end = kEnd;
  EXPECT_EQ(model_to_dot(residual()),
            "digraph G {\nrankdir=TB;\nconcentrate=true;\ndpi=200;\nsplines=ortho;\nnode [shape=record];\n"
            "1 [" +
                table + "x</b> (InputLayer)" + end + "2 [" + table + "branch</b> (Dense)" + end + "3 [" + table +
                "sum</b> (Add)" + end + "4 [" + table + "out</b> (Dense)" + end +
                "1 -> 2 [penwidth=2];\n1 -> 3 [penwidth=2];\n2 -> 3 [penwidth=2];\n3 -> 4 [penwidth=2];\n}\n");
}

TEST(ModelToDot, ShowsShapesTypesActivationsAndWhatIsTrained) {
  models::Model model = residual();
  model.get_layer("out")->set_trainable(false);
  const std::string text = model_to_dot(model, {.show_shapes = true,
                                                .show_dtype = true,
                                                .show_layer_names = false,
                                                .rankdir = "LR",
                                                .dpi = 96,
                                                .show_layer_activations = true,
                                                .show_trainable = true});
  EXPECT_THAT(text, HasSubstr("rankdir=LR;\nconcentrate=true;\ndpi=96;"));
  EXPECT_THAT(text,
              HasSubstr("<b>Add</b></font></td></tr><tr><td bgcolor=\"white\"><font point-size=\"14\">Input shape: "
                        "<b>[(None, 4), (None, 4)]</b></font></td>"));
  EXPECT_THAT(text, HasSubstr("Output shape: <b>(None, 2)</b>"));
  EXPECT_THAT(text, HasSubstr("Activation: <b>relu</b>"));
  EXPECT_THAT(text, HasSubstr("Activation: <b>linear</b>"));
  EXPECT_EQ(count(text, "Output dtype: <b>float32</b>"), 4u);
  EXPECT_EQ(count(text, "Input shape"), 3u);  // not of the input
  EXPECT_EQ(count(text, "<b>Trainable</b>"), 1u);
  EXPECT_EQ(count(text, "<b>Non-trainable</b>"), 1u);
  EXPECT_EQ(count(text, "colspan=\"4\""), 6u);
}

TEST(ModelToDot, ExpandsNestedModels) {
  const models::Sequential row({Dense(3, {.name = "first", .input_shape = {4}}), Dense(4, {.name = "second"})}, "row");
  models::Model inner = residual();
  const auto x = Input({.shape = {4}, .name = "outer_x"});
  const auto y = inner(row(x));
  const models::Model model({.inputs = x, .outputs = Dense(1, {.name = "end"})(y * 0.5), .name = "outer"});
  const std::string plain = model_to_dot(model);
  EXPECT_THAT(plain, HasSubstr("row</b> (Sequential)"));
  EXPECT_THAT(plain, HasSubstr("residual</b> (Functional)"));
  EXPECT_THAT(plain, HasSubstr("(Multiply)"));
  EXPECT_EQ(count(plain, " -> "), 4u);
  const std::string text = model_to_dot(model, {.expand_nested = true});
  EXPECT_THAT(text, HasSubstr("subgraph \"cluster_row\" {\nstyle=dashed;\nlabel=\"row\";\nlabeljust=l;\n"));
  EXPECT_THAT(text, HasSubstr("subgraph \"cluster_residual\" {"));
  EXPECT_THAT(text, testing::Not(HasSubstr("(Sequential)")));
  // outer_x 1, first 2, second 3, x 4, branch 5, sum 6, out 7, the product 8, end 9
  for (const char* edge :
       {"1 -> 2 ", "2 -> 3 ", "3 -> 4 ", "4 -> 5 ", "4 -> 6 ", "5 -> 6 ", "6 -> 7 ", "7 -> 8 ", "8 -> 9 "})
    EXPECT_EQ(count(text, std::string("\n") + edge), 1u) << edge << text;
  EXPECT_EQ(count(text, " -> "), 9u);
}

struct Own : models::Network {
  Shared<layers::Layer> dense = add_layer(Dense(2), "dense");
  Tensor call(const Tensor& x, Context& ctx) override { return dense(x, ctx); }
};

TEST(ModelToDot, OfAModelOfOnesOwnIsOneBox) {
  models::Model model(share(Own()));
  EXPECT_THAT(error_text<ValueError>([&] { model_to_dot(model); }), HasSubstr("has not been built"));
  model.build({kUnknown, 3});
  const std::string text = model_to_dot(model, {.show_shapes = true});
  EXPECT_EQ(count(text, "[label="), 1u);
  EXPECT_THAT(text, HasSubstr("Input shape: <b>(None, 3)</b>"));
  EXPECT_THAT(text, HasSubstr("Output shape: <b>(None, 2)</b>"));
}

TEST(ModelToDot, EscapesNamesAndTakesOnlyWords) {
  const models::Sequential model({Dense(1, {.name = "a<b>&c", .input_shape = {1}})});
  EXPECT_THAT(model_to_dot(model), HasSubstr("<b>a&lt;b&gt;&amp;c</b>"));
  EXPECT_EQ(error_text<ValueError>([&] { model_to_dot(model, {.rankdir = "TB; x"}); }),
            "model_to_dot: rankdir needs to be a word of Graphviz, got 'TB; x'");
}

struct Folder {
  fs::path path = fs::temp_directory_path() / ("plot_model_test_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(PlotModel, WritesTheTextWithoutGraphviz) {
  const Folder folder;
  plot_model(residual(), {.to_file = folder.path / "m.dot", .show_layer_names = true});
  EXPECT_EQ(contents(folder.path / "m.dot"), model_to_dot(residual()));
}

TEST(PlotModel, DrawsWithGraphviz) {
  if (std::system("dot -V >/dev/null 2>&1") != 0) GTEST_SKIP() << "Graphviz is not installed";
  const Folder folder;
  plot_model(residual(), {.to_file = folder.path / "a b.svg", .show_shapes = true, .show_layer_names = true});
  EXPECT_THAT(contents(folder.path / "a b.svg"),
              testing::AllOf(HasSubstr("<svg"), HasSubstr("branch"), HasSubstr("(None, 2)")));
  plot_model(residual(), {.to_file = folder.path / "plain", .dpi = 50});
  EXPECT_THAT(contents(folder.path / "plain"), testing::StartsWith("\x89PNG"));
  EXPECT_THAT(error_text<IoError>([&] { plot_model(residual(), {.to_file = folder.path / "m.nothing"}); }),
              HasSubstr("plot_model: 'dot -Tnothing' failed: Format: \"nothing\" not recognized"));
  EXPECT_FALSE(fs::exists(folder.path / "m.nothing"));
}

TEST(PlotModel, SaysThatGraphvizIsMissing) {
  const Folder folder;
  const std::string path = std::getenv("PATH") == nullptr ? "" : std::getenv("PATH");
  ::setenv("PATH", folder.path.c_str(), 1);
  EXPECT_EQ(
      error_text<IoError>([&] { plot_model(residual(), {.to_file = folder.path / "m.svg"}); }),
      "plot_model: the program 'dot' is not there; install Graphviz (apt-get install graphviz), or give .to_file a "
      "name that ends in .dot");
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_FALSE(fs::exists(folder.path / "m.svg"));
}

}  // namespace
}  // namespace cornu::keras::utils

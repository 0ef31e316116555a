#include "cornu/keras/onnx/load_model.h"

#include <gmock/gmock.h>

#include "cornu/graph/array/random.h"
#include "cornu/io/onnx/model.h"
#include "cornu/keras/layers/activations/softmax.h"
#include "cornu/keras/layers/convolutional/conv.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/pooling/global_pooling.h"
#include "cornu/keras/layers/preprocessing/hashing.h"
#include "cornu/keras/layers/preprocessing/string_lookup.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/onnx/exporter.h"
#include "cornu/keras/onnx/importer.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/eltwise.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::onnx {
namespace {

using io::onnx::Node;
using io::onnx::Value;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::some;
using tests::TemporaryFolder;

const bool graph_layer_needs_no_sample = tests::register_without_sample("ONNXGraph");

std::vector<std::string> classes_of(const models::Model& model) {
  std::vector<std::string> names;
  for (const auto& layer : model.layers()) names.push_back(layer->class_name());
  return names;
}

/// A graph of float inputs and outputs (N, …).
class OnnxGraph : public testing::Test {
 protected:
  void input(const std::string& name, std::vector<std::int64_t> lengths) {
    graph().inputs.push_back({name, "tensor", 1, shape(lengths)});
  }
  void output(const std::string& name) { graph().outputs.push_back({name, "tensor", 1, std::nullopt}); }
  void weight(const std::string& name, const Array& value) { graph().initializers.emplace_back(name, value); }
  void node(Node node) { graph().nodes.push_back(std::move(node)); }
  io::onnx::Graph& graph() { return model_.graph; }
  models::Model load() {
    model_.opsets[""] = opset_;
    io::onnx::write(path_, model_);
    return load_model(path_);
  }
  static std::vector<io::onnx::Dimension> shape(const std::vector<std::int64_t>& lengths) {
    std::vector<io::onnx::Dimension> shape{{kUnknown, "N"}};
    for (const std::int64_t length : lengths) shape.push_back({length});
    return shape;
  }

  io::onnx::Model model_;
  std::int64_t opset_ = 18;
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "g.onnx";
};

TEST_F(OnnxGraph, IsDenseWhereAProductIsFollowedByAVector) {
  input("x", {2}), output("y");
  const Array w{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}, b{0.5f, -100.f, 0.f};
  weight("w", w), weight("b", b);
  node({"MatMul", {"x", "w"}, {"xw"}, {}, "fc"}), node({"Add", {"b", "xw"}, {"sum"}}), node({"Relu", {"sum"}, {"y"}});
  const models::Model model = load();
  EXPECT_THAT(classes_of(model), ElementsAre("InputLayer", "Dense", "Activation"));
  EXPECT_THAT(model.input_names(), ElementsAre("x"));
  EXPECT_THAT(model.output_names(), ElementsAre("y"));
  EXPECT_TRUE(array_equal(model.predict(Array{{1.f, 1.f}}), Array{{5.5f, 0.f, 9.f}}));
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 3}));
}

TEST_F(OnnxGraph, IsSavedWhereAllAreLayersOfKeras) {
  input("x", {3, 8, 8}), output("y");
  weight("k", some({4, 3, 3, 3})), weight("c", some({4}));
  weight("fc", some({5, 4})), weight("fb", some({5}));
  node({"Conv",
        {"x", "k", "c"},
        {"a"},
        {{"pads", std::vector<std::int64_t>{1, 1, 1, 1}}, {"strides", std::vector<std::int64_t>{2, 2}}}});
  node({"GlobalAveragePool", {"a"}, {"p"}}), node({"Flatten", {"p"}, {"f"}});
  node({"Gemm", {"f", "fc", "fb"}, {"g"}, {{"transB", 1}}}), node({"Softmax", {"g"}, {"y"}});
  models::Model model = load();
  EXPECT_THAT(classes_of(model), ElementsAre("InputLayer", "ZeroPadding2D", "Conv2D", "GlobalAveragePooling2D",
                                             "Flatten", "Dense", "Softmax"));
  const Array x = some({6, 3, 8, 8}, 3), y = model.predict(x);
  EXPECT_TRUE(allclose(y, compute(path_, {x})[0], 1e-5, 1e-6));
  model.save(folder_ / "m.h5");
  EXPECT_TRUE(array_equal(models::load_model(folder_ / "m.h5").predict(x), y));
}

TEST_F(OnnxGraph, IsALayerOfOpsWhereKerasHasNone) {
  input("x", {4}), output("y");
  weight("scale", Array{1.f, 2.f, 3.f, 4.f});
  node({"Mul", {"x", "scale"}, {"m"}}), node({"Neg", {"m"}, {"y"}});
  models::Model model = load();
  EXPECT_THAT(classes_of(model), ElementsAre("InputLayer", "ONNXGraph", "Identity"));
  EXPECT_TRUE(array_equal(model.predict(Array{{1.f, 1.f, 1.f, 1.f}}), Array{{-1.f, -2.f, -3.f, -4.f}}));
  ASSERT_EQ(model.trainable_weights().size(), 1u);
  model.compile({.optimizer = "sgd", .loss = "mse"});
  const double before = model.evaluate(some({8, 4}), graph::zeros({8, 4}), {.verbose = 0})["loss"];
  model.fit(some({8, 4}), graph::zeros({8, 4}), {.epochs = 5, .verbose = 0});
  EXPECT_LT(model.evaluate(some({8, 4}), graph::zeros({8, 4}), {.verbose = 0})["loss"], before);
  EXPECT_THAT(error_text<ValueError>([&] { model.save(folder_ / "m.h5"); }),
              HasSubstr("cannot be saved in a file of Keras: it is a part of an ONNX graph that no layer of Keras "
                        "does. Write the model with export_model"));
  model.export_model(folder_ / "again.onnx");
  EXPECT_TRUE(
      allclose(load_model(folder_ / "again.onnx").predict(some({8, 4})), model.predict(some({8, 4})), 1e-6, 1e-6));
}

// Shape, Gather, Concat and Reshape, as exporters write a view of the batch.
TEST_F(OnnxGraph, FollowsShapesThatAreComputed) {
  input("x", {2, 3}), output("y");
  weight("zero", graph::full({}, 0, graph::int64)), weight("rest", Array{std::int64_t{-1}}),
      weight("axis", Array{std::int64_t{0}});
  node({"Relu", {"x"}, {"r"}});
  node({"Shape", {"x"}, {"s"}}), node({"Gather", {"s", "zero"}, {"n"}}), node({"Unsqueeze", {"n", "axis"}, {"n1"}});
  node({"Concat", {"n1", "rest"}, {"to"}, {{"axis", 0}}}), node({"Reshape", {"r", "to"}, {"y"}});
  const models::Model model = load();
  EXPECT_EQ(model.output_shape(), (Shape{kUnknown, 6}));
  const Array x = graph::arange(0, 18).reshape({3, 2, 3});
  EXPECT_TRUE(array_equal(model.predict(x), x.reshape({3, 6})));
  EXPECT_TRUE(array_equal(model.predict(Array(x.slice(0, 1))), Array(x.slice(0, 1)).reshape({1, 6})));
}

TEST_F(OnnxGraph, BodiesReadWhatIsAround) {
  input("x", {2}), output("y");
  weight("steps", graph::full({}, 3, graph::int64)), weight("w", Array{{1.f, 1.f}, {0.f, 1.f}});
  auto body = std::make_shared<io::onnx::Graph>();
  body->inputs = {{"i", "tensor", 7}, {"c", "tensor", 9}, {"h", "tensor", 1}};
  body->nodes = {{"Identity", {"c"}, {"c_out"}}, {"MatMul", {"h", "w"}, {"h_out"}}};
  body->outputs = {{"c_out", "tensor", 9}, {"h_out", "tensor", 1}};
  node({"Loop", {"steps", "", "x"}, {"y"}, {{"body", std::shared_ptr<const io::onnx::Graph>(body)}}});
  EXPECT_TRUE(array_equal(load().predict(Array{{1.f, 0.f}}), Array{{1.f, 3.f}}));
}

TEST_F(OnnxGraph, NamesOperatorsThatAreNotKnown) {
  input("x", {2}), output("y");
  node({"Frobnicate", {"x"}, {"y"}, {}, "n"});
  EXPECT_EQ(error_text<ValueError>([&] { load(); }),
            "[" + path_.string() +
                "] node \"n\" (Frobnicate): the operator \"Frobnicate\" of opset 18 is not known. "
                "onnx::add_import(\"Frobnicate\", …) makes it known (cornu/keras/onnx/importer.h)");
}

TEST_F(OnnxGraph, TakesOperatorsOfOnesOwn) {
  static const bool known = add_import(
      "CubeOfLoadModelTest", [](ImportCall& c) -> Tensors { return {ops::power(c.in(), 3) * c.number("factor", 1)}; });
  ASSERT_TRUE(known);
  EXPECT_THAT(error_text<ValueError>([] { add_import("Relu", nullptr); }),
              HasSubstr("\"Relu\" is computed has been said already"));
  input("x", {1}), output("y");
  node({"CubeOfLoadModelTest", {"x"}, {"y"}, {{"factor", 2.0}}});
  EXPECT_TRUE(allclose(load().predict(Array{{2.f}}), Array{{16.f}}));
}

TEST_F(OnnxGraph, FunctionsOfTheFile) {
  input("x", {2}), output("y");
  io::onnx::Function function{"own", "Twice", {"a"}, {"b"}, {}, {}, {{"", 18}}};
  function.defaults["alpha"] = io::onnx::Attribute(0.5);
  io::onnx::Attribute alpha;
  alpha.reference = "alpha";
  function.nodes = {{"LeakyRelu", {"a"}, {"t"}, {{"alpha", alpha}}}, {"Add", {"t", "t"}, {"b"}}};
  model_.functions = {function};
  model_.opsets["own"] = 1;
  node({"Twice", {"x"}, {"y"}, {}, "", "own"});
  EXPECT_TRUE(array_equal(load().predict(Array{{-1.f, 3.f}}), Array{{-1.f, 6.f}}));
  function.nodes.insert(function.nodes.begin(), {"Twice", {"a"}, {"u"}, {}, "", "own"});  // a function of itself
  model_.functions = {function};
  EXPECT_THAT(error_text<ValueError>([&] { load(); }), HasSubstr("within each other are more than 64 deep"));
}

TEST_F(OnnxGraph, SaysWhatDoesNotFit) {
  input("x", {2}), output("y");
  weight("w", some({3, 2}));
  node({"MatMul", {"x", "w"}, {"y"}, {}, "product"});
  EXPECT_THAT(error_text<ShapeError>([&] { load(); }),
              HasSubstr("] node \"product\" (MatMul): matmul: the inner axes differ"));
}

TEST_F(OnnxGraph, SaysWhatMustBeKnown) {
  input("x", {2, 3}), output("y");
  graph().inputs.push_back({"to", "tensor", 7, std::vector<io::onnx::Dimension>{{2}}});
  node({"Reshape", {"x", "to"}, {"y"}, {}, "view"});
  EXPECT_THAT(error_text<ValueError>([&] { load(); }),
              HasSubstr("node \"view\" (Reshape): what it reads must be known before the model runs, and depends on "
                        "the model's inputs"));
  EXPECT_TRUE(
      array_equal(compute(path_, {graph::arange(0, 6).reshape({1, 2, 3}), Array{std::int64_t{2}, std::int64_t{3}}})[0],
                  graph::arange(0, 6).reshape({2, 3})));
  EXPECT_THAT(error_text<ValueError>([&] { compute(path_, {}); }), HasSubstr("the graph takes 2 inputs, got 0"));
}

TEST_F(OnnxGraph, WantsAnAxisOfSamples) {
  graph().inputs = {{"x", "tensor", 1, std::vector<io::onnx::Dimension>{}}};
  output("y"), node({"Neg", {"x"}, {"y"}});
  EXPECT_THAT(error_text<ShapeError>([&] { load(); }), HasSubstr("input \"x\" has no axis of samples in front"));
  graph().inputs = {{"x", "sequence"}};
  EXPECT_THAT(error_text<TypeError>([&] { load(); }), HasSubstr("input \"x\""));
}

TEST(OnnxModel, ComesBackAsItWas) {
  const auto in = layers::Input({.shape = {12, 12, 3}, .name = "picture"});
  auto x = layers::Conv2D(8, 3, {.strides = 2, .padding = "same", .activation = "relu"})(in);
  x = layers::BatchNormalization()(x);
  x = layers::GlobalAveragePooling2D()(x);
  models::Model model(in, layers::Dense(3, {.activation = "softmax", .name = "kind"})(x));
  const TemporaryFolder folder;
  model.export_model(folder / "m.onnx", {.format = "onnx"});
  const models::Model again = load_model(folder / "m.onnx");
  EXPECT_THAT(again.input_names(), ElementsAre("picture"));
  EXPECT_THAT(again.output_names(), ElementsAre("kind"));
  for (const std::int64_t samples : {1, 2, 33}) {
    const Array pictures = some({samples, 12, 12, 3});
    EXPECT_TRUE(allclose(again.predict(pictures), model.predict(pictures), 1e-5, 1e-6));
  }
  model.export_model(folder / "n.onnx");
  EXPECT_EQ(tests::read_text(folder / "m.onnx"), tests::read_text(folder / "n.onnx"));
}

TEST(OnnxModel, OfSeveralInputsAndUnknownLengths) {
  const auto a = layers::Input({.shape = {kUnknown, 4}, .name = "a"}), b = layers::Input({.shape = {5}, .name = "b"});
  const auto last = layers::LSTM(5)(a);
  const auto all = layers::LSTM(3, {.return_sequences = true})(a);
  models::Model model({.inputs = {a, b}, .outputs = {last, layers::Dense(2)(b), all}});
  const TemporaryFolder folder;
  model.export_model(folder / "m.onnx");
  const models::Model again = load_model(folder / "m.onnx");
  for (const std::int64_t steps : {1, 7}) {
    const Arrays x({some({6, steps, 4}), some({6, 5}, 2)});
    const auto want = model.predict(x).arrays(), got = again.predict(x).arrays();
    for (std::size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(allclose(got[i], want[i], 1e-5, 1e-6));
  }
}

// Also a model that was made for so many samples computes any number, as long as no layer keeps something of each.
TEST(OnnxModel, TheBatchIsFree) {
  const auto in = layers::Input({.shape = {4, 3}, .batch_size = 16});
  models::Model model(in, layers::LSTM(2)(in));
  const TemporaryFolder folder;
  model.export_model(folder / "m.onnx");
  EXPECT_EQ(io::onnx::read(folder / "m.onnx").graph.inputs[0].shape->at(0).name, "N");
  const Array x = some({16, 4, 3});
  const models::Model again = load_model(folder / "m.onnx");
  EXPECT_TRUE(allclose(again.predict(Array(x.slice(0, 3))), model.predict(x).slice(0, 3), 1e-5, 1e-6));
}

TEST(OnnxModel, SaysWhatCannotBeWritten) {
  const TemporaryFolder folder;
  const auto in = layers::Input({.shape = {3}});
  models::Model model(in, layers::Dense(2)(in), "m");
  EXPECT_EQ(error_text<ValueError>([&] { model.export_model(folder / "m", {.format = "tf_saved_model"}); }),
            "export_model: expected the format 'onnx', got 'tf_saved_model'");
  const auto steps = layers::Input({.shape = {4, 3}, .batch_size = 2});
  models::Model stateful(steps, layers::LSTM(2, {.stateful = true})(steps), "s");
  EXPECT_THAT(error_text<ValueError>([&] { stateful.export_model(folder / "m"); }),
              HasSubstr("export_model: model \"s\" keeps a state between calls"));
  const auto number = layers::Input({.shape = {1}, .dtype = "int32"});
  models::Model hashing(number, layers::Hashing(3, {.name = "h"})(number), "s");
  EXPECT_THAT(error_text<ValueError>([&] { hashing.export_model(folder / "m"); }),
              HasSubstr("onnx: [s/h] the op \"hash_bucket\" hashes (SipHash, or Google's fingerprint)"));
  const auto word = layers::Input({.shape = {1}, .dtype = "string"});
  models::Model lookup(word, layers::StringLookup({.vocabulary = {"a"}, .name = "l"})(word), "s");
  EXPECT_THAT(error_text<ValueError>([&] { lookup.export_model(folder / "m"); }),
              HasSubstr("onnx: [s/l] the op \"read_texts\" reads texts"));
  EXPECT_FALSE(std::filesystem::exists(folder / "m"));
  EXPECT_THAT(error_text<ValueError>([] { add_export("relu", nullptr); }),
              HasSubstr("how the op \"relu\" is written has been said already"));
}

}  // namespace
}  // namespace cornu::keras::onnx

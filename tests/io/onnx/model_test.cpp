#include "cornu/io/onnx/model.h"

#include <gmock/gmock.h>

#include <cstring>

#include "tests/io/mutations.h"

namespace cornu::io::onnx {
namespace {

namespace fs = std::filesystem;
using graph::FormatError;
using graph::IoError;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;

Value float_value(const std::string& name, std::vector<Dimension> shape) {
  return {name, "tensor", 1, std::move(shape)};
}

/// y = relu(x w) with a branch that is never taken: something of each kind that files hold.
Model small_model() {
  Model model;
  model.opsets[""] = 18;
  model.producer = "test";
  model.metadata["author"] = "nobody";
  auto branch = std::make_shared<Graph>();
  branch->name = "branch";
  branch->nodes = {{"Neg", {"xw"}, {"negative"}}};
  branch->outputs = {float_value("negative", {})};
  Graph& graph = model.graph;
  graph.name = "small";
  graph.inputs = {float_value("x", {{graph::kUnknown, "N"}, {2}})};
  graph.outputs = {float_value("y", {{graph::kUnknown, "N"}, {3}})};
  graph.initializers = {{"w", Array{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}}, {"yes", graph::full({}, 1, graph::bool_)}};
  graph.nodes = {
      {"MatMul", {"x", "w"}, {"xw"}, {}, "product"},
      {"Relu",
       {"xw"},
       {"r"},
       {{"a_float", 0.5}, {"an_int", 3}, {"a_text", "word"}, {"ints", std::vector<std::int64_t>{1, 2}}}},
      {"If",
       {"yes"},
       {"z"},
       {{"then_branch", std::shared_ptr<const Graph>(branch)}, {"else_branch", std::shared_ptr<const Graph>(branch)}}},
      {"Add",
       {"r", "z"},
       {"y"},
       {{"a_tensor", Array{std::int64_t{7}}},
        {"floats", std::vector<float>{1.f}},
        {"texts", std::vector<std::string>{"a", "b"}}}}};
  return model;
}

TEST(OnnxFile, RoundTrip) {
  const Model model = small_model();
  const std::string bytes = serialize(model);
  const Model again = parse(bytes);
  EXPECT_EQ(serialize(again), bytes);
  EXPECT_EQ(again.opsets.at(""), 18);
  EXPECT_EQ(again.metadata.at("author"), "nobody");
  ASSERT_EQ(again.graph.nodes.size(), 4u);
  EXPECT_EQ(again.graph.nodes[0].name, "product");
  EXPECT_EQ(std::get<std::int64_t>(again.graph.nodes[1].attributes.at("an_int").value), 3);
  EXPECT_EQ(std::get<std::string>(again.graph.nodes[1].attributes.at("a_text").value), "word");
  EXPECT_EQ(
      std::get<std::shared_ptr<const Graph>>(again.graph.nodes[2].attributes.at("then_branch").value)->nodes[0].op_type,
      "Neg");
  EXPECT_TRUE(array_equal(again.graph.initializers[0].second, model.graph.initializers[0].second));
  EXPECT_EQ(again.graph.inputs[0].shape->at(0).name, "N");
  EXPECT_EQ(again.graph.inputs[0].shape->at(1).length, 2);
}

TEST(OnnxFile, IsReplacedAsAWhole) {
  const TemporaryFolder folder;
  write(folder / "m.onnx", small_model());
  EXPECT_EQ(read(folder / "m.onnx").graph.name, "small");
  EXPECT_THAT(error_text<IoError>([&] { write(folder / "none" / "m.onnx", small_model()); }), HasSubstr("none"));
  EXPECT_THAT(error_text<IoError>([&] { read(folder / "absent.onnx"); }), HasSubstr("absent.onnx"));
}

TEST(OnnxFile, ReadsBfloat16AndEveryDtype) {
  Model model = small_model();
  model.graph.initializers = {{"w", Array{{1.f, 2.f, 3.f}, {4.f, 5.f, 6.f}}},
                              {"yes", graph::full({}, 1, graph::bool_)}};
  for (const graph::DType dtype : {graph::uint8, graph::int32, graph::int64, graph::float64})
    model.graph.initializers.emplace_back(std::string(graph::name_of(dtype)),
                                          graph::arange(0, 5, 1, graph::float64).astype(dtype));
  const Model again = parse(serialize(model));
  for (std::size_t i = 2; i < again.graph.initializers.size(); ++i) {
    EXPECT_EQ(again.graph.initializers[i].second.dtype(), model.graph.initializers[i].second.dtype());
    EXPECT_TRUE(array_equal(again.graph.initializers[i].second, model.graph.initializers[i].second));
  }
  EXPECT_EQ(name_of_type(10), "float16");
  EXPECT_EQ(name_of_type(99), "type 99");
  EXPECT_EQ(dtype_of_type(3), std::nullopt);
}

/// The field of a message with that number, of bytes: for what the writer does not write.
std::string field(int number, const std::string& bytes) {
  std::string head;
  const auto put = [&](std::size_t value) {
    for (; value >= 128; value >>= 7) head += static_cast<char>(value & 127 | 128);
    head += static_cast<char>(value);
  };
  put(static_cast<std::size_t>(number) << 3 | 2), put(bytes.size());
  return head + bytes;
}
std::string number(int field_number, std::uint64_t value) {
  std::string bytes;
  for (const std::uint64_t part : {static_cast<std::uint64_t>(field_number) << 3, value}) {
    std::uint64_t rest = part;
    for (; rest >= 128; rest >>= 7) bytes += static_cast<char>(rest & 127 | 128);
    bytes += static_cast<char>(rest);
  }
  return bytes;
}
std::string model_with(const std::string& tensor) {
  return number(1, 8) + field(8, number(2, 18)) + field(7, field(5, tensor));
}
std::string entry(const std::string& key, const std::string& value) {
  return field(13, field(1, key) + field(2, value));
}

TEST(OnnxFile, ReadsFloat16AndLists) {
  const std::string halves("\x00\x3c\x00\xc1", 4);  // 1, -2.5
  const Array a = parse(model_with(number(1, 2) + number(2, 10) + field(8, "h") + field(9, halves)))
                      .graph.initializers.at(0)
                      .second;
  EXPECT_TRUE(array_equal(a, Array{1.f, -2.5f}));
  const Array b = parse(model_with(number(1, 2) + number(2, 7) + field(7, std::string("\x05\x06"))))
                      .graph.initializers.at(0)
                      .second;
  EXPECT_TRUE(array_equal(b, Array{std::int64_t{5}, std::int64_t{6}}));
}

TEST(OnnxFile, RefusesNumbersThatDoNotFit) {
  const auto of = [](const std::string& tensor) {
    return error_text<FormatError>([&] { parse(model_with(tensor), "f"); });
  };
  EXPECT_EQ(of(number(1, 3) + number(2, 1) + field(8, "w") + field(9, "1234")),
            "[f] tensor \"w\" of shape (3,) and type float needs 12 bytes, got 4");
  EXPECT_EQ(of(number(1, 3) + number(2, 7) + field(8, "w") + field(7, "\x01")),
            "[f] tensor \"w\" of shape (3,) needs 3 numbers, got 1");
  EXPECT_THAT(of(number(1, std::uint64_t{1} << 62) + number(2, 1) + field(8, "w")), HasSubstr("is too large"));
  EXPECT_THAT(of(number(1, ~std::uint64_t{0}) + number(2, 1) + field(8, "w")), HasSubstr("has a negative length, -1"));
  EXPECT_EQ(error_text<graph::TypeError>([&] { parse(model_with(number(2, 3) + field(8, "w") + field(9, "1")), "f"); }),
            "[f] tensor \"w\" is of the type int8, which arrays do not have");
}

TEST(OnnxFile, KeepsToItsFolder) {
  const TemporaryFolder folder;
  fs::create_directories(folder / "models");
  const fs::path file = folder / "models/m.onnx";
  tests::write_text(folder / "models/w.bin", std::string(20, '\0'));
  tests::write_text(folder / "secret.bin", std::string(20, '\0'));
  fs::create_symlink(folder / "secret.bin", folder / "models/link.bin");
  const auto with = [&](const std::string& entries) {
    tests::write_text(file, model_with(number(1, 3) + number(2, 1) + field(8, "w") + number(14, 1) + entries));
  };
  with(entry("location", "w.bin") + entry("offset", "4") + entry("length", "12"));
  EXPECT_TRUE(array_equal(read(file).graph.initializers.at(0).second, graph::zeros({3})));
  for (const char* outside : {"../secret.bin", "/etc/passwd", "link.bin", "a/../../secret.bin", ""}) {
    with(entry("location", outside));
    EXPECT_THAT(error_text<FormatError>([&] { read(file); }), HasSubstr("is not a file in the model's folder"))
        << outside;
  }
  with(entry("location", "w.bin") + entry("offset", "12"));
  EXPECT_THAT(error_text<FormatError>([&] { read(file); }),
              HasSubstr("needs 12 bytes; \"w.bin\" is to have 12 from 12 on and has 20"));
  with(entry("location", "w.bin") + entry("offset", "x"));
  EXPECT_THAT(error_text<FormatError>([&] { read(file); }), HasSubstr("the offset 'x', which is no number"));
  with(entry("location", "absent.bin"));
  EXPECT_THAT(error_text<IoError>([&] { read(file); }), HasSubstr("absent.bin"));
  EXPECT_THAT(error_text<FormatError>([&] { parse(tests::read_text(file), "f"); }),
              HasSubstr("which is not read here"));
}

TEST(OnnxFile, RefusesGraphsWithoutAnOrder) {
  const auto of = [](Model model) { return error_text<FormatError>([&] { parse(serialize(model), "f"); }); };
  Model cyclic = small_model();
  cyclic.graph.nodes[0].inputs[0] = "r";
  EXPECT_EQ(of(cyclic),
            "[f] node \"product\" (MatMul) reads \"r\", which no input, no weight and no node before it gives");
  Model twice = small_model();
  twice.graph.nodes[1].outputs[0] = "xw";
  EXPECT_THAT(of(twice), HasSubstr("gives \"xw\", which is there already"));
  Model headless = small_model();
  headless.graph.outputs[0].name = "nothing";
  EXPECT_EQ(of(headless), "[f] nothing gives the output \"nothing\"");
  Model no_opset = small_model();
  no_opset.opsets.clear();
  EXPECT_EQ(of(no_opset), "[f] is no ONNX file: it has no version of its operators");
  EXPECT_THAT(error_text<FormatError>([] { parse("not a model", "f"); }), HasSubstr("[f] is no ONNX file"));
}

TEST(OnnxFile, DamagedFilesGiveClearErrors) {
  const std::string bytes = serialize(small_model());
  const TemporaryFolder folder;
  int refused = 0;
  tests::MemoryLimit limit(std::size_t{256} << 20);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (const int change : {0x01, 0x80, 0xff, 0x10, -1}) {
      std::string changed = change < 0 ? bytes.substr(0, i) : bytes;
      if (change > 0) changed[i] = static_cast<char>(changed[i] ^ change);
      try {
        parse(changed, "damaged");
      } catch (const graph::Error& e) {
        EXPECT_THAT(e.what(), HasSubstr("[damaged]"));
        ++refused;
      } catch (const std::exception& e) {
        ADD_FAILURE() << "byte " << i << " xor " << change << ": " << e.what();
      }
    }
  EXPECT_GT(refused, static_cast<int>(bytes.size()));
}

}  // namespace
}  // namespace cornu::io::onnx

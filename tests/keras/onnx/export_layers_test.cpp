// Every registered layer as ONNX, of the examples that the classes' own tests register. What runtimes make of them is
// checked by scripts/check_onnx.sh, for which this writes the files; nothing is to be added for a new layer.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "cornu/io/npy/npy.h"
#include "cornu/io/onnx/model.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/preprocessing/vocabulary.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/config_json.h"
#include "tests/io/temporary_folder.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

namespace fs = std::filesystem;

Shared<layers::Layer> onnx_sample(const tests::KerasSample& sample) {
  std::string config = sample.example.config.empty() ? sample.config : sample.example.config;
  if (const auto at = config.find("BASE"); at != std::string::npos)
    config.replace(at, 4, R"("name": "sample", "trainable": true)");
  return saving::deserialize(layers::registry(),
                             R"({"class_name": ")" + sample.class_name + R"(", "config": )" + config + "}");
}

/// The layer alone, for lengths that are unknown where it allows them.
models::Model onnx_model(const Shared<layers::Layer>& layer, const tests::LayerExample& example) {
  std::vector<KerasTensor> x;
  for (const Array& input : example.inputs) {
    Shape shape = input.shape();
    for (const int axis : example.free_axes)
      if (axis < shape.rank()) shape[axis] = kUnknown;
    const bool texts = layer.as<layers::TextLayer>() && input.dtype() == uint8;
    x.push_back(
        texts ? layers::Input({.shape = shape.drop_front().drop_back(), .dtype = "string"})
              : layers::Input({.shape = shape.drop_front(), .dtype = std::string(graph::name_of(input.dtype()))}));
  }
  return models::Model({.inputs = x, .outputs = (x.size() == 1 ? layer(x[0]) : layer(x)).outputs(), .name = "m"});
}

void save_arrays(const fs::path& folder, const char* name, const std::vector<Array>& arrays) {
  for (std::size_t i = 0; i < arrays.size(); ++i)
    io::npy::save(folder / (name + std::to_string(i) + ".npy"), arrays[i]);
}

/// More samples than one batch has that a trace is made with, and fewer steps.
void save_calls(const fs::path& folder, const models::Model& model, const tests::LayerExample& example) {
  std::vector<Array> more, shorter;
  for (const Array& x : example.inputs) {
    more.push_back(graph::concatenate({x, x, Array(x.slice(0, 1))}));
    Array less = x;
    for (const int axis : example.free_axes)
      if (axis < x.ndim()) less = Array(less.slice(0, x.shape()[axis] - 1, 1, axis)).copy();
    shorter.push_back(less);
  }
  save_arrays(folder, "x", more);
  save_arrays(folder, "y", model.predict(Arrays(more), {.batch_size = 64}).arrays());
  if (example.free_axes.empty()) return;
  save_arrays(folder, "short_x", shorter);
  save_arrays(folder, "short_y", model.predict(Arrays(shorter), {.batch_size = 64}).arrays());
}

TEST(OnnxExport, WritesEveryLayer) {
  const char* given = std::getenv("CORNU_ONNX_FILES");
  const tests::TemporaryFolder temporary;
  int written = 0;
  for (tests::KerasSample sample : tests::keras_samples("layer")) {
    if (sample.example.inputs.empty()) continue;
    SCOPED_TRACE(sample.class_name);
    const fs::path folder = given != nullptr ? fs::path(given) / sample.class_name : temporary / "layer";
    fs::create_directories(folder);
    models::Model model = onnx_model(onnx_sample(sample), sample.example);
    try {
      model.export_model(folder / "model.onnx");
    } catch (const ValueError&) {  // what it computes may not follow unknown lengths in a way that ONNX can be told
      sample.example.free_axes.clear();
      model = onnx_model(onnx_sample(sample), sample.example);
    }
    try {
      model.export_model(folder / "model.onnx");
      const io::onnx::Model file = io::onnx::read(folder / "model.onnx");
      EXPECT_EQ(file.graph.inputs.size(), sample.example.inputs.size());
      EXPECT_EQ(file.graph.outputs.size(), model.outputs().size());
      if (given != nullptr) save_calls(folder, model, sample.example);
      ++written;
    } catch (const ValueError& e) {
      EXPECT_THAT(e.what(), testing::AnyOf(testing::HasSubstr("onnx: "), testing::HasSubstr("export_model: ")));
      if (given != nullptr) {
        std::cout << sample.class_name << " has no ONNX form: " << e.what() << '\n';
        fs::remove_all(folder);
      }
    }
  }
  std::cout << written << " layers have an ONNX form\n";
  EXPECT_GT(written, 100);
}

}  // namespace
}  // namespace cornu::keras

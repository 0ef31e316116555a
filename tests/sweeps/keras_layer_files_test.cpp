// Writes a model with each registered layer, of the examples that the classes' own tests register, for
// scripts/check_keras.sh: what real Keras makes of it, and what Cornu makes of models that real Keras builds of the
// same layers. So nothing is to be added for a new layer.

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "cornu/io/npy/npy.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/preprocessing/vocabulary.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/config_json.h"
#include "cornu/keras/state.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/layers/call_layer.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras {
namespace {

namespace fs = std::filesystem;
using layers::Layer;
using saving::KerasVersion;
using tests::KerasSample;

constexpr int kSteps = 2, kResumed = 3;

/// Whether an object draws random numbers, which no other program repeats.
class DrawsNumbers final : public StateVisitor {
 public:
  static bool of(Layer& layer) {
    DrawsNumbers visitor;
    layer.state(visitor);
    return visitor.found_;
  }
  void operator()(std::string_view name, graph::Variable&) override {
    found_ = found_ || name == "seed_generator_state";
  }
  void operator()(std::string_view, std::int64_t&) override {}
  void operator()(std::string_view, double&) override {}
  void operator()(std::string_view, graph::random::Generator&) override { found_ = true; }

 protected:
  void enter(std::string_view) override {}
  void leave() override {}

 private:
  bool found_ = false;
};

Shared<Layer> make(const KerasSample& sample) {
  std::string config = sample.example.config.empty() ? sample.config : sample.example.config;
  if (const auto at = config.find("BASE"); at != std::string::npos)
    config.replace(at, 4, R"("name": "sample", "trainable": true)");
  return saving::deserialize(layers::registry(),
                             R"({"class_name": ")" + sample.class_name + R"(", "config": )" + config + "}");
}

/// Whether it takes texts, which are bytes here and real Keras has as strings.
bool takes_texts(const Shared<Layer>& layer, const std::vector<Array>& inputs) {
  return layer.as<layers::TextLayer>() && inputs[0].dtype() == uint8;
}

layers::Input input_of(const Array& x, bool texts) {
  if (texts) return layers::Input({.shape = x.shape().drop_front().drop_back(), .dtype = "string"});
  return layers::Input({.shape = x.shape().drop_front(), .dtype = std::string(graph::name_of(x.dtype()))});
}

/// The layer between inputs and, where numbers come out, a Dense layer: then there is something to train.
models::Model around(const Shared<Layer>& layer, const std::vector<Array>& inputs) {
  std::vector<KerasTensor> x;
  for (const Array& input : inputs) x.push_back(input_of(input, takes_texts(layer, inputs)));
  KerasTensor y = (x.size() == 1 ? layer(x[0]) : layer(x)).outputs().front();
  if (y.shape().rank() > 2) y = layers::Flatten()(y);
  if (y.shape().rank() == 2) y = layers::Dense(2, {.name = "head"})(y);
  return models::Model(KerasTensors(x), y, "m");
}

void save_list(const fs::path& folder, const std::string& name, const std::vector<Array>& arrays) {
  for (std::size_t i = 0; i < arrays.size(); ++i)
    io::npy::save(folder / (name + std::to_string(i) + ".npy"), arrays[i]);
}

// In the form of save_graphs.
void save(const fs::path& folder, models::Model model, const std::vector<Array>& x, bool random) {
  model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9}), .loss = "mse"});
  const std::vector<Array> y{tests::some(model.output_shape().with(0, x[0].rows()), 5)};
  for (int i = 0; i < kSteps; ++i) model.train_on_batch(x, y);
  model.save(folder / "model.keras");
  model.save_weights(folder / "model.weights.h5");
  try {
    model.save(folder / "model.h5");
  } catch (const ValueError& e) {  // what Keras 2's form of files does not hold
    std::cout << folder.filename().string() << ": " << e.what() << '\n';
  }
  std::ofstream(folder / "model.json") << model.to_json();
  save_list(folder, "x", x);
  save_list(folder, "y", y);
  save_list(folder, "prediction", model.predict(Arrays(x)).arrays());
  save_list(folder, "weight", model.get_weights());
  Array losses(Shape{random ? 0 : kResumed});
  for (std::int64_t i = 0; i < losses.rows(); ++i) {
    model.reset_metrics();
    losses.data<float>()[i] = static_cast<float>(model.train_on_batch(x, y)["loss"]);
  }
  io::npy::save(folder / "losses.npy", losses);
}

TEST(LayerFiles, AreWrittenForRealKeras) {
  const char* given = std::getenv("CORNU_LAYER_FILES");
  if (given == nullptr) GTEST_SKIP() << "is run by scripts/check_keras.sh, with a folder in CORNU_LAYER_FILES";
  int written = 0;
  for (const KerasSample& sample : tests::keras_samples("layer")) {
    if (sample.example.inputs.empty()) continue;
    SCOPED_TRACE(sample.class_name);
    const fs::path folder = fs::path(given) / sample.class_name;
    fs::create_directories(folder);
    const auto layer = make(sample);
    for (const auto version : {KerasVersion::keras2, KerasVersion::keras3}) {
      const bool keras2 = version == KerasVersion::keras2;
      try {
        std::ofstream(folder / (keras2 ? "layer_keras2.json" : "layer_keras3.json"))
            << saving::serialize(*layer, version);
      } catch (const ValueError& e) {
        fs::remove(folder / (keras2 ? "layer_keras2.json" : "layer_keras3.json"));
      }
    }
    bool random = false;
    try {
      const models::Model model = around(layer, sample.example.inputs);
      random = DrawsNumbers::of(*layer);
      save(folder, model, sample.example.inputs, random);
      ++written;
    } catch (const ValueError& e) {  // no file holds it
      std::cout << sample.class_name << ": " << e.what() << '\n';
      save_list(folder, "x", sample.example.inputs);
    }
    std::ofstream(folder / "check.json") << R"({"iterations": )" << kSteps
                                         << R"(, "operations": false, "nested": false, )"
                                         << R"("class_name": ")" << sample.class_name << R"(", "random": )"
                                         << (random ? "true" : "false") << R"(, "texts": )"
                                         << (takes_texts(layer, sample.example.inputs) ? "true" : "false") << "}\n";
  }
  std::cout << written << " models of one layer saved\n";
}

// Every layer comes back from both of Keras 3's forms, and the archive is the same byte for byte when saved again.
TEST(LayerArchives, ComeBack) {
  int held = 0;
  for (const KerasSample& sample : tests::keras_samples("layer")) {
    if (sample.example.inputs.empty()) continue;
    SCOPED_TRACE(sample.class_name);
    const tests::TemporaryFolder folder;
    std::optional<models::Model> model;
    try {
      model = around(make(sample), sample.example.inputs);
      model->compile({.optimizer = optimizers::SGD({.learning_rate = 0.05, .momentum = 0.9}), .loss = "mse"});
      const std::vector<Array> y{tests::some(model->output_shape().with(0, sample.example.inputs[0].rows()), 5)};
      model->train_on_batch(sample.example.inputs, y);
      model->save(folder / "model.keras");
    } catch (const ValueError& e) {
      EXPECT_THAT(e.what(), testing::AnyOf(testing::HasSubstr("cannot be saved"), testing::HasSubstr("is not a layer"),
                                           testing::HasSubstr("of a model")));
      continue;
    }
    const Arrays x(sample.example.inputs);
    const std::vector<Array> expected = model->predict(x).arrays();
    const models::Model loaded = models::load_model(folder / "model.keras");
    loaded.save(folder / "again.keras");
    EXPECT_TRUE(tests::read_text(folder / "model.keras") == tests::read_text(folder / "again.keras"));
    model->save_weights(folder / "model.weights.h5");
    models::Model twin = models::clone_model(*model);
    twin.load_weights(folder / "model.weights.h5");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_TRUE(array_equal(loaded.predict(x).arrays()[i], expected[i]));
      EXPECT_TRUE(array_equal(twin.predict(x).arrays()[i], expected[i]));
    }
    ++held;
  }
  EXPECT_GT(held, 50);
}

}  // namespace
}  // namespace cornu::keras

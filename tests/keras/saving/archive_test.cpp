// Keras 3's forms: .keras and .weights.h5.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/io/hdf5/reader.h"
#include "cornu/io/hdf5/writer.h"
#include "cornu/io/zip/internal/zip.h"
#include "cornu/keras/layers/attention/group_query_attention.h"
#include "cornu/keras/layers/attention/multi_head_attention.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/preprocessing/string_lookup.h"
#include "cornu/keras/layers/preprocessing/text_vectorization.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/rnn/bidirectional.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/layers/rnn/lstm.h"
#include "cornu/keras/layers/rnn/rnn.h"
#include "cornu/keras/layers/rnn/stacked_rnn_cells.h"
#include "cornu/keras/layers/wrappers/time_distributed.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/loss_scale_optimizer.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::error_text;
using tests::read_text;

// Paths of all datasets, with those of groups `vars` that are empty.
void add_paths(const io::hdf5::Group& group, std::vector<std::string>& paths) {
  const auto names = group.children();
  if (names.empty() && group.path() != "/vars") paths.push_back(group.path());
  for (const std::string& name : names)
    if (group.is_group(name))
      add_paths(group.group(name), paths);
    else
      paths.push_back(group.at(name).path());
}

class ArchiveTest : public testing::Test {
 protected:
  std::vector<std::string> paths_of(const models::Model& model) {
    model.save_weights(folder_ / "a.weights.h5");
    std::vector<std::string> paths;
    add_paths(io::hdf5::File(folder_ / "a.weights.h5").root(), paths);
    return paths;
  }
  std::string member(const std::string& file, const std::string& name) {
    const io::zip::ZipReader archive(folder_ / file);
    const auto* found = archive.find(name);
    if (found == nullptr) return "no such member";
    const auto source = archive.open(*found);
    std::string text(source->left(), ' ');
    source->read(std::as_writable_bytes(std::span(text)));
    return text;
  }
  // The file again with other members; an empty text leaves one out.
  void edit(const std::string& file, const std::map<std::string, std::string>& others) {
    std::map<std::string, std::string> members = others;
    {
      const io::zip::ZipReader archive(folder_ / file);
      for (const auto& m : archive.members()) members.emplace(m.name, member(file, m.name));
    }
    io::AtomicFile out(folder_ / file);
    io::zip::ZipWriter archive(out);
    for (const auto& [name, text] : members)
      if (!text.empty()) archive.add(name, {std::as_bytes(std::span(text))});
    archive.finish();
    out.commit();
  }
  models::Model trained() {
    auto model = tests::small_network();
    model.compile({.optimizer = "adam", .loss = "categorical_crossentropy", .metrics = {"accuracy"}});
    model.train_on_batch(tests::some_inputs(), tests::some_classes());
    return model;
  }
  tests::TemporaryFolder folder_;
};

TEST_F(ArchiveTest, HoldsWhatKeras3Writes) {
  const models::Model model = trained();
  model.save(folder_ / "a.keras");
  EXPECT_EQ(member("a.keras", "metadata.json"), R"({"keras_version":"3.15.1","date_saved":"1980-01-01@00:00:00"})");
  const json config = json::parse(member("a.keras", "config.json"));
  EXPECT_EQ(config["module"], "keras");
  EXPECT_EQ(config["class_name"], "Sequential");
  EXPECT_EQ(config["build_config"], json::parse(R"({"input_shape": [null, 5]})"));
  EXPECT_EQ(config["compile_config"]["optimizer"]["class_name"], "Adam");
  EXPECT_EQ(config["compile_config"]["optimizer"]["module"], "keras.optimizers");
  EXPECT_EQ(config["compile_config"]["loss"]["class_name"], "CategoricalCrossentropy");
  EXPECT_EQ(config["compile_config"]["metrics"][0]["config"]["name"], "accuracy");
  EXPECT_EQ(config["compile_config"]["jit_compile"], "auto");
  EXPECT_THAT(member("a.keras", "model.weights.h5"), HasSubstr("HDF"));
}

TEST_F(ArchiveTest, WithoutTheOptimizer) {
  trained().save(folder_ / "a.keras", {.include_optimizer = false});
  EXPECT_FALSE(models::load_model(folder_ / "a.keras").compiled());
  trained().save(folder_ / "a.keras");
  EXPECT_TRUE(models::load_model(folder_ / "a.keras").compiled());
  EXPECT_FALSE(models::load_model(folder_ / "a.keras", {.compile = false}).compiled());
}

TEST_F(ArchiveTest, PlacesAreThoseOfKeras) {
  const auto x = layers::Input({.shape = {4, 6}});
  auto y = layers::Bidirectional(layers::LSTM(1, {.return_sequences = true}))(x);
  y = layers::RNN({layers::LSTMCell(2), layers::GRUCell(2), layers::LSTMCell(2)}, {.return_sequences = true})(y);
  y = layers::TimeDistributed(layers::Dense(2, {.use_bias = false}))(y);
  y = layers::Dense(3, {.use_bias = false})(y);
  y = layers::BatchNormalization({.center = false, .scale = false})(y);
  y = layers::Dense(3, {.use_bias = false})(y);
  EXPECT_THAT(
      paths_of(models::Model(x, y)),
      ElementsAre("/layers/batch_normalization/vars/0", "/layers/batch_normalization/vars/1",
                  "/layers/bidirectional/backward_layer/cell/seed_generator/vars/0",
                  "/layers/bidirectional/backward_layer/cell/vars/0",
                  "/layers/bidirectional/backward_layer/cell/vars/1",
                  "/layers/bidirectional/backward_layer/cell/vars/2", "/layers/bidirectional/backward_layer/vars",
                  "/layers/bidirectional/forward_layer/cell/seed_generator/vars/0",
                  "/layers/bidirectional/forward_layer/cell/vars/0", "/layers/bidirectional/forward_layer/cell/vars/1",
                  "/layers/bidirectional/forward_layer/cell/vars/2", "/layers/bidirectional/forward_layer/vars",
                  "/layers/bidirectional/vars", "/layers/dense/vars/0", "/layers/dense_1/vars/0",
                  "/layers/input_layer/vars", "/layers/rnn/cell/cells/gru_cell/seed_generator/vars/0",
                  "/layers/rnn/cell/cells/gru_cell/vars/0", "/layers/rnn/cell/cells/gru_cell/vars/1",
                  "/layers/rnn/cell/cells/gru_cell/vars/2", "/layers/rnn/cell/cells/lstm_cell/seed_generator/vars/0",
                  "/layers/rnn/cell/cells/lstm_cell/vars/0", "/layers/rnn/cell/cells/lstm_cell/vars/1",
                  "/layers/rnn/cell/cells/lstm_cell/vars/2", "/layers/rnn/cell/cells/lstm_cell_1/seed_generator/vars/0",
                  "/layers/rnn/cell/cells/lstm_cell_1/vars/0", "/layers/rnn/cell/cells/lstm_cell_1/vars/1",
                  "/layers/rnn/cell/cells/lstm_cell_1/vars/2", "/layers/rnn/cell/vars", "/layers/rnn/vars",
                  "/layers/time_distributed/layer/vars/0", "/layers/time_distributed/vars"));
}

TEST_F(ArchiveTest, PlacesOfAttention) {
  const auto x = layers::Input({.shape = {4, 6}});
  const auto y = layers::MultiHeadAttention(1, 2, {.use_bias = false})(x, x);
  EXPECT_THAT(
      paths_of(models::Model(x, y)),
      testing::IsSupersetOf(
          {"/layers/multi_head_attention/query_dense/vars/0", "/layers/multi_head_attention/key_dense/vars/0",
           "/layers/multi_head_attention/value_dense/vars/0", "/layers/multi_head_attention/output_dense/vars/0"}));
  const auto z = layers::GroupQueryAttention(2, 2, 1, {.use_bias = false})(x, x);
  EXPECT_THAT(paths_of(models::Model(x, z)),
              testing::IsSupersetOf({"/layers/grouped_query_attention/_query_dense/vars/0",
                                     "/layers/grouped_query_attention/_output_dense/vars/0"}));
}

TEST_F(ArchiveTest, NamesOfLayersStandBesideTheirWeights) {
  models::Sequential model({layers::Dense(2, {.name = "mine", .input_shape = {3}}), layers::Dense(1)}, "whole");
  model.save_weights(folder_ / "a.weights.h5");
  const auto root = io::hdf5::File(folder_ / "a.weights.h5").root();
  EXPECT_EQ(root.group("vars").text("name"), "whole");
  EXPECT_EQ(root.group("layers/dense/vars").text("name"), "mine");
  EXPECT_EQ(root.group("layers/dense_1/vars").text("name"), "dense");
}

TEST_F(ArchiveTest, WeightsWithTheOptimizersGoIntoAnotherModel) {
  models::Model model = trained(), other = tests::small_network();
  model.save_weights(folder_ / "a.weights.h5");
  other.compile({.optimizer = "adam", .loss = "categorical_crossentropy"});
  other.load_weights(folder_ / "a.weights.h5");
  EXPECT_EQ(other.optimizer()->iterations(), 1);
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  other.train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), other.get_weights()));
  // An archive will do, and an optimizer with other variables begins anew.
  model.save(folder_ / "a.keras");
  models::Model third = tests::small_network();
  third.compile({.optimizer = "sgd", .loss = "mse"});
  testing::internal::CaptureStderr();
  third.load_weights(folder_ / "a.keras");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("begins anew"));
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), third.get_weights()));
}

TEST_F(ArchiveTest, RandomNumbersGoOn) {
  models::Sequential model({layers::Dense(64, {.input_shape = {5}}), layers::Dropout(0.5), layers::Dense(3)});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  model.save(folder_ / "a.keras");
  auto loaded = models::load_model(folder_ / "a.keras");
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  loaded.train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), loaded.get_weights()));
}

TEST_F(ArchiveTest, ScaledLossesGoOn) {
  auto model = tests::small_network();
  model.compile({.optimizer = optimizers::LossScaleOptimizer(optimizers::Adam(0.01), {.dynamic_growth_steps = 2}),
                 .loss = "mse"});
  for (int i = 0; i < 3; ++i) model.train_on_batch(tests::some_inputs(), tests::some_classes());
  model.save(folder_ / "a.keras");
  auto loaded = models::load_model(folder_ / "a.keras");
  model.train_on_batch(tests::some_inputs(), tests::some_classes());
  loaded.train_on_batch(tests::some_inputs(), tests::some_classes());
  EXPECT_TRUE(tests::equal_bits(model.get_weights(), loaded.get_weights()));
}

TEST_F(ArchiveTest, BfloatIsMarked) {
  models::Sequential model({layers::Dense(2, {.dtype = "bfloat16", .input_shape = {3}})});
  model.save(folder_ / "a.keras");
  const auto loaded = models::load_model(folder_ / "a.keras");
  EXPECT_EQ(loaded.weights()[0].dtype(), graph::bfloat16);
  EXPECT_TRUE(array_equal(loaded.weights()[0].value(), model.weights()[0].value()));
  model.save_weights(folder_ / "a.weights.h5");
  EXPECT_EQ(io::hdf5::File(folder_ / "a.weights.h5").root().at("layers/dense/vars/0").text("dtype"), "bfloat16");
}

// As Keras 2.13 kept them: a layer with weights counts twice.
TEST_F(ArchiveTest, OlderPlaces) {
  models::Sequential model({layers::Dense(2, {.use_bias = false, .input_shape = {3}}), layers::Dropout(0.1),
                            layers::Dense(1, {.use_bias = false}), layers::Dense(4, {.use_bias = false})});
  for (const std::string slash : {"/", "\\"}) {
    io::hdf5::Writer file(folder_ / "a.weights.h5");
    float value = 1;
    for (const auto& [name, shape] :
         {std::pair{"dense", Shape{3, 2}}, {"dense_2", Shape{2, 1}}, {"dense_4", Shape{1, 4}}})
      file.root()
          .group("_layer_checkpoint_dependencies" + slash + name)
          .group("vars")
          .dataset("0", graph::full(shape, value++));
    file.commit();
    model.load_weights(folder_ / "a.weights.h5");
    EXPECT_EQ(model.get_weights()[1].data<float>()[0], 2) << slash;
    EXPECT_EQ(model.get_weights()[2].data<float>()[0], 3) << slash;
    for (Variable variable : model.weights()) variable.assign(graph::zeros(variable.shape()));
  }
}

// Archives of Keras 2 hold Keras 2's words.
TEST_F(ArchiveTest, TheVersionSaysWhatNamesMean) {
  models::Sequential model({layers::Dense(1, {.activation = "hard_sigmoid", .use_bias = false, .input_shape = {1}})});
  model.set_weights({Array{{1.f}}});
  model.save(folder_ / "a.keras");
  for (const auto& [version, expected] : {std::pair{"2.12.0", 0.7f},
                                          {"2.13.1", 0.7f},
                                          {"2.14.0", 0.7f},
                                          {"2.15.0", 0.7f},
                                          {"3.0.0", 2 / 3.f},
                                          {"3.15.1", 2 / 3.f}}) {
    edit("a.keras", {{"metadata.json", R"({"keras_version": ")" + std::string(version) + "\"}"}});
    EXPECT_NEAR(models::load_model(folder_ / "a.keras").predict(Array{{1.f}}).item<float>(), expected, 1e-6) << version;
  }
}

TEST_F(ArchiveTest, VocabulariesAreAssets) {
  models::Sequential model({layers::StringLookup({.vocabulary = {"earth", "wind"}, .name = "words"})});
  model.build({kUnknown, 2, kUnknown});
  model.save(folder_ / "a.keras");
  json config = json::parse(member("a.keras", "config.json"));
  for (json& layer : config["config"]["layers"])
    if (layer["class_name"] == "StringLookup") {
      layer["config"]["vocabulary"] = nullptr;
      layer["config"]["vocabulary_size"] = 4;
    }
  edit("a.keras",
       {{"config.json", config.dump()}, {"assets/layers/string_lookup/vocabulary.txt", "[UNK]\nfire\nwater\nair"}});
  const auto loaded = models::load_model(folder_ / "a.keras");
  const auto lookup = loaded.get_layer("words").as<layers::TextLayer>();
  ASSERT_TRUE(lookup);
  EXPECT_THAT(lookup->get_vocabulary(), ElementsAre("[UNK]", "fire", "water", "air"));
}

TEST_F(ArchiveTest, WhatDoesNotFitNamesTheLayer) {
  models::Model model = trained();
  model.save_weights(folder_ / "a.weights.h5");
  const std::string file = (folder_ / "a.weights.h5").string();
  models::Sequential other(
      {layers::Dense(4, {.name = "first", .input_shape = {5}}), layers::Dense(7, {.name = "last"})});
  const auto before = other.get_weights();
  EXPECT_EQ(error_text<FormatError>([&] { other.load_weights(file); }),
            file +
                ": [Dense \"last\"] expected shape (4, 7) for weight 'last/kernel', the file holds (4, 3) in "
                "/layers/dense_1/vars/0");
  EXPECT_TRUE(tests::equal_bits(before, other.get_weights()));
  testing::internal::CaptureStderr();
  other.load_weights(file, {.skip_mismatch = true});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("last/kernel"));
  EXPECT_TRUE(tests::equal_bits(model.get_weights()[0], other.get_weights()[0]));
  models::Sequential longer({layers::Dense(4, {.input_shape = {5}}), layers::Dense(3), layers::Dense(2)});
  EXPECT_THAT(error_text<FormatError>([&] { longer.load_weights(file); }),
              HasSubstr("expected 2 weights, the file holds 0 in layers/dense_2/vars"));
  EXPECT_THAT(error_text<ValueError>([&] { model.load_weights(file, {.by_name = true}); }), HasSubstr("by_name needs"));
}

TEST_F(ArchiveTest, DamagedArchives) {
  trained().save(folder_ / "good.keras");
  const std::string good = read_text(folder_ / "good.keras"), path = (folder_ / "a.keras").string();
  const auto error_with = [&](const std::map<std::string, std::string>& others) {
    tests::write_text(path, good);
    edit("a.keras", others);
    return error_text<Error>([&] { models::load_model(path); });
  };
  EXPECT_THAT(error_with({{"config.json", ""}}), HasSubstr(path + ": no config.json in it"));
  EXPECT_THAT(error_with({{"model.weights.h5", ""}}), HasSubstr(path + ": no model.weights.h5 in it"));
  EXPECT_THAT(error_with({{"model.weights.h5", ""}, {"model.weights.npz", "x"}}), HasSubstr("a form that is not read"));
  EXPECT_THAT(error_with({{"model.weights.h5", "no HDF5"}}), HasSubstr("a.keras/model.weights.h5"));
  EXPECT_THAT(error_with({{"config.json", "{"}}), HasSubstr("config.json: not valid JSON"));
  for (std::size_t size : {std::size_t{3}, good.size() / 2, good.size() - 1}) {
    tests::write_text(path, good.substr(0, size));
    EXPECT_THAT(error_text<Error>([&] { models::load_model(path); }), HasSubstr(path)) << size;
  }
}

TEST_F(ArchiveTest, WhatAFileIsSaysItsContent) {
  const models::Model model = trained();
  model.save(folder_ / "a.keras");
  std::filesystem::rename(folder_ / "a.keras", folder_ / "named.h5");
  EXPECT_TRUE(models::load_model(folder_ / "named.h5").compiled());
  model.save(folder_ / "a.h5");
  std::filesystem::rename(folder_ / "a.h5", folder_ / "named.keras");
  EXPECT_TRUE(models::load_model(folder_ / "named.keras").compiled());

  const auto error_of = [&](const std::string& content) {
    tests::write_text(folder_ / "b.h5", content);
    return error_text<FormatError>([&] { models::load_model(folder_ / "b.h5"); });
  };
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid "
      "sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e23"
      "93\nsize 12345\n";
  EXPECT_THAT(error_of(pointer), AllOf(HasSubstr("b.h5: this is a pointer"), HasSubstr("git lfs pull")));
  EXPECT_THAT(error_of(std::string("\x80\x04\x95", 3)), HasSubstr("a Python pickle"));
  EXPECT_THAT(error_of(model.to_json()), HasSubstr("models::model_from_json"));
  std::filesystem::create_directory(folder_ / "saved");
  tests::write_text(folder_ / "saved/saved_model.pb", "");
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(folder_ / "saved"); }), HasSubstr("SavedModel form"));
}

}  // namespace
}  // namespace cornu::keras

// Files that are damaged, foreign or tell of what does not fit: clear errors, nothing half loaded.
#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "cornu/io/npy/npy.h"
#include "tests/io/mutations.h"
#include "tests/keras/saving/edited_file.h"
#include "tests/keras/saving/shared_files.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using tests::error_text;
using tests::ModelFile;

class BadFileTest : public testing::Test {
 protected:
  BadFileTest() {
    auto model = tests::small_network();
    model.compile({.optimizer = "adam", .loss = "mse", .metrics = {"acc"}});
    model.train_on_batch(tests::some_inputs(), tests::some_classes());
    model.save(good_);
  }
  // The error of a file that was changed.
  template <class E = FormatError>
  std::string load_error(const std::function<void(ModelFile&)>& change) {
    ModelFile file(good_);
    change(file);
    file.write(path_);
    const tests::MemoryLimit limit(std::size_t{512} << 20);
    const std::string text = error_text<E>([&] { models::load_model(path_); });
    EXPECT_THAT(text, HasSubstr(path_.string()));
    return text;
  }
  std::string config_error(const std::string& from, const std::string& to) {
    return load_error<Error>([&](ModelFile& f) { tests::replace(f.texts["@model_config"], from, to); });
  }

  tests::TemporaryFolder folder_;
  const std::filesystem::path good_ = folder_ / "good.h5", path_ = folder_ / "changed.h5";
};

TEST_F(BadFileTest, MissingForeignAndEmptyFiles) {
  EXPECT_THAT(error_text<IoError>([&] { models::load_model(folder_ / "none.h5"); }), HasSubstr("none.h5"));
  EXPECT_THAT(error_text<Error>([&] { models::load_model(folder_.path()); }), HasSubstr(folder_.path().string()));
  tests::write_text(path_, "this is a letter, not a model");
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(path_); }),
              AllOf(HasSubstr(path_.string()), HasSubstr("HDF5")));
  tests::write_text(path_, "");
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(path_); }), HasSubstr(path_.string()));
  tests::write_text(folder_ / "model.keras", "PK");
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(folder_ / "model.keras"); }), HasSubstr("HDF5"));
  const std::string bytes = tests::read_text(good_);
  tests::write_text(path_, bytes.substr(0, bytes.size() * 6 / 10));
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(path_); }), HasSubstr(path_.string()));
}

TEST_F(BadFileTest, FilesWithoutAModel) {
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts.erase("@model_config"); }),
              HasSubstr("no model_config: this is not a model file of Keras"));
  tests::small_network().save_weights(path_);
  EXPECT_THAT(error_text<FormatError>([&] { models::load_model(path_); }),
              HasSubstr("no model_config: the file holds weights alone; make the model and call load_weights"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.remove_group("model_weights"); }),
              HasSubstr("no weights of Keras in this file"));
}

TEST_F(BadFileTest, ConfigsThatAreNone) {
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts["@model_config"].resize(100); }),
              HasSubstr("model_config: not valid JSON"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts["@training_config"] = "{"; }),
              HasSubstr("training_config: not valid JSON"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts["@model_config"] = std::string(100000, '['); }),
              HasSubstr("nested more than 200 deep"));
  std::string deep = R"({"class_name": "Sequential", "config": {"layers": []}})";
  for (int i = 0; i < 3000; ++i) deep = R"({"class_name": "Sequential", "config": {"layers": [)" + deep + "]}}";
  EXPECT_THAT(load_error([&](ModelFile& f) { f.texts["@model_config"] = deep; }),
              HasSubstr("nested more than 200 deep"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts["@model_config"] = "[]"; }),
              HasSubstr("needs to be a JSON object"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.texts["@model_config"] = R"({"class_name": "Sequential"})"; }),
              HasSubstr("no 'config'"));
  EXPECT_THAT(load_error([](ModelFile& f) {
                f.texts["@model_config"] = R"({"class_name": "Sequential", "config": {"layers": 3}})";
              }),
              HasSubstr("argument 'layers' needs a list of objects, got 3"));
  EXPECT_THAT(load_error<ValueError>(
                  [](ModelFile& f) { f.texts["@model_config"] = R"({"class_name": "Functional", "config": {}})"; }),
              HasSubstr("[Functional \"functional\"] a model needs inputs and outputs"));
}

TEST_F(BadFileTest, LayersThatAreUnknownOrWrong) {
  EXPECT_THAT(load_error<ValueError>([](ModelFile& f) {
                tests::replace(f.texts["@model_config"], R"("class_name":"Dense")", R"("class_name":"Sparse")");
              }),
              HasSubstr("unknown layer 'Sparse'; known: "));
  EXPECT_THAT(config_error(R"("units":4)", R"("units":"four")"),
              HasSubstr("Dense 'dense': argument 'units' needs a whole number, got \"four\""));
  EXPECT_THAT(config_error(R"("units":4)", R"("units":4,"wings":2)"),
              HasSubstr("Dense 'dense': unknown argument 'wings'"));
  EXPECT_THAT(config_error(R"("activation":"tanh")", R"("activation":"tan")"), HasSubstr("unknown activation 'tan'"));
  EXPECT_THAT(config_error(R"("name":"dense_1")", R"("name":"dense")"), HasSubstr("dense"));
}

TEST_F(BadFileTest, HugeLayersAreRefusedBeforeTheyAreMade) {
  EXPECT_THAT(config_error(R"("units":4)", R"("units":1000000000000)"),
              HasSubstr("Dense 'dense': argument 'units' needs a smaller number"));
  EXPECT_THAT(config_error(R"("units":4)", R"("units":2000000000)"),
              AllOf(HasSubstr("[Dense \"dense\"] weight 'dense/kernel' of shape (5, 2000000000)"),
                    HasSubstr("larger than what the file holds")));
  EXPECT_THAT(config_error(R"("batch_input_shape":[null,5])", R"("batch_input_shape":[null,4000000000000000000])"),
              HasSubstr("larger than what the file holds"));
}

TEST_F(BadFileTest, WeightsThatDoNotFit) {
  EXPECT_THAT(load_error([](ModelFile& f) { f.lists["model_weights@layer_names"].pop_back(); }),
              HasSubstr("expected weights of 2 layers, the file holds those of 1"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.lists["model_weights/dense@weight_names"].pop_back(); }),
              HasSubstr("[Dense \"dense\"] expected 2 weights, the file holds 1 for its layer 'dense'"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.lists["model_weights/dense@weight_names"][1] = "dense/other:0"; }),
              HasSubstr("dense/other:0"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.lists["model_weights/dense@weight_names"][1] = "dense/kernel:0"; }),
              HasSubstr("weight_names lists 'dense/kernel:0' twice"));
  EXPECT_THAT(load_error([](ModelFile& f) {
                f.datasets["model_weights/dense/dense/kernel:0"] = graph::zeros({6, 4});
              }),
              HasSubstr("[Dense \"dense\"] expected shape (5, 4) for weight 'dense/kernel', the file holds (6, 4) in "
                        "/model_weights/dense/dense/kernel:0"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.datasets.erase("model_weights/dense/dense/kernel:0"); }),
              HasSubstr("dense/kernel:0"));
}

TEST_F(BadFileTest, TrainingThatDoesNotFit) {
  const auto training_error = [&](const char* from, const char* to) {
    return load_error<ValueError>([&](ModelFile& f) { tests::replace(f.texts["@training_config"], from, to); });
  };
  EXPECT_THAT(training_error("Custom>Adam", "Custom>Eve"),
              AllOf(HasSubstr("unknown optimizer"), HasSubstr("Eve"), HasSubstr("adam")));
  EXPECT_THAT(training_error("mean_squared_error", "mean_error"), HasSubstr("unknown loss 'mean_error'"));
  EXPECT_THAT(training_error("CategoricalAccuracy", "Luck"),
              AllOf(HasSubstr("unknown metric 'Luck'"),
                    HasSubstr("(load_model with {.compile = false} reads the model without its training)")));
  EXPECT_THAT(training_error(R"("mean_squared_error")", R"({"a": "mse", "b": "mse"})"),
              AllOf(HasSubstr("the model has no output named 'a'; it has: dense_1"),
                    HasSubstr("load_model with {.compile = false}")));
  EXPECT_THAT(load_error([](ModelFile& f) { f.lists["optimizer_weights@weight_names"].pop_back(); }),
              HasSubstr("expected 9 weights of the optimizer Adam, the file holds 8"));
  EXPECT_THAT(load_error([](ModelFile& f) { f.datasets["optimizer_weights/Adam/m/dense/bias:0"] = graph::zeros({3}); }),
              HasSubstr("expected shape (4,) for 'Adam/m/dense/bias:0', the file holds (3,)"));
  EXPECT_THAT(
      load_error([](ModelFile& f) { f.datasets["optimizer_weights/iteration:0"] = Array::scalar(std::int64_t{-1}); }),
      HasSubstr("-1 steps"));
  // The model itself is sound.
  EXPECT_FALSE(models::load_model(path_, {.compile = false}).compiled());
}

TEST_F(BadFileTest, WhatMayBeMissing) {
  ModelFile file(good_);
  file.remove_group("optimizer_weights");
  file.write(path_);
  EXPECT_EQ(models::load_model(path_).optimizer()->iterations(), 0);
  file.texts.erase("@training_config");
  file.write(path_);
  EXPECT_FALSE(models::load_model(path_).compiled());
}

// Everything that real damage may do to the bytes: an error that names the file, or a model that can be used.
TEST_F(BadFileTest, ChangedBytesNeverCrash) {
  const std::string bytes = tests::read_text(good_);
  const tests::MemoryLimit limit(std::size_t{512} << 20);
  std::uint64_t state = 7;
  const auto random = [&](std::size_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state >> 33) % n;
  };
  int errors = 0;
  for (int i = 0; i < 400; ++i) {
    std::string changed = bytes;
    // Half of them in the texts, where letters and digits change to others.
    const std::size_t at = i % 2 ? changed.find("{\"class_name\"") + random(1800) : random(changed.size());
    if (at >= changed.size()) continue;
    changed[at] = i % 2 ? "0192]{}[\",:naE-\\"[random(16)] : static_cast<char>(random(256));
    std::filesystem::remove(path_);
    tests::write_text(path_, changed);
    try {
      auto model = models::load_model(path_);
      if (model.built() && model.input_shape() == Shape{kUnknown, 5}) model.predict(tests::some_inputs());
    } catch (const Error& e) {
      ++errors;
      EXPECT_THAT(e.what(), AnyOf(HasSubstr(path_.string()), HasSubstr("["))) << "byte " << at;
    }
  }
  EXPECT_GT(errors, 100);
}

class DamagedGoldenFile : public testing::TestWithParam<const char*> {};

TEST_P(DamagedGoldenFile, IsAnErrorOrLoadsAsFarAsItIsSound) {
  CORNU_NEEDS_GOLDEN_MODELS();
  const auto folder = tests::golden_models() / "bad";
  const auto cases = nlohmann::json::parse(std::ifstream(folder / "bad.json"));
  int seen = 0;
  for (const auto& [name, what] : cases.items()) {
    if (!name.ends_with(GetParam())) continue;
    SCOPED_TRACE(name + ": " + what.at("why").get<std::string>());
    ++seen;
    const std::string expected = what.at("expect");
    if (expected == "error") {
      EXPECT_THAT(error_text<Error>([&] { models::load_model(folder / name); }),
                  AllOf(HasSubstr((folder / name).string()), Not(HasSubstr("no error"))));
      continue;
    }
    std::optional<models::Model> loaded;
    try {
      loaded = models::load_model(folder / name);
    } catch (const ValueError& e) {
      if (std::string(e.what()).find("unknown layer '") == std::string::npos) throw;
      std::cout << name << " has a layer that Cornu does not have\n";
      continue;
    }
    const models::Model& model = *loaded;
    EXPECT_EQ(model.compiled(), expected.find("not compiled") == std::string::npos);
    if (expected.find("fresh") != std::string::npos) {
      EXPECT_EQ(model.optimizer()->iterations(), 0);
    }
    const Array y = model.predict(graph::ones(model.input_shape().with(0, 1)));
    bool nan = false;
    for (std::int64_t i = 0; i < y.size(); ++i) nan = nan || std::isnan(y.data<float>()[i]);
    EXPECT_EQ(nan, expected.find("NaN") != std::string::npos);
  }
  EXPECT_GT(seen, 0);
}
INSTANTIATE_TEST_SUITE_P(Of, DamagedGoldenFile, testing::Values(".h5", ".keras"),
                         [](const auto& p) { return std::string(p.param + 1); });

}  // namespace
}  // namespace cornu::keras

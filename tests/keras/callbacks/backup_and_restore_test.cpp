#include "cornu/keras/callbacks/backup_and_restore.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>
#include <cstring>
#include <fstream>

#include "cornu/keras/callbacks/csv_logger.h"
#include "cornu/keras/callbacks/early_stopping.h"
#include "cornu/keras/callbacks/learning_rate_scheduler.h"
#include "cornu/keras/callbacks/model_checkpoint.h"
#include "cornu/keras/callbacks/reduce_lr_on_plateau.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/normalization/batch_normalization.h"
#include "cornu/keras/layers/regularization/dropout.h"
#include "cornu/keras/layers/rnn/gru.h"
#include "cornu/keras/metrics/auc.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/models/step.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/loss_scale_optimizer.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/saving/internal/checkpoint_file.h"
#include "cornu/keras/schedules/cosine.h"
#include "cornu/keras/utils/random_seed.h"
#include "cornu/ops/binary.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using graph::Array;
using testing::HasSubstr;
using tests::error_text;
using tests::TemporaryFolder;

struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

// Ends a run as a signal would, as far as one process can: when so many batches were trained with.
struct Killer : Callback {
  int at, seen = 0;
  explicit Killer(int at) : at(at) {}
  void on_train_batch_end(int, const Logs&) override {
    if (++seen == at) throw Killed();
  }
};

constexpr int kSamples = 44, kBatch = 8, kBatches = 6;  // the last batch has four samples

struct Program {
  std::function<models::Model()> model;
  std::function<std::vector<Shared<Callback>>()> callbacks = nullptr;
  FitConfig config = {};
  std::function<std::shared_ptr<data::Source>()> source = nullptr;
};

struct Outcome {
  std::vector<Array> weights;
  std::vector<Array> optimizer;
  std::vector<std::pair<std::string, std::vector<double>>> history;
  std::uint64_t next_seed = 0;
};

std::pair<Array, Array> some_data() {
  graph::random::Generator rng(5);
  const Array x = rng.normal({kSamples, 4});
  return {x, (graph::sum(x, 1).reshape({-1, 1}) > 0.F).astype(graph::float32)};
}

// A run of a program that was started anew: everything is made again.
Outcome outcome_of(const Program& run, const std::vector<Shared<Callback>>& more) {
  utils::set_random_seed(7);
  models::Model model = run.model();
  FitConfig config = run.config;
  config.batch_size = kBatch;
  config.verbose = 0;
  if (run.callbacks) config.callbacks = run.callbacks();
  config.callbacks.insert(config.callbacks.begin(), more.begin(), more.end());
  const auto [x, y] = some_data();
  const History history = run.source ? model.fit(run.source(), config) : model.fit(x, y, config);
  Outcome outcome{model.get_weights(), {}, {}, utils::next_random_seed()};
  for (const Variable& variable : model.optimizer()->variables()) outcome.optimizer.push_back(variable.value());
  for (const std::string& name : history.names()) outcome.history.emplace_back(name, history[name]);
  return outcome;
}

bool same_bits(const std::vector<Array>& a, const std::vector<Array>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].spec() != b[i].spec() || std::memcmp(a[i].bytes(), b[i].bytes(), a[i].nbytes()) != 0) return false;
  return true;
}

void expect_same(const Outcome& got, const Outcome& expected) {
  EXPECT_TRUE(same_bits(got.weights, expected.weights)) << "weights";
  EXPECT_TRUE(same_bits(got.optimizer, expected.optimizer)) << "optimizer";
  EXPECT_EQ(got.history, expected.history);
  EXPECT_EQ(got.next_seed, expected.next_seed);
}

// Kills a run at these batches one after the other, and compares what comes of it with a run that nobody killed.
void expect_resumes(const Program& run, const std::vector<int>& deaths, Frequency save_freq) {
  const Outcome expected = outcome_of(run, {});
  const TemporaryFolder folder;
  const auto backup = [&] { return BackupAndRestore({.backup_dir = folder / "b", .save_freq = save_freq}); };
  for (const int at : deaths)
    EXPECT_THROW(outcome_of(run, {backup(), Shared<Callback>(std::make_shared<Killer>(at))}), Killed);
  expect_same(outcome_of(run, {backup()}), expected);
  EXPECT_FALSE(std::filesystem::exists(folder / "b")) << "checkpoints that nobody needs any more";
}

models::Model mixed_model() {
  models::Sequential model({layers::Input({.shape = {4}}), layers::Dense(8, {.activation = "relu"}),
                            layers::BatchNormalization(), layers::Dropout(0.4),
                            layers::Dense(1, {.activation = "sigmoid"})});
  model.compile({.optimizer = optimizers::Adam(
                     {.learning_rate = schedules::CosineDecay({.initial_learning_rate = 0.05, .decay_steps = 20}),
                      .use_ema = true}),
                 .loss = "binary_crossentropy",
                 .metrics = {"accuracy", metrics::AUC({.name = "auc"})}});
  return model;
}

TEST(BackupAndRestore, GoesOnInTheMiddleOfAnEpoch) {
  expect_resumes({mixed_model, {}, {.epochs = 3, .validation_split = 0.2}}, {1, 4, 9}, 1);
}

TEST(BackupAndRestore, GoesOnWithTheLastCheckpoint) {
  expect_resumes({mixed_model, {}, {.epochs = 4}}, {11, 5, 8, 2}, 4);
}

TEST(BackupAndRestore, GoesOnAtTheBeginOfAnEpoch) {
  expect_resumes({mixed_model, {}, {.epochs = 4, .validation_split = 0.2}}, {3, 12, 6}, "epoch");
}

// Killed behind the last batch of an epoch (and before its validation), the figures are those of the run before.
TEST(BackupAndRestore, GoesOnBetweenAnEpochAndItsValidation) {
  struct KillsBeforeValidation : Callback {
    void on_test_begin(const Logs&) override { throw Killed(); }
  };
  const Program run{mixed_model, {}, {.epochs = 2, .validation_split = 0.2}};
  const Outcome expected = outcome_of(run, {});
  const TemporaryFolder folder;
  const auto backup = [&] { return BackupAndRestore(folder / "b", {.save_freq = 1}); };
  EXPECT_THROW(outcome_of(run, {backup(), Shared<Callback>(KillsBeforeValidation())}), Killed);
  expect_same(outcome_of(run, {backup()}), expected);
}

TEST(BackupAndRestore, GoesOnWhereEpochsDoNotEndWithTheData) {
  expect_resumes({mixed_model, {}, {.epochs = 5, .steps_per_epoch = 4}}, {2, 5, 9}, 1);
  expect_resumes({mixed_model, {}, {.epochs = 5, .steps_per_epoch = 4}}, {6, 9}, "epoch");
}

TEST(BackupAndRestore, KeepsTheStatesOfStatefulLayersAndOfTheLossScale) {
  const Program run{[] {
                      models::Sequential model({layers::Input({.shape = {2, 2}, .batch_size = 4}),
                                                layers::GRU(3, {.stateful = true}), layers::Dense(1)});
                      model.compile({.optimizer = optimizers::LossScaleOptimizer(optimizers::SGD({.momentum = 0.9}),
                                                                                 {.dynamic_growth_steps = 3}),
                                     .loss = "mse"});
                      return model;
                    },
                    {},
                    {.epochs = 3, .shuffle = false},
                    [] {
                      struct Ramp : data::Source {
                        std::int64_t i = 0;
                        data::Columns columns;
                        std::optional<std::int64_t> size() const override { return kBatches; }
                        void begin_epoch() override { i = 0; }
                        const data::Columns* next() override {
                          if (i == kBatches) return nullptr;
                          graph::random::Generator rng(static_cast<std::uint64_t>(i++));
                          columns = {.x = {rng.normal({4, 2, 2})}, .y = {rng.normal({4, 1})}};
                          return &columns;
                        }
                      };
                      return std::make_shared<Ramp>();  // it does not tell where it is
                    }};
  expect_resumes(run, {4, 5, 2}, 1);
}

TEST(BackupAndRestore, OtherCallbacksGoOn) {
  const TemporaryFolder folder;
  const auto run_in = [&](const std::string& name) {
    return Program{[] {
                     models::Sequential model({layers::Dense(3, {.activation = "relu", .input_shape = {4}}),
                                               layers::Dense(1, {.activation = "sigmoid"})});
                     model.compile({.optimizer = optimizers::SGD({.learning_rate = 0.3}),
                                    .loss = "binary_crossentropy",
                                    .metrics = {"accuracy"}});
                     return models::Model(model);
                   },
                   [&folder, name] {
                     const auto in = folder / name;
                     std::filesystem::create_directories(in);
                     return std::vector<Shared<Callback>>{
                         EarlyStopping({.monitor = "val_loss", .patience = 3, .restore_best_weights = true}),
                         ReduceLROnPlateau({.monitor = "val_loss", .factor = 0.5, .patience = 1}),
                         LearningRateScheduler([](int, double rate) { return rate * 1.1; }),
                         ModelCheckpoint({.filepath = in / "{epoch}.h5", .save_weights_only = true, .max_to_keep = 2}),
                         CSVLogger(in / "log.csv")};
                   },
                   {.epochs = 12, .validation_split = 0.3}};
  };
  const Outcome expected = outcome_of(run_in("whole"), {});
  const auto backup = [&] { return BackupAndRestore(folder / "b", {.save_freq = 3}); };
  for (const int at : {4, 8, 20, 3})
    EXPECT_THROW(outcome_of(run_in("parts"), {backup(), Shared<Callback>(std::make_shared<Killer>(at))}), Killed);
  expect_same(outcome_of(run_in("parts"), {backup()}), expected);
  EXPECT_EQ(tests::read_text(folder / "parts" / "log.csv"), tests::read_text(folder / "whole" / "log.csv"));
  std::vector<std::string> whole, parts;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "whole"))
    whole.push_back(entry.path().filename());
  for (const auto& entry : std::filesystem::directory_iterator(folder / "parts"))
    parts.push_back(entry.path().filename());
  EXPECT_THAT(parts, testing::UnorderedElementsAreArray(whole));
  EXPECT_EQ(whole.size(), 3u);  // two models and the log
}

// A step of one's own, whose optimizers have slots once it is described.
struct TwoOptimizers : models::Network {
  Shared<layers::Layer> dense = add_layer(layers::Dense(1), "dense");
  optimizers::Adam one{{.learning_rate = 0.1}}, two{{.learning_rate = 0.01}};
  Tensor call(const Tensor& x, Context& ctx) override { return dense(x, ctx); }
  void train_step(const Batch& batch, models::Step& step) override {
    const Tensors y_pred = step.call(batch.x);
    const Tensor error = batch.y[0] - y_pred[0];
    const auto weights = dense->trainable_weights();
    step.minimise(error * error, one, {weights[0]});
    step.minimise(error * error, two, {weights[1]});
    step.track("squares", error * error);
  }
  void state(StateVisitor& v) override {
    Network::state(v);
    v.part("one", *one);
    v.part("two", *two);
  }
};

TEST(BackupAndRestore, KeepsOptimizersOfOnesOwnStep) {
  const Program run{[] {
                      models::Model model(share(TwoOptimizers()));
                      model.compile({});
                      return model;
                    },
                    {},
                    {.epochs = 3}};
  expect_resumes(run, {3, 8}, 2);
}

Program plain_run() {
  return {[] {
            models::Sequential model({layers::Dense(2, {.input_shape = {4}}), layers::Dense(1)});
            model.compile({.optimizer = "adam", .loss = "mse"});
            return model;
          },
          {},
          {.epochs = 3}};
}

// Leaves two checkpoints, behind the second and the fourth batch.
void put_down(const Program& run, const std::filesystem::path& folder) {
  EXPECT_THROW(outcome_of(run, {BackupAndRestore({.backup_dir = folder, .save_freq = 2, .delete_checkpoint = false}),
                                Shared<Callback>(std::make_shared<Killer>(5))}),
               Killed);
  ASSERT_TRUE(std::filesystem::exists(folder / "checkpoint-1.h5"));
  ASSERT_TRUE(std::filesystem::exists(folder / "checkpoint-2.h5"));
}

TEST(BackupAndRestore, PassesOverADamagedCheckpoint) {
  const TemporaryFolder folder;
  const Outcome expected = outcome_of(plain_run(), {});
  put_down(plain_run(), folder.path());
  const auto newest = folder / "checkpoint-2.h5";
  const std::string whole = tests::read_text(newest);
  const auto kernel = std::get<Array>(*saving::read_checkpoint(newest).find("model/dense/kernel"));
  const std::size_t at = whole.find(std::string(reinterpret_cast<const char*>(kernel.bytes()), kernel.nbytes()));
  ASSERT_NE(at, std::string::npos);
  std::string turned = whole;
  turned[at] = static_cast<char>(turned[at] ^ 1);
  for (const std::string& damaged :
       {whole.substr(0, whole.size() / 2), std::string(), std::string("no file"), turned}) {
    tests::write_text(newest, damaged);
    tests::write_text(folder / ".cornu-1-1.tmp", "left by a killed process");
    const tests::CapturedStream errors(std::cerr);
    expect_same(outcome_of(plain_run(),
                           {
                               BackupAndRestore({.backup_dir = folder.path(), .delete_checkpoint = false}),
                           }),
                expected);
    EXPECT_THAT(errors.text(), HasSubstr("Warning: BackupAndRestore: " + newest.string() + " is passed over: "));
    EXPECT_FALSE(std::filesystem::exists(folder / ".cornu-1-1.tmp"));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) std::filesystem::remove(entry.path());
    put_down(plain_run(), folder.path());
  }
}

TEST(BackupAndRestore, RefusesACheckpointOfAnotherModel) {
  const TemporaryFolder folder;
  put_down(plain_run(), folder.path());
  const auto text_of = [&](const Program& run) {
    utils::set_random_seed(7);
    auto model = run.model();
    const auto before = model.get_weights();
    FitConfig config = run.config;
    if (!config.batch_size) config.batch_size = kBatch;
    config.verbose = 0;
    config.callbacks = {BackupAndRestore(folder.path())};
    const auto [x, y] = some_data();
    const std::string text = error_text<ValueError>([&, x = x, y = y] { model.fit(x, y, config); });
    EXPECT_TRUE(same_bits(model.get_weights(), before)) << "the model is changed";
    return text;
  };
  const auto compiled = [](models::Sequential model, const char* optimizer) {
    model.compile({.optimizer = optimizer, .loss = "mse"});
    return models::Model(model);
  };
  const std::string start = "BackupAndRestore: " + (folder / "checkpoint-2.h5").string() + " is of another run: ",
                    end = ". Take another backup_dir, or remove it if that run is not to go on";
  Program run = plain_run();
  run.model = [&] { return compiled({layers::Dense(3, {.input_shape = {4}}), layers::Dense(1)}, "adam"); };
  EXPECT_EQ(text_of(run), start +
                              "model/dense/kernel has shape (4, 2) and dtype float32 there, shape (4, 3) and "
                              "dtype float32 here" +
                              end);
  run.model = [&] { return compiled({layers::Dense(1, {.input_shape = {4}})}, "adam"); };
  EXPECT_THAT(text_of(run), HasSubstr("model/dense/kernel has shape (4, 2)"));
  run.model = [&] {
    return compiled({layers::Dense(2, {.input_shape = {4}}), layers::Dense(1), layers::Dense(1)}, "adam");
  };
  EXPECT_EQ(text_of(run), start + "model/dense_2/kernel is not there" + end);
  run.model = [&] { return compiled({layers::Dense(2, {.input_shape = {4}}), layers::Dense(1)}, "sgd"); };
  EXPECT_THAT(text_of(run), HasSubstr(" is not here"));
  run = plain_run();
  run.config.batch_size = 4;
  EXPECT_EQ(text_of(run), start + "an epoch has 6 batches there and 11 here" + end);
  run = plain_run();
  run.config.shuffle = false;
  EXPECT_THAT(text_of(run), HasSubstr("data/order_is_drawn is not here"));
}

TEST(BackupAndRestore, AFullDiskLeavesTheTrainingAndTheCheckpoints) {
  const TemporaryFolder folder;
  const Program run = plain_run();
  const Outcome expected = outcome_of(run, {});
  struct Fills : Callback {
    struct rlimit old {};
    void on_epoch_begin(int epoch, const Logs&) override {
      if (epoch != 1) return;
      ::getrlimit(RLIMIT_FSIZE, &old);
      struct rlimit small = old;
      small.rlim_cur = 1000;
      ::setrlimit(RLIMIT_FSIZE, &small);
    }
    void on_train_end(const Logs&) override { ::setrlimit(RLIMIT_FSIZE, &old); }
  };
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const tests::CapturedStream errors(std::cerr);
  const Outcome got = outcome_of(
      run, {BackupAndRestore({.backup_dir = folder.path(), .save_freq = 2, .delete_checkpoint = false}), Fills()});
  std::signal(SIGXFSZ, handler);
  expect_same(got, expected);
  EXPECT_THAT(errors.text(), HasSubstr("Warning: BackupAndRestore: a checkpoint could not be written, the ones before "
                                       "stay: [" +
                                       folder.path().string()));
  EXPECT_THAT(errors.text(), HasSubstr("File too large"));
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    ++files;
    EXPECT_FALSE(saving::read_checkpoint(entry.path()).entries().empty());
  }
  EXPECT_EQ(files, 2) << "the last two that were written";
}

TEST(BackupAndRestore, CanKeepItsCheckpointsAndGoOnWithMoreEpochs) {
  const TemporaryFolder folder;
  Program run = plain_run();
  const auto backup = [&] {
    return BackupAndRestore({.backup_dir = folder.path(), .double_checkpoint = false, .delete_checkpoint = false});
  };
  outcome_of(run, {backup()});
  EXPECT_TRUE(std::filesystem::exists(folder / "checkpoint-3.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "checkpoint-2.h5")) << "one was asked for";
  run.config.epochs = 5;
  expect_same(outcome_of(run, {backup()}), outcome_of(run, {}));
}

// A run that had stopped when it was killed does not train on.
TEST(BackupAndRestore, KnowsThatTheTrainingHadStopped) {
  struct Stops : Callback {
    void on_epoch_end(int epoch, const Logs&) override { model().stop_training = epoch == 1; }
  };
  const TemporaryFolder folder;
  Program run = plain_run();
  run.callbacks = [] { return std::vector<Shared<Callback>>{Stops()}; };
  const auto backup = [&] { return BackupAndRestore({.backup_dir = folder.path(), .delete_checkpoint = false}); };
  const Outcome expected = outcome_of(run, {backup()});
  EXPECT_EQ(expected.history[0].second.size(), 2u);
  expect_same(outcome_of(run, {backup()}), expected);
}

TEST(BackupAndRestore, WarnsOfACallbackThatItKnowsNothingOf) {
  const TemporaryFolder folder;
  Program run = plain_run();
  put_down(run, folder.path());
  run.callbacks = [] { return std::vector<Shared<Callback>>{EarlyStopping({.monitor = "loss", .patience = 9})}; };
  const tests::CapturedStream errors(std::cerr);
  expect_same(outcome_of(run, {BackupAndRestore(folder.path())}), outcome_of(plain_run(), {}));
  EXPECT_EQ(errors.text(),
            "Warning: BackupAndRestore: the checkpoint knows nothing of the callback "
            "cornu::keras::callbacks::EarlyStoppingCallback, which starts afresh\n");
}

TEST(BackupAndRestore, ChecksItsArguments) {
  EXPECT_EQ(error_text<ValueError>([] { BackupAndRestore(""); }), "BackupAndRestore: backup_dir is empty");
  EXPECT_EQ(error_text<ValueError>([] { BackupAndRestore("b", {.save_freq = 0}); }),
            "BackupAndRestore: save_freq must be \"epoch\" or a number of batches from 1 on, got 0");
  EXPECT_EQ(error_text<ValueError>([] { BackupAndRestore("b", {.save_freq = "batch"}); }),
            "BackupAndRestore: save_freq must be \"epoch\" or a number of batches from 1 on, got \"batch\"");
  const TemporaryFolder folder;
  tests::write_text(folder / "file", "");
  Program run = plain_run();
  EXPECT_THAT(error_text<IoError>([&] { outcome_of(run, {BackupAndRestore(folder / "file" / "b")}); }),
              HasSubstr("BackupAndRestore: cannot make the folder "));
}

}  // namespace
}  // namespace cornu::keras::callbacks

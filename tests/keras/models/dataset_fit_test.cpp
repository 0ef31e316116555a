// fit, evaluate and predict on Datasets, generators and Sequences.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <stdexcept>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/data/dataset.h"
#include "cornu/keras/data/sequence.h"
#include "cornu/keras/data/source.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/reshaping/reshape.h"
#include "cornu/keras/models/sequential.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/models/two_towers.h"
#include "tests/support/captured_stream.h"
#include "tests/support/copied_state.h"

namespace cornu::keras::models {
namespace {

using data::Dataset;
using data::Element;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::CapturedStream;
using tests::error_text;

const Array kInputs = tests::data(20, 3, 5), kTargets = tests::data(20, 1, 3);

Sequential compiled() {
  Sequential model({layers::Dense(1, {.kernel_initializer = "ones", .input_shape = {3}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

Dataset slices() { return Dataset::from_tensor_slices({kInputs, kTargets}); }

Dataset endless() {
  return Dataset::from_generator([i = std::int64_t{0}]() mutable -> std::optional<Element> {
    const std::int64_t at = i++ * 4 % 20;
    return Element{kInputs.slice(at, at + 4), kTargets.slice(at, at + 4)};
  });
}

TEST(DatasetFit, GivesTheBitsOfArrays) {
  Sequential from_data = compiled(), from_arrays = compiled();
  const Dataset batches = slices().batch(8);
  const History a = from_data.fit(batches, {.epochs = 3, .verbose = 0, .validation_data = slices().batch(5)});
  const History b = from_arrays.fit(kInputs, kTargets,
                                    {.batch_size = 8,
                                     .epochs = 3,
                                     .verbose = 0,
                                     .validation_data = {kInputs, kTargets},
                                     .shuffle = false,
                                     .validation_batch_size = 5});
  EXPECT_EQ(a["loss"], b["loss"]);
  EXPECT_EQ(a["val_loss"], b["val_loss"]);
  EXPECT_TRUE(array_equal(from_data.get_weights()[0], from_arrays.get_weights()[0]));
  EXPECT_EQ(from_data.evaluate(batches, {.verbose = 0})["loss"],
            from_arrays.evaluate(kInputs, kTargets, {.batch_size = 8, .verbose = 0})["loss"]);
  EXPECT_TRUE(array_equal(from_data.predict(batches), from_arrays.predict(kInputs, {.batch_size = 8})));
  EXPECT_EQ(from_data.predict(batches.repeat(), {.steps = 4}).shape(), (Shape{28, 1}));
}

TEST(DatasetFit, PredictionsDoNotLieInTheMemoryOfBatches) {
  Sequential model({layers::Reshape({1, 3}, {.input_shape = {3}})});  // hands on what it is given
  const Dataset shuffled = Dataset::from_tensor_slices(kInputs).shuffle(20, {.seed = 1}).batch(4);
  Array expected = zeros({0, 1, 3});
  for (const Element& batch : Dataset::from_tensor_slices(kInputs).shuffle(20, {.seed = 1}).batch(4))
    expected = concatenate({expected, batch[0].reshape({-1, 1, 3})});
  EXPECT_TRUE(array_equal(model.predict(shuffled), expected));
}

TEST(DatasetFit, PartsGoToInputsAndOutputsByName) {
  const Array left = tests::data(6, 2, 3), right = tests::data(6, 2, 5), digit{0, 1, 2, 0, 1, 2}, same = zeros({6, 1});
  const auto run = [&](auto fit) {
    Model model = tests::two_towers();
    model.compile({.optimizer = "sgd", .loss = {"sparse_categorical_crossentropy", "binary_crossentropy"}});
    return fit(model)["loss"];
  };
  const auto from_data = run([&](Model& model) {
    const Dataset named =
        Dataset::from_tensor_slices({{{"right", right}, {"left", left}}, {{"same", same}, {"digit", digit}}});
    return model.fit(named.batch(3), {.epochs = 2, .verbose = 0});
  });
  const auto from_arrays = run([&](Model& model) {
    return model.fit({left, right}, {digit, same}, {.batch_size = 3, .epochs = 2, .verbose = 0, .shuffle = false});
  });
  EXPECT_EQ(from_data, from_arrays);
  Model model = tests::two_towers();
  const Dataset inputs = Dataset::from_tensor_slices(Arrays{{"right", right}, {"left", left}}).batch(4);
  EXPECT_EQ(model.predict_outputs(inputs)["digit"].shape(), (Shape{6, 3}));
  EXPECT_THAT(error_text<ValueError>([&] { model.predict(inputs); }), HasSubstr("predict_outputs gives them all"));
}

TEST(DatasetFit, WeightsComeWithTheElementsOrByClass) {
  const Array labels = (kTargets > 0).astype(float32), weights = labels * 3 + 1;
  const auto weight = [&](const Dataset& d, const std::map<int, double>& class_weight) {
    Sequential model = compiled();
    model.fit(d, {.epochs = 2, .verbose = 0, .class_weight = class_weight});
    return model.get_weights()[0];
  };
  const Array by_sample = weight(Dataset::from_tensor_slices({kInputs, labels, weights.flatten()}).batch(4), {});
  const Array by_class = weight(Dataset::from_tensor_slices({kInputs, labels}).batch(4), {{0, 1.0}, {1, 4.0}});
  EXPECT_TRUE(array_equal(by_sample, by_class));
  EXPECT_FALSE(array_equal(by_sample, weight(Dataset::from_tensor_slices({kInputs, labels}).batch(4), {})));
  EXPECT_EQ(error_text<ValueError>([&] {
              weight(Dataset::from_tensor_slices({kInputs, labels, weights.flatten()}).batch(4), {{0, 1.0}});
            }),
            "class_weight and sample_weight cannot be given at the same time");
}

TEST(DatasetFit, DataWithoutAnEndNeedsSteps) {
  Sequential model = compiled();
  const Dataset forever = slices().batch(4).repeat();
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(forever, {.verbose = 0}); }),
            "fit: the data has no end: give steps_per_epoch");
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(slices().batch(4), {.verbose = 0, .validation_data = forever}); }),
            "fit: validation: the data has no end: give validation_steps");
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(forever, {.verbose = 0}); }),
            "evaluate: the data has no end: give steps");
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(forever); }), "predict: the data has no end: give steps");
  for (const Dataset& d : {forever, endless()}) {
    const History history = model.fit(d, {.epochs = 2, .verbose = 0, .steps_per_epoch = 7});
    EXPECT_EQ(history["loss"].size(), 2u);
  }
  EXPECT_EQ(model.optimizer()->iterations(), 28);
}

TEST(DatasetFit, DataThatEndsBeforeItsStepsIsWarnedOf) {
  Sequential model = compiled();
  const Dataset three = endless().take(3);
  std::string said;
  {
    const CapturedStream err(std::cerr);
    model.fit(three, {.epochs = 1, .verbose = 0, .steps_per_epoch = 5});
    said = err.text();
  }
  EXPECT_EQ(said, "Warning: the data ended after 3 of 5 steps of an epoch; Dataset.repeat() gives it no end\n");
}

TEST(DatasetFit, BarsOfUnknownLengthKnowItFromTheSecondEpochOn) {
  Sequential model = compiled();
  std::string said;
  {
    const CapturedStream out(std::cout);
    model.fit(endless().take(3), {.epochs = 2});
    said = out.text();
  }
  EXPECT_THAT(said, HasSubstr("Epoch 1/2\n3/3 [==============================] - "));
  EXPECT_THAT(said, HasSubstr("Epoch 2/2\n3/3 [==============================] - "));
}

TEST(DatasetFit, EmptyDataIsAnError) {
  Sequential model = compiled();
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(slices().take(0).batch(2), {.verbose = 0}); }),
            "fit: the data has no batches");
  const auto never = [](const Element&) { return false; };
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(slices().filter(never).batch(2), {.verbose = 0}); }),
            "fit: the data has no batches");
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(slices().filter(never).batch(2), {.verbose = 0}); }),
            "the data has no batches to evaluate");
  EXPECT_EQ(error_text<ValueError>([&] { model.predict(slices().filter(never).batch(2)); }),
            "predict: the data has no batches");
}

TEST(DatasetFit, WhatAGeneratorThrowsIsTheErrorAndNothingIsLost) {
  int begun = 0, ended = 0;
  callbacks::LambdaCallback count(
      {.on_epoch_begin = [&](int, const Logs&) { ++begun; }, .on_train_batch_end = [&](int, const Logs&) { ++ended; }});
  const Dataset broken = endless().enumerate().map([](const Element& e) {
    if (e[0].item<std::int64_t>() == 3) throw std::runtime_error("the camera was unplugged");
    return Element{e[1], e[2]};
  });
  for (const Dataset& d : {broken, broken.prefetch(2)}) {
    Sequential model = compiled();
    begun = ended = 0;
    EXPECT_EQ(error_text<std::runtime_error>(
                  [&] { model.fit(d, {.verbose = 0, .callbacks = {count}, .steps_per_epoch = 9}); }),
              "the camera was unplugged");
    EXPECT_EQ(begun, 1);
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(model.optimizer()->iterations(), 3);
    model.fit(endless(), {.verbose = 0, .callbacks = {count}, .steps_per_epoch = 9});
    EXPECT_EQ(ended, 12);
  }
}

TEST(DatasetFit, ARaggedBatchIsTheErrorAndNothingIsLost) {
  Sequential model = compiled();
  const Dataset ragged = slices().enumerate().map([](const Element& e) {
    const std::int64_t width = e[0].item<std::int64_t>() == 6 ? 2 : 3;
    return Element{e[1].slice(0, width), e[2]};
  });
  EXPECT_THROW(model.fit(ragged.batch(4), {.verbose = 0}), ShapeError);
  EXPECT_EQ(model.optimizer()->iterations(), 1);  // the first four are whole
  model.fit(slices().batch(4), {.verbose = 0});
  EXPECT_EQ(model.optimizer()->iterations(), 6);
}

TEST(DatasetFit, ClassesWeighTheSameInEveryKindOfData) {
  const Array labels = (kTargets > 0).astype(float32);
  const auto weight = [](const auto&... data_and_config) {
    Sequential model = compiled();
    model.fit(data_and_config...);
    return model.get_weights()[0];
  };
  const FitConfig config{.batch_size = 4, .verbose = 0, .shuffle = false, .class_weight = {{0, 1.0}, {1, 4.0}}};
  FitConfig of_source = config;
  of_source.batch_size = {};
  const Array expected = weight(kInputs, labels, config);
  const Dataset generated = Dataset::from_generator([labels, i = std::int64_t{0}]() mutable -> std::optional<Element> {
    if (i == 20) return std::nullopt;
    const std::int64_t at = i;
    i += 4;
    return Element{kInputs.slice(at, at + 4), labels.slice(at, at + 4)};
  });
  EXPECT_TRUE(array_equal(weight(generated, of_source), expected));
  EXPECT_TRUE(array_equal(weight(Dataset::from_tensor_slices({kInputs, labels}).batch(4), of_source), expected));
}

TEST(DatasetFit, WrongBatchesAreErrors) {
  Sequential model = compiled();
  EXPECT_THAT(error_text<ShapeError>([&] {
                model.fit(Dataset::from_tensor_slices({zeros({4, 2}), zeros({4, 1})}).batch(2), {.verbose = 0});
              }),
              HasSubstr("expected"));
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(slices().batch(2).enumerate().map([](const Element& e) {
                return Element({e.part(0), e.part(1), e.part(2), e.part(0)});
              }),
                        {.verbose = 0});
            }),
            "expected batches of inputs, targets and sample weights, got 4 parts: (int64(), float32(2, 3), "
            "float32(2, 1), int64())");
  EXPECT_EQ(error_text<ValueError>([&] {
              model.fit(Dataset::from_tensors(Element{zeros({3, 3}), zeros({2, 1})}), {.verbose = 0});
            }),
            "x has 3 samples, y has 2");
  EXPECT_EQ(error_text<ValueError>([&] { model.fit(slices().batch(2), {.verbose = 0, .validation_split = 0.5}); }),
            "fit: validation_split and sample_weight are for arrays; a source gives weights with its batches");
}

TEST(DatasetFit, WeightsOfArraysAreRefused) {
  Sequential model = compiled();
  EXPECT_EQ(error_text<ValueError>([&] { model.evaluate(slices().batch(2), {.sample_weight = ones({20})}); }),
            "evaluate: sample_weight is for arrays; a source gives weights with its batches");
}

TEST(DatasetFit, ValidatesAfterTheEpochsOfAList) {
  Sequential model = compiled();
  const auto validated = [&](ValidationFreq freq) {
    std::vector<int> epochs;
    callbacks::LambdaCallback note({.on_epoch_end = [&](int epoch, const Logs& logs) {
      if (logs.contains("val_loss")) epochs.push_back(epoch + 1);
    }});
    model.fit(slices().batch(10), {.epochs = 6,
                                   .verbose = 0,
                                   .callbacks = {note},
                                   .validation_data = slices().batch(10),
                                   .validation_freq = std::move(freq)});
    return epochs;
  };
  EXPECT_THAT(validated({1, 2, 5}), ElementsAre(1, 2, 5));
  EXPECT_THAT(validated(4), ElementsAre(4));
  EXPECT_THAT(validated(std::vector<int>{6}), ElementsAre(6));
  EXPECT_EQ(error_text<ValueError>([&] { validated({0, 1}); }), "validation_freq counts epochs from 1, got 0");
}

// Every batch that a source gives, from where it stands to the end of the pass that follows.
std::vector<float> rest(data::Source& source, int passes) {
  std::vector<float> firsts;
  for (int pass = 0; pass < passes; ++pass) {
    if (pass > 0) source.begin_epoch();
    while (const data::Columns* batch = source.next()) firsts.push_back(batch->x[0].data<float>()[0]);
    source.end_epoch();
  }
  return firsts;
}

TEST(DatasetFit, PositionsGoOnInAnotherProcess) {
  const Array x = arange(0, 40);
  const auto add_noise = [](const Element& e, random::Generator& rng) { return Element(e[0] + rng.next_double()); };
  const auto even = [](const Element& e) { return static_cast<int>(e[0].item<float>()) % 2 == 0; };
  const std::vector<std::function<Dataset()>> pipelines = {
      [&] { return Dataset::from_tensor_slices(x).shuffle(40).batch(4); },
      [&] { return Dataset::from_tensor_slices(x).shuffle(7, {.seed = 1}).map(add_noise).batch(4).prefetch(2); },
      [&] { return Dataset::from_tensor_slices(x).map(add_noise, {.num_parallel_calls = 2}).shuffle(9).batch(4); },
      [&] { return Dataset::from_tensor_slices(x).shuffle(40).cache().map(add_noise).batch(4); },
      [&] { return Dataset::from_tensor_slices(x).filter(even).shuffle(40).repeat(3).batch(4); },
      [&] {
        return Dataset::range(5)
            .interleave([&x](const Element&) { return Dataset::from_tensor_slices(x).take(6).shuffle(6); })
            .batch(4);
      },
  };
  for (std::size_t p = 0; p < pipelines.size(); ++p)
    for (const int done : {0, 3, 5}) {
      const auto first = pipelines[p]().source();
      tests::CopiedState state;
      first->begin_epoch();
      while (first->next() != nullptr) continue;
      first->begin_epoch();
      for (int i = 0; i < done; ++i) first->next();
      first->state(state);
      const std::vector<float> expected = rest(*first, 2);

      const auto other = pipelines[p]().source();  // seeds that are not given are others here
      state.give();
      other->state(state);
      EXPECT_EQ(rest(*other, 2), expected) << "pipeline " << p << " after " << done;
      EXPECT_GE(expected.size(), 10u);
    }
}

struct Squares : data::Sequence {
  explicit Squares(int workers) : Sequence({.workers = workers, .max_queue_size = 3}) {}
  std::optional<std::int64_t> size() const override { return 12; }
  Element batch(std::int64_t i) override {
    if (i == broken) throw std::runtime_error("batch 7 is broken");
    const Array x = full({2, 3}, static_cast<double>(i));
    return {x, x.slice(0, 1, 1, 1) * 2};
  }
  void on_epoch_end() override { ++epochs_ended; }
  std::int64_t broken = -1;
  int epochs_ended = 0;
};

TEST(SequenceFit, GivesBatchesInOrderWhateverTheNumberOfWorkers) {
  std::vector<std::vector<float>> orders;
  for (const int workers : {1, 3}) {
    Squares squares(workers);
    std::vector<float> order;
    squares.shuffle(random::Generator(4));
    for (int epoch = 0; epoch < 2; ++epoch) {
      squares.begin_epoch();
      while (const data::Columns* batch = squares.next()) order.push_back(batch->x[0].data<float>()[0]);
      squares.end_epoch();
    }
    EXPECT_EQ(order.size(), 24u);
    EXPECT_EQ(squares.epochs_ended, 2);
    orders.push_back(order);
  }
  EXPECT_EQ(orders[0], orders[1]);
  EXPECT_NE(std::vector(orders[0].begin(), orders[0].begin() + 12),
            std::vector(orders[0].begin() + 12, orders[0].end()));
}

TEST(SequenceFit, FeedsARunAndEndsItsEpochs) {
  const auto run = [](int workers, bool shuffle) {
    const auto squares = std::make_shared<Squares>(workers);
    Sequential model = compiled();
    const History history = model.fit(squares, {.epochs = 3, .verbose = 0, .shuffle = shuffle});
    EXPECT_EQ(squares->epochs_ended, 3);
    EXPECT_EQ(model.predict(squares).rows(), 24);
    EXPECT_EQ(squares->epochs_ended, 4);
    return history["loss"];
  };
  EXPECT_EQ(run(1, false), run(4, false));
  Sequential model = compiled();
  const auto broken = std::make_shared<Squares>(3);
  broken->broken = 7;
  EXPECT_EQ(error_text<std::runtime_error>([&] { model.fit(broken, {.verbose = 0, .shuffle = false}); }),
            "batch 7 is broken");
  EXPECT_EQ(model.optimizer()->iterations(), 7);
  broken->broken = -1;
  model.fit(broken, {.verbose = 0, .validation_data = std::make_shared<Squares>(2)});
  EXPECT_EQ(error_text<ValueError>([] { Squares(0); }), "Sequence: expected workers of at least 1, got 0");
}

TEST(SequenceFit, PositionsGoOnInAnotherProcess) {
  for (const int workers : {1, 3}) {
    Squares first(workers), other(workers);
    first.shuffle(random::Generator(4));
    other.shuffle(random::Generator(5));
    first.begin_epoch();
    while (first.next() != nullptr) continue;
    first.begin_epoch();
    for (int i = 0; i < 5; ++i) first.next();
    tests::CopiedState state;
    first.state(state);
    state.give();
    other.state(state);
    EXPECT_EQ(rest(other, 2), rest(first, 2));
  }
}

}  // namespace
}  // namespace cornu::keras::models

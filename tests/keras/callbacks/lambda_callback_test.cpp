#include "cornu/keras/callbacks/lambda_callback.h"

#include <gtest/gtest.h>

#include "tests/keras/callbacks/small_model.h"

namespace cornu::keras::callbacks {
namespace {

std::string told;  // what was called, in order

LambdaCallback all() {
  const auto on_number = [](const char* name) {
    return [name](int i, const Logs& logs) { told += graph::message(name, i, ':', logs.size(), ' '); };
  };
  const auto on_run = [](const char* name) {
    return [name](const Logs& logs) { told += graph::message(name, ':', logs.size(), ' '); };
  };
  return LambdaCallback({.on_epoch_begin = on_number("epoch_begin"),
                         .on_epoch_end = on_number("epoch_end"),
                         .on_train_begin = on_run("train_begin"),
                         .on_train_end = on_run("train_end"),
                         .on_train_batch_begin = on_number("train_batch_begin"),
                         .on_train_batch_end = on_number("train_batch_end"),
                         .on_test_batch_begin = on_number("test_batch_begin"),
                         .on_test_batch_end = on_number("test_batch_end"),
                         .on_predict_batch_begin = on_number("predict_batch_begin"),
                         .on_predict_batch_end = on_number("predict_batch_end"),
                         .on_test_begin = on_run("test_begin"),
                         .on_test_end = on_run("test_end"),
                         .on_predict_begin = on_run("predict_begin"),
                         .on_predict_end = on_run("predict_end")});
}

TEST(LambdaCallback, CallsEachFunctionInItsHook) {
  auto model = tests::small_model();
  const Array x = Array{0.f, 1.f, 2.f}.reshape({3, 1});
  told.clear();
  model.fit(x, x,
            {.batch_size = 2, .verbose = 0, .callbacks = {all()}, .validation_data = {x.slice(0, 1), x.slice(0, 1)}});
  EXPECT_EQ(
      told,
      "train_begin:0 epoch_begin0:0 train_batch_begin0:0 train_batch_end0:1 train_batch_begin1:0 train_batch_end1:1 "
      "test_begin:0 test_batch_begin0:0 test_batch_end0:1 test_end:1 epoch_end0:2 train_end:2 ");
  told.clear();
  model.evaluate(x, x, {.batch_size = 2, .verbose = 0, .callbacks = {all()}});
  EXPECT_EQ(told,
            "test_begin:0 test_batch_begin0:0 test_batch_end0:1 test_batch_begin1:0 test_batch_end1:1 test_end:1 ");
  told.clear();
  model.predict(x, {.batch_size = 2, .callbacks = {all()}});
  EXPECT_EQ(told,
            "predict_begin:0 predict_batch_begin0:0 predict_batch_end0:0 predict_batch_begin1:0 predict_batch_end1:0 "
            "predict_end:0 ");
}

TEST(LambdaCallback, DoesNothingInHooksWithoutAFunction) {
  auto model = tests::small_model();
  const Array x = Array{0.f, 1.f, 2.f}.reshape({3, 1});
  EXPECT_NO_THROW(model.fit(x, x, {.verbose = 0, .callbacks = {LambdaCallback()}, .validation_split = 0.4}));
  EXPECT_NO_THROW(model.predict(x, {.callbacks = {LambdaCallback()}}));
}

}  // namespace
}  // namespace cornu::keras::callbacks

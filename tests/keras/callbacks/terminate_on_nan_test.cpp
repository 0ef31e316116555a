#include "cornu/keras/callbacks/terminate_on_nan.h"

#include <gtest/gtest.h>

#include <cmath>
#include <iostream>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

using cornu::tests::CapturedStream;
using tests::Driven;
using tests::small_model;

TEST(TerminateOnNaN, StopsAtANaNOrInfiniteLoss) {
  for (const double bad : {static_cast<double>(NAN), static_cast<double>(INFINITY), -static_cast<double>(INFINITY)}) {
    const CapturedStream out(std::cout);
    Driven callback{TerminateOnNaN()};
    callback->on_train_batch_end(0, {{"loss", 1}, {"accuracy", bad}});
    callback->on_train_batch_end(1, {});
    EXPECT_FALSE(callback.model().stop_training);
    callback->on_train_batch_end(2, {{"loss", bad}});
    EXPECT_TRUE(callback.model().stop_training);
    EXPECT_EQ(out.text(), "Batch 2: Invalid loss, terminating training\n");
  }
}

TEST(TerminateOnNaN, ThrowsIfAsked) {
  Driven callback(TerminateOnNaN({.raise_error = true}));
  try {
    callback->on_train_batch_end(3, {{"loss", NAN}});
    FAIL() << "no error";
  } catch (const ValueError& e) {
    EXPECT_STREQ(e.what(),
                 "NaN or Inf loss encountered at batch 3. Loss value: nan. Terminating training immediately.");
  }
}

TEST(TerminateOnNaN, EndsAFitAtTheBatch) {
  const CapturedStream out(std::cout);
  auto model = small_model();
  const Array x = Array{1.f, 2.f, NAN, 3.f, 4.f, 5.f}.reshape({6, 1});
  int batches = 0, ends = 0;
  const History history = model.fit(
      x, x,
      {.batch_size = 1,
       .epochs = 3,
       .verbose = 0,
       .callbacks = {TerminateOnNaN(), LambdaCallback({.on_train_end = [&](const Logs&) { ++ends; },
                                                       .on_train_batch_end = [&](int, const Logs&) { ++batches; }})},
       .shuffle = false});
  EXPECT_EQ(batches, 3);
  EXPECT_EQ(ends, 1);
  EXPECT_EQ(history.epoch().size(), 1u);
  EXPECT_EQ(out.text(), "Batch 2: Invalid loss, terminating training\n");
}

}  // namespace
}  // namespace cornu::keras::callbacks

#include "cornu/keras/models/internal/interrupt.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"

namespace cornu::keras::models {
namespace {

using Handler = void (*)(int);

Handler handler_now() {
  struct sigaction now;
  sigaction(SIGINT, nullptr, &now);
  return now.sa_handler;
}

int own_signals = 0;
void own_handler(int) { ++own_signals; }

Sequential small() {
  Sequential model({layers::Dense(1, {.input_shape = {1}})});
  model.compile({.optimizer = "sgd", .loss = "mse"});
  return model;
}

const Array kX = arange(0, 10).reshape({10, 1});

class Interrupt : public testing::Test {
 protected:
  void SetUp() override { std::signal(SIGINT, SIG_DFL); }
  void TearDown() override { std::signal(SIGINT, SIG_DFL); }
};

TEST_F(Interrupt, EndsAFitAfterTheBatch) {
  auto model = small();
  int batches = 0, ends = 0;
  const callbacks::LambdaCallback spy({.on_epoch_end = [&](int, const Logs&) { ++ends; },
                                       .on_train_end = [&](const Logs&) { ends += 100; },
                                       .on_train_batch_end =
                                           [&](int, const Logs&) {
                                             if (++batches == 13) std::raise(SIGINT);
                                           }});
  const History history = model.fit(kX, kX, {.batch_size = 1, .epochs = 5, .verbose = 0, .callbacks = {spy}});
  EXPECT_TRUE(history.interrupted());
  EXPECT_EQ(batches, 13);
  EXPECT_EQ(ends, 101);  // one epoch is whole, and callbacks are told of the end
  EXPECT_EQ(history["loss"].size(), 1u);
  EXPECT_EQ(handler_now(), SIG_DFL);
  EXPECT_EQ(model.optimizer()->iterations(), 13);
  EXPECT_FALSE(model.fit(kX, kX, {.epochs = 2, .verbose = 0}).interrupted());  // the next one runs
}

TEST_F(Interrupt, EndsAFitBetweenEpochsAndInValidation) {
  auto model = small();
  const callbacks::LambdaCallback second({.on_epoch_end = [](int epoch, const Logs&) {
    if (epoch == 1) std::raise(SIGINT);
  }});
  const History between = model.fit(kX, kX, {.epochs = 5, .verbose = 0, .callbacks = {second}});
  EXPECT_TRUE(between.interrupted());
  EXPECT_EQ(between["loss"].size(), 2u);

  int tests = 0;
  const callbacks::LambdaCallback spy({.on_test_batch_end = [&](int, const Logs&) {
    if (++tests == 2) std::raise(SIGINT);
  }});
  const History in_validation =
      model.fit(kX, kX, {.batch_size = 1, .epochs = 5, .verbose = 0, .callbacks = {spy}, .validation_data = {kX, kX}});
  EXPECT_TRUE(in_validation.interrupted());
  EXPECT_EQ(tests, 2);
  EXPECT_TRUE(in_validation.epoch().empty());
  EXPECT_EQ(handler_now(), SIG_DFL);
}

TEST_F(Interrupt, RespectsTheProgramsOwnHandler) {
  std::signal(SIGINT, own_handler);
  own_signals = 0;
  auto model = small();
  const callbacks::LambdaCallback each({.on_epoch_begin = [](int, const Logs&) { std::raise(SIGINT); }});
  const History history = model.fit(kX, kX, {.epochs = 3, .verbose = 0, .callbacks = {each}});
  EXPECT_FALSE(history.interrupted());
  EXPECT_EQ(history["loss"].size(), 3u);
  EXPECT_EQ(own_signals, 3);
  EXPECT_EQ(handler_now(), own_handler);

  std::signal(SIGINT, SIG_IGN);
  EXPECT_FALSE(model.fit(kX, kX, {.verbose = 0, .callbacks = {each}}).interrupted());
  EXPECT_EQ(handler_now(), SIG_IGN);
}

TEST_F(Interrupt, KeepsAHandlerThatIsSetWhileItWatches) {
  {
    const InterruptWatch watch;
    std::signal(SIGINT, own_handler);
  }
  EXPECT_EQ(handler_now(), own_handler);
}

TEST_F(Interrupt, GivesTheHandlerBackAfterAnError) {
  auto model = small();
  const callbacks::LambdaCallback bad({.on_epoch_begin = [](int, const Logs&) { throw ValueError("no"); }});
  EXPECT_THROW(model.fit(kX, kX, {.verbose = 0, .callbacks = {bad}}), ValueError);
  EXPECT_EQ(handler_now(), SIG_DFL);
}

TEST_F(Interrupt, TheLastOfSeveralWatchesGivesItBack) {
  std::optional<InterruptWatch> first(std::in_place), second(std::in_place);
  EXPECT_NE(handler_now(), SIG_DFL);
  first.reset();
  EXPECT_NE(handler_now(), SIG_DFL);
  std::raise(SIGINT);
  EXPECT_TRUE(second->interrupted());
  second.reset();
  EXPECT_EQ(handler_now(), SIG_DFL);
  const InterruptWatch third;
  EXPECT_FALSE(third.interrupted());
}

TEST_F(Interrupt, ASecondOneEndsTheProcess) {
  const pid_t child = fork();
  if (child == 0) {
    const InterruptWatch watch;
    std::raise(SIGINT);
    if (!watch.interrupted()) _exit(2);
    std::raise(SIGINT);
    _exit(3);  // not reached
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "exit status " << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

}  // namespace
}  // namespace cornu::keras::models

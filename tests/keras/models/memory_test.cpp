// Resident memory stays flat, however many sizes a model predicts and however often it is trained: plans are bounded
// and dropped ones are freed.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "cornu/graph/array/random.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"

namespace cornu::keras {
namespace {

double resident_mb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0, resident = 0;
  statm >> pages >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// How many MB more the last tenth of the calls needs than the first: the most in each, as it depends on the sizes of
/// the moment.
template <class F>
double growth(int calls, F&& call) {
  double early = 0, late = 0;
  for (int i = 0; i < calls; ++i) {
    call(i);
    if (i < calls / 10) early = std::max(early, resident_mb());
    if (i >= calls - calls / 10) late = std::max(late, resident_mb());
  }
  return late - early;
}

// This process is small: what the C library's allocator keeps free varies by some hundred KB. A plan that is not freed
// is some 50 KB.
constexpr double kFlat = 2;

bool sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

models::Sequential classifier() {
  models::Sequential model(
      {layers::Dense(32, {.activation = "relu", .input_shape = {64}}), layers::Dense(10, {.activation = "softmax"})});
  model.set_threads(1);
  model.compile({.optimizer = "rmsprop", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  return model;
}

TEST(Memory, IsFlatOverPredictionsOfManySizes) {
  if (sanitized()) GTEST_SKIP() << "sanitizers keep what is freed";
  constexpr int kSizes = 500;
  const auto model = classifier();
  const Array x = random::Generator(1).uniform({kSizes, 64});
  const auto predict = [&](int i) { model.predict(x.slice(0, 1 + i * 7 % kSizes), {.batch_size = kSizes}); };
  for (int i = 0; i < 2 * kSizes; ++i) predict(i);  // as many plans as are kept, and some that others have replaced
  EXPECT_LE(growth(2000, predict), kFlat);
}

TEST(Memory, IsFlatOverFits) {
  if (sanitized()) GTEST_SKIP() << "sanitizers keep what is freed";
  auto model = classifier();
  random::Generator rng(1);
  const Array x = rng.uniform({100, 64}), y = rng.integers({100}, 0, 10);
  EXPECT_LE(growth(200, [&](int) { model.fit(x, y, {.batch_size = 32, .verbose = 0, .validation_split = 0.2}); }),
            kFlat);
}

// A fresh Training each time, as a program has it that tries many settings.
TEST(Memory, IsFlatOverCompiles) {
  if (sanitized()) GTEST_SKIP() << "sanitizers keep what is freed";
  auto model = classifier();
  random::Generator rng(1);
  const Array x = rng.uniform({32, 64}), y = rng.integers({32}, 0, 10);
  EXPECT_LE(growth(200,
                   [&](int) {
                     model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
                     model.fit(x, y, {.verbose = 0});
                   }),
            kFlat);
}

}  // namespace
}  // namespace cornu::keras

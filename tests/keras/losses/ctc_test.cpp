#include "cornu/keras/losses/ctc.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/keras/expect_error.h"
#include "tests/support/evaluate.h"
#include "tests/support/keras_samples.h"

namespace cornu::keras::losses {
namespace {

using cornu::tests::error_text;
using cornu::tests::evaluate;
using graph::Array;

const bool samples = cornu::tests::register_keras_samples([] {
  const Array t{{1.f, 2.f}, {2.f, 0.f}};
  const Array p =
      Array{0.2f, 0.5f, 0.3f, 0.4f, 0.1f, 0.9f, 0.7f, 0.6f, 0.3f, 0.1f, 0.8f, 0.2f, 0.3f, 0.9f, 0.4f, 0.5f, 0.2f, 0.6f}
          .reshape({2, 3, 3});
  return cornu::tests::KerasSamples{{"loss", "CTC", R"({"reduction": "sum", "name": "n"})", false, t, p}};
});

// Of two steps with three equally probable classes, 3 of the 9 sequences read as "1": 11, 01, 10.
TEST(CTCTest, RowsAreFilledUpWithZeros) {
  EXPECT_NEAR(evaluate(CTC()(Array{{1, 0, 0}}, graph::zeros({1, 2, 3}))).item<float>(), std::log(3.f), 1e-6);
  EXPECT_NEAR(evaluate(ctc(Array{{1, 2}}, graph::zeros({1, 2, 3}))).item<float>(), std::log(9.f), 1e-6);
}

TEST(CTCTest, SaysWhatIsWrong) {
  EXPECT_EQ(
      error_text<ShapeError>([] {
        CTC()(Array{1, 2}, graph::zeros({2, 2, 3}));
      }),
      "loss 'ctc' expects labels (batch, labels) and logits (batch, steps, classes), got shapes (2,) and (2, 2, 3)");
  EXPECT_EQ(error_text<ValueError>([] {
              CTC().check_targets(Array{{1, 3}}, {kUnknown, 5, 3});
            }),
            "[CTC] labels must be class numbers from 0 to 2 for predictions of 3 classes; label number 1 is 3");
}

}  // namespace
}  // namespace cornu::keras::losses

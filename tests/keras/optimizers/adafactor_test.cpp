#include "cornu/keras/optimizers/adafactor.h"

#include <cmath>

#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {"optimizer", "Adafactor",
       R"({"learning_rate": 0.5, "beta_2_decay": -0.5, "epsilon_1": 0.125, "epsilon_2": 0.25, "clip_threshold": 2.0,
           "relative_step": false, "weight_decay": 0.25, BASE})"}};
});

TEST(Adafactor, FollowsItsFormulaForVectors) {
  expect_rule(Adafactor({.learning_rate = 0.1, .epsilon_1 = 1e-3}), [v = 0., w = 1.](double g, int t) mutable {
    const double kept = 1 - std::pow(t, -0.8);
    v = kept * v + (1 - kept) * (g * g + 1e-3);
    const double u = g / std::sqrt(v), rate = std::max(1e-3, std::abs(w)) * std::min(0.1, 1 / std::sqrt(t));
    return w -= rate * u / std::max(1., std::abs(u));
  });
}

TEST(Adafactor, RemembersRowsAndColumnsOfMatrices) {
  tests::Descent d(Adafactor({.learning_rate = 0.1, .beta_2_decay = -0.5, .clip_threshold = 0.5}),
                   {Variable(graph::Array{{1.f, 2.f}, {3.f, -4.f}, {0.5f, 1.f}}, "w")});
  double w[3][2] = {{1, 2}, {3, -4}, {0.5, 1}}, rows[3] = {}, columns[2] = {};
  for (int t = 1; t <= 3; ++t) {
    graph::Array gradient(graph::Shape{3, 2});
    double g[3][2];
    for (int i = 0; i < 6; ++i) {
      const auto number = static_cast<float>((i * 7 + t * 3) % 5 - 1.5);
      gradient.data<float>()[i] = number, g[i / 2][i % 2] = number;
    }
    const double kept = 1 - std::pow(t, -0.5);
    double mean_row = 0, squares = 0, weights = 0, u[3][2];
    for (int i = 0; i < 3; ++i) {
      rows[i] = kept * rows[i] + (1 - kept) * (g[i][0] * g[i][0] + g[i][1] * g[i][1]) / 2;
      mean_row += rows[i] / 3;
    }
    for (int j = 0; j < 2; ++j)
      columns[j] = kept * columns[j] + (1 - kept) * (g[0][j] * g[0][j] + g[1][j] * g[1][j] + g[2][j] * g[2][j]) / 3;
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 2; ++j) {
        u[i][j] = g[i][j] / std::sqrt(rows[i] / mean_row * columns[j]);
        squares += u[i][j] * u[i][j] / 6;
        weights += w[i][j] * w[i][j] / 6;
      }
    const double factor = std::sqrt(weights) * 0.1 / std::max(1., std::sqrt(squares) / 0.5);
    d.step({gradient});
    for (int i = 0; i < 6; ++i) {
      w[i / 2][i % 2] -= factor * u[i / 2][i % 2];
      EXPECT_NEAR(d.value(0, i), w[i / 2][i % 2], 2e-5) << t << ' ' << i;
    }
  }
}

TEST(Adafactor, KeepsItsSlotsInEveryKerasOrder) {
  const Adafactor adafactor;
  EXPECT_THAT(weight_names(adafactor, two_variables({4, 2, 3})),
              ElementsAre("adafactor/iteration", "adafactor/learning_rate", "adafactor/d_a_r", "adafactor/d_a_c",
                          "adafactor/d_a_velocity", "adafactor/d/b", "adafactor/d/b", "adafactor/d_b_velocity"));
  const auto variables = adafactor->variables();
  EXPECT_EQ(variables[2].shape(), (graph::Shape{4, 2}));
  EXPECT_EQ(variables[3].shape(), (graph::Shape{4, 3}));
  EXPECT_EQ(variables[5].dtype(), graph::int32) << "stands in Keras 3 for rows that there are not";
  EXPECT_THAT(slot_names(Adafactor(), two_variables({2, 3})), ElementsAre("r/d/a", "c/d/a", "v/d/a", "v/d/b"));
}

TEST(Adafactor, RefusesArguments) {
  EXPECT_THAT([] { Adafactor({.beta_2_decay = std::nan("")}); }, refuses("[adafactor] `beta_2_decay`"));
  EXPECT_THAT([] { Adafactor({.epsilon_1 = -1}); }, refuses("[adafactor] `epsilon_1`"));
  EXPECT_THAT([] { Adafactor({.epsilon_2 = -1}); }, refuses("[adafactor] `epsilon_2`"));
  EXPECT_THAT([] { Adafactor({.clip_threshold = 0}); },
              refuses("[adafactor] `clip_threshold` must be a finite number > 0, got 0"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

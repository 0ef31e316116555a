#include "cornu/keras/optimizers/lamb.h"

#include <cmath>

#include "tests/keras/optimizers/rules.h"
#include "tests/support/evaluate.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "optimizer",
       .class_name = "Lamb",
       .config =
           R"({"learning_rate": 0.5, "beta_1": 0.5, "beta_2": 0.75, "epsilon": 0.125, "weight_decay": 0.25, BASE})",
       .in_keras2 = false}};
});

TEST(Lamb, StepsAreAsLongAsTheVariable) {
  const std::vector<std::array<float, 2>> gradients = {{1.f, -2.f}, {0.5f, 1e-5f}, {0.f, 0.f}, {3.f, 1.f}};
  tests::Descent d(Lamb({.learning_rate = 0.1, .beta_1 = 0.8, .beta_2 = 0.9, .epsilon = 0.01}),
                   {Variable(graph::Array{3.f, -4.f}, "w")});
  std::array<double, 2> m{}, v{}, w{3, -4}, update{};
  for (std::size_t t = 1; t <= gradients.size(); ++t) {
    for (int i = 0; i < 2; ++i) {
      const double g = gradients[t - 1][i];
      m[i] = 0.8 * m[i] + 0.2 * g;
      v[i] = 0.9 * v[i] + 0.1 * g * g;
      update[i] = m[i] / (1 - std::pow(0.8, t)) / (std::sqrt(v[i] / (1 - std::pow(0.9, t))) + 0.01);
    }
    const double ratio = std::hypot(w[0], w[1]) / std::hypot(update[0], update[1]);
    for (int i = 0; i < 2; ++i) w[i] -= ratio * 0.1 * update[i];
    d.step({graph::Array{gradients[t - 1][0], gradients[t - 1][1]}});
    for (int i = 0; i < 2; ++i) EXPECT_NEAR(d.value(0, i), w[i], 2e-5) << t;
  }
}

TEST(Lamb, NormsOfZeroDoNotCount) {
  tests::Descent zero(Lamb({.learning_rate = 0.5, .epsilon = 0}), {Variable(graph::Array{0.f}, "w")});
  EXPECT_THAT(zero.values({2.f}), ElementsAre(testing::FloatNear(-0.5f, 1e-5))) << "a step of Adam";
  tests::Descent still = tests::descent_from_one(Lamb());
  EXPECT_THAT(still.values({0.f}), ElementsAre(1.f));
}

TEST(Lamb, KeepsItsSlotsInKerasOrder) {
  EXPECT_THAT(weight_names(Lamb(), two_variables()),
              ElementsAre("lamb/iteration", "lamb/learning_rate", "lamb/d_a_momentum", "lamb/d_a_velocity",
                          "lamb/d_b_momentum", "lamb/d_b_velocity"));
}

TEST(Lamb, RefusesArguments) {
  EXPECT_THAT([] { Lamb({.beta_2 = 1}); }, refuses("[lamb] `beta_2` must be in [0, 1), got 1"));
  EXPECT_THAT([] { Lamb({.epsilon = -1}); }, refuses("[lamb] `epsilon`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

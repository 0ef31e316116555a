#include "cornu/keras/optimizers/muon.h"

#include <cmath>

#include "cornu/ops/matmul.h"
#include "tests/keras/optimizers/rules.h"

namespace cornu::keras::optimizers {
namespace {

using testing::ElementsAre;

const bool samples = cornu::tests::register_keras_samples([] {
  return cornu::tests::KerasSamples{
      {.kind = "optimizer",
       .class_name = "Muon",
       .config = R"({"learning_rate": 0.5, "adam_beta_1": 0.5, "adam_beta_2": 0.75, "adam_weight_decay": 0.125,
                     "epsilon": 0.125, "weight_decay": 0.25, BASE, "exclude_layers": ["out"],
                     "exclude_embeddings": false, "muon_a": 3.0, "muon_b": -4.0, "muon_c": 2.0, "adam_lr_ratio": 0.5,
                     "momentum": 0.75, "ns_steps": 3, "nesterov": false, "rms_rate": 0.25})",
       .in_keras2 = false}};
});

Variable matrix(const std::string& name, int rows, int columns) {
  return Variable(graph::full({rows, columns}, 1, graph::float32), name);
}

/// A gradient with singular values 3, 2 and 0.5, by rotations of a diagonal matrix.
graph::Array gradient(int rows, int columns) {
  const double c = std::cos(0.5), s = std::sin(0.5), d[3] = {3, 2, 0.5};
  const double left[3][3] = {{c, -s, 0}, {s, c, 0}, {0, 0, 1}}, right[3][3] = {{1, 0, 0}, {0, c, -s}, {0, s, c}};
  graph::Array g = graph::zeros({rows, columns});
  for (int i = 0; i < rows && i < 3; ++i)
    for (int j = 0; j < columns && j < 3; ++j)
      for (int k = 0; k < 3; ++k)
        g.data<float>()[i * columns + j] += static_cast<float>(left[i][k] * d[k] * right[j][k]);
  return g;
}

TEST(Muon, MakesAllSingularValuesOfAStepAlike) {
  // Three of one shape, more rows and more columns: with two more rows or columns of zeros the step is the same there.
  const auto step = [](int rows, int columns, const MuonConfig& config) {
    tests::Descent d(Muon(config), {matrix("dense/kernel", rows, columns)});
    d.step({gradient(rows, columns)});
    return graph::Array(d.variables[0].value());
  };
  for (const auto& [rows, columns] : {std::pair{3, 3}, std::pair{5, 3}, std::pair{3, 5}}) {
    const graph::Array w =
        step(rows, columns,
             {.learning_rate = 1, .adam_weight_decay = 0.5, .weight_decay = std::nullopt, .rms_rate = std::nullopt});
    const auto at = [&, n = columns](int i, int j) { return 1 - w.data<float>()[i * n + j]; };
    // X X^T is near to 1 on its diagonal and to 0 beside it.
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < 3; ++j) {
        double product = 0;
        for (int k = 0; k < 3; ++k) product += at(i, k) * at(j, k);
        EXPECT_NEAR(product, i == j ? 1 : 0, 0.5) << rows << ' ' << columns << ' ' << i << ' ' << j;
      }
  }
  const double scaled = 1 - step(3, 5, {.learning_rate = 1, .weight_decay = std::nullopt}).data<float>()[0];
  const double plain =
      1 - step(3, 5, {.learning_rate = 1, .weight_decay = std::nullopt, .rms_rate = std::nullopt}).data<float>()[0];
  EXPECT_NEAR(scaled / plain, 0.2 * std::sqrt(5), 1e-4);
}

TEST(Muon, FollowsItsFormula) {
  // Of a matrix with one element X stays a number, and the iteration is a polynomial.
  for (const bool nesterov : {true, false}) {
    tests::Descent d(
        Muon({.learning_rate = 0.1, .weight_decay = 0.5, .momentum = 0.75, .ns_steps = 2, .nesterov = nesterov}),
        {matrix("dense/kernel", 1, 1)});
    double m = 0, w = 1;
    for (const float g : {1.f, -2.f, 0.5f, 3.f}) {
      m = 0.75 * m + g;
      double x = nesterov ? g + 0.75 * m : m;
      x /= std::abs(x) + 1e-7;
      for (int i = 0; i < 2; ++i) x = 3.4445 * x + (-4.775 * x * x + 2.0315 * x * x * x * x) * x;
      w -= w * 0.1 * 0.5;
      w -= 0.1 * 0.2 * x;
      d.step({graph::Array{{g}}});
      EXPECT_NEAR(d.value(), w, 2e-5) << nesterov << ' ' << g;
    }
  }
}

TEST(Muon, TakesAdamsStepsForEverythingElse) {
  expect_rule(Muon({.learning_rate = 0.1,
                    .adam_beta_1 = 0.8,
                    .adam_beta_2 = 0.9,
                    .adam_weight_decay = 0.25,
                    .epsilon = 0.01,
                    .adam_lr_ratio = 0.5}),
              [m = 0., v = 0., w = 1.](double g, int t) mutable {
                m = 0.8 * m + 0.2 * g;
                v = 0.9 * v + 0.1 * g * g;
                w -= w * 0.1 * 0.25;
                return w -= 0.05 * std::sqrt(1 - std::pow(0.9, t)) / (1 - std::pow(0.8, t)) * m / (std::sqrt(v) + 0.01);
              });
  const std::vector<Variable> variables = {matrix("hidden/kernel", 2, 2), matrix("Embedding_1/embeddings", 2, 2),
                                           matrix("output/kernel", 2, 2), Variable(graph::Array{1.f}, "hidden/bias")};
  EXPECT_THAT(weight_names(Muon({.exclude_layers = {"out.*/ker"}}), variables),
              ElementsAre("muon/iteration", "muon/learning_rate", "muon/hidden_kernel_momentum",
                          "muon/Embedding_1_embeddings_momentum", "muon/Embedding_1_embeddings_velocity",
                          "muon/output_kernel_momentum", "muon/output_kernel_velocity", "muon/hidden_bias_momentum",
                          "muon/hidden_bias_velocity"));
  EXPECT_EQ(weight_names(Muon({.exclude_embeddings = false}), variables).size(), 2u + 3 + 2);
}

TEST(Muon, DecaysWhatIsNotExcluded) {
  const Muon muon({.learning_rate = 1, .adam_weight_decay = 0.5, .weight_decay = 0.25});
  muon->exclude_from_weight_decay({}, {"kept"});
  tests::Descent d(
      muon, {matrix("a/kernel", 2, 2), Variable(graph::Array{1.f}, "a/bias"), Variable(graph::Array{1.f}, "kept")});
  d.step({graph::zeros({2, 2}), graph::Array{0.f}, graph::Array{0.f}});
  EXPECT_FLOAT_EQ(d.value(0), 0.75f);
  EXPECT_FLOAT_EQ(d.value(1), 0.5f);
  EXPECT_FLOAT_EQ(d.value(2), 1.f);
}

TEST(Muon, RefusesArguments) {
  EXPECT_THAT([] { Muon({.adam_beta_1 = 1}); }, refuses("[muon] `adam_beta_1` must be in [0, 1), got 1"));
  EXPECT_THAT([] { Muon({.adam_weight_decay = -1}); }, refuses("[muon] `adam_weight_decay`"));
  EXPECT_THAT([] { Muon({.exclude_layers = {"("}}); }, refuses("[muon] exclude_layers: '(' is no regular expression"));
  EXPECT_THAT([] { Muon({.muon_b = std::nan("")}); }, refuses("[muon] `muon_b` must be a finite number, got nan"));
  EXPECT_THAT([] { Muon({.momentum = 2}); }, refuses("[muon] `momentum`"));
  EXPECT_THAT([] { Muon({.ns_steps = -1}); }, refuses("[muon] `ns_steps`"));
  EXPECT_THAT([] { Muon({.rms_rate = -1}); }, refuses("[muon] `rms_rate`"));
}

}  // namespace
}  // namespace cornu::keras::optimizers

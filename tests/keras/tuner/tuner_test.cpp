#include <gmock/gmock.h>

#include <set>
#include <sstream>

#include "cornu/io/tensorboard/event_reader.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/keras/tuner/hyperband.h"
#include "cornu/keras/tuner/random_search.h"
#include "cornu/keras/utils/random_seed.h"
#include "tests/io/mutations.h"

namespace cornu::keras::tuner {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using tests::TemporaryFolder;

class TunerTest : public testing::Test {
 protected:
  RandomSearchConfig config(int max_trials, const std::string& name = "search") {
    RandomSearchConfig c{.objective = {"objective", "min"}, .max_trials = max_trials, .seed = 7};
    c.directory = folder_.path().string();
    c.project_name = name;
    return c;
  }
  static std::vector<double> scores(const Tuner& tuner) {
    std::vector<double> scores;
    for (const Trial& trial : tuner.trials()) scores.push_back(trial.score.value_or(-1));
    return scores;
  }
  TemporaryFolder folder_;
};

double parabola(HyperParameters& hp) {
  const double x = hp.Float("x", -1, 1), shift = hp.Choice("shift", {0.0, 0.5});
  return (x - shift) * (x - shift);
}

TEST_F(TunerTest, SearchesAFunction) {
  RandomSearch search(config(30));
  search.search(parabola);
  ASSERT_EQ(search.trials().size(), 30u);
  const Trial best = search.get_best_trials()[0];
  EXPECT_LT(*best.score, 0.01);
  const std::vector<double> all = scores(search);
  EXPECT_EQ(*best.score, *std::min_element(all.begin(), all.end()));
  EXPECT_NEAR(best.hyperparameters.get("x").number(), best.hyperparameters.get("shift").number(), 0.1);
  EXPECT_EQ(search.get_best_hyperparameters(3).size(), 3u);
  RandomSearch other([&] {
    RandomSearchConfig c = config(30, "other");
    c.objective = {"objective", "max"};
    return c;
  }());
  other.search(parabola);
  EXPECT_EQ(scores(other), scores(search));  // the same seed
  EXPECT_GT(*other.get_best_trials()[0].score, 0.9);
}

TEST_F(TunerTest, GoesOnWhereItStopped) {
  RandomSearch whole(config(8, "whole"));
  whole.search(parabola);
  int runs = 0;
  const auto counted = [&](HyperParameters& hp) {
    if (++runs == 4) throw std::bad_alloc();  // ends the search, like a kill, as it is configured
    return parabola(hp);
  };
  RandomSearchConfig c = config(8, "parts");
  c.max_consecutive_failed_trials = 1;
  try {
    RandomSearch(c).search(counted);
    ADD_FAILURE() << "did not throw";
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("1 trials in a row have failed, the last one: std::bad_alloc"));
  }
  fs::remove_all(folder_ / "parts" / "trial_0003");  // as if it had been killed before the trial's end
  RandomSearch resumed(c);
  EXPECT_EQ(resumed.trials().size(), 3u);
  resumed.search(counted);
  EXPECT_EQ(runs, 4 + 5);
  EXPECT_EQ(scores(resumed), scores(whole));
  // A search that was done does nothing, and a longer one goes on.
  RandomSearch(c).search(counted);
  EXPECT_EQ(runs, 9);
  c.max_trials = 10;
  RandomSearch longer(c);
  longer.search(counted);
  EXPECT_EQ(runs, 11);
  EXPECT_EQ(longer.get_best_trials(100).size(), 10u);
  c.overwrite = true;
  EXPECT_TRUE(RandomSearch(c).trials().empty());
}

TEST_F(TunerTest, TriesNothingTwice) {
  RandomSearch search(config(100));
  std::set<std::pair<std::string, bool>> tried;
  search.search([&](HyperParameters& hp) {
    const bool fresh = tried.emplace(hp.Choice("a", {"x", "y", "z"}), hp.Boolean("b")).second;
    EXPECT_TRUE(fresh);
    return 0.0;
  });
  EXPECT_EQ(tried.size(), 6u);
}

TEST_F(TunerTest, AsksOnlyForWhatIsThere) {
  RandomSearchConfig c = config(3);
  c.hyperparameters.Fixed("x", 0.25);
  c.tune_new_entries = false;
  RandomSearch search(c);
  search.search([](HyperParameters& hp) {
    EXPECT_EQ(hp.Float("x", -1, 1), 0.25);
    EXPECT_EQ(hp.Choice("shift", {0.0, 0.5}), 0.0);
    return 1.0;
  });
  EXPECT_EQ(search.trials().size(), 1u);  // nothing is left to vary
  c.allow_new_entries = false, c.project_name = "strict", c.max_consecutive_failed_trials = 1;
  EXPECT_THAT(tests::error_text<Error>([&] { RandomSearch(c).search(parabola); }),
              HasSubstr("'shift' is none of the hyperparameters that the search was given"));
}

TEST_F(TunerTest, RepeatsTrialsThatFail) {
  RandomSearchConfig c = config(2);
  c.max_retries_per_trial = 1;
  int runs = 0;
  RandomSearch search(c);
  search.search([&](HyperParameters& hp) {
    if (++runs == 1) throw ValueError("out of luck");
    return runs > 2 ? std::nan("") : hp.Float("x", 0, 1);
  });
  EXPECT_EQ(runs, 4);
  EXPECT_EQ(search.trials()[0].status, "COMPLETED");
  EXPECT_EQ(search.trials()[1].status, "INVALID");
  EXPECT_EQ(search.get_best_trials(5).size(), 1u);
}

models::Model small_model(HyperParameters& hp) {
  models::Sequential model;
  if (hp.Boolean("hidden")) model.add(layers::Dense(static_cast<int>(hp.Int("units", 2, 8)), {.activation = "tanh"}));
  model.add(layers::Dense(1));
  model.compile({.optimizer = optimizers::SGD({.learning_rate = hp.Float("rate", 1e-3, 0.3, {.sampling = "log"})}),
                 .loss = "mse"});
  return model;
}

struct Line {
  Array x = random::Generator(3).uniform({64, 2}, -1, 1);
  Array y = sum(x, 1, graph::keepdims);
};

TEST_F(TunerTest, TrainsModels) {
  const Line data;
  RandomSearchConfig c = config(5);
  c.objective = "val_loss";
  c.log_dir = (folder_ / "logs").string();
  RandomSearch search(small_model, c);
  search.search(data.x, data.y, {.epochs = 4, .verbose = 0, .validation_split = 0.25});
  ASSERT_EQ(search.trials().size(), 5u);
  const Trial best = search.get_best_trials()[0];
  for (const Trial& trial : search.trials()) {
    EXPECT_GE(*trial.score, *best.score);
    EXPECT_EQ(trial.hyperparameters.contains("units"), trial.hyperparameters.get("hidden").truth());
  }
  EXPECT_EQ(best.metrics.at("val_loss"), *best.score);
  models::Model model = search.get_best_models()[0];
  EXPECT_NEAR(model.evaluate(data.x.slice(48, 64), data.y.slice(48, 64), {.verbose = 0}).at("loss"), *best.score, 1e-6);
  // The same search, from its files alone.
  const RandomSearch read(small_model, c);
  EXPECT_TRUE(array_equal(read.get_best_models()[0].get_weights()[0], model.get_weights()[0]));
  EXPECT_TRUE(fs::exists(folder_ / "logs" / best.trial_id / "train"));
  std::ostringstream out;
  read.results_summary(1, out);
  EXPECT_THAT(out.str(),
              HasSubstr("Objective: val_loss, min\n\nTrial " + best.trial_id + "\nHyperparameters:\nhidden: "));
  std::ostringstream space;
  read.search_space_summary(space);
  EXPECT_THAT(space.str(), HasSubstr("rate: 0.001 to 0.3, log"));
}

TEST_F(TunerTest, ItsScoreIsTheMeanOfExecutions) {
  const Line data;
  RandomSearchConfig c = config(1);
  c.objective = "loss";
  c.executions_per_trial = 3;
  RandomSearch search(small_model, c);
  std::vector<double> losses;
  search.search(
      [&](models::Model& model, FitConfig now) {
        History history = model.fit(data.x, data.y, std::move(now));
        losses.push_back(*std::min_element(history["loss"].begin(), history["loss"].end()));
        return history;
      },
      {.epochs = 2, .verbose = 0});
  ASSERT_EQ(losses.size(), 3u);
  EXPECT_NE(losses[0], losses[1]);
  EXPECT_NEAR(*search.trials()[0].score, (losses[0] + losses[1] + losses[2]) / 3, 1e-9);
}

TEST_F(TunerTest, NamesWhatIsWrong) {
  const Line data;
  const auto error = [&](const Objective& objective) {
    RandomSearchConfig c = config(1);
    c.objective = objective, c.overwrite = true;
    return tests::error_text<ValueError>([&] { RandomSearch(small_model, c).search(data.x, data.y, {.verbose = 0}); });
  };
  EXPECT_EQ(error("val_loss"), "tuner: the objective 'val_loss' was not logged; there are loss");
  EXPECT_THAT(error("beauty"), HasSubstr("monitor = \"beauty\" does not tell whether it should grow or shrink"));
  EXPECT_THAT(error({"loss", "down"}), HasSubstr("expected the direction of an objective to be min, max or auto"));
  EXPECT_THAT(tests::error_text<ValueError>([&] { RandomSearch(config(0)); }), HasSubstr("max_trials of at least 1"));
  EXPECT_THAT(tests::error_text<ValueError>([&] { RandomSearch(config(1, "../evil")); }), HasSubstr("plain name"));
  RandomSearch(config(1, "third")).search(parabola);
  RandomSearchConfig other = config(1, "third");
  other.objective = "loss";
  EXPECT_THAT(tests::error_text<ValueError>([&] { RandomSearch{other}; }), HasSubstr("there is another search"));
  other = config(1, "third");
  other.seed = 8;
  EXPECT_THAT(tests::error_text<ValueError>([&] { RandomSearch{other}; }),
              HasSubstr("a search with the seed 7, now 8"));
  tests::write_text(folder_ / "third" / "trial_0000" / "trial.json", "{\"trial_id\":");
  EXPECT_THAT(tests::error_text<FormatError>([&] { RandomSearch(config(1, "third")); }),
              HasSubstr("trial.json] is no file of a search, or damaged"));
}

TEST_F(TunerTest, HyperbandHasKerasTunersBrackets) {
  HyperbandConfig c{.objective = "loss", .max_epochs = 9, .factor = 3, .seed = 3};
  c.directory = folder_.path().string();
  const Line data;
  Hyperband search(small_model, c);
  std::vector<std::pair<int, int>> epochs;
  search.search(
      [&](models::Model& model, FitConfig now) {
        epochs.emplace_back(now.initial_epoch, now.epochs);
        return model.fit(data.x, data.y, std::move(now));
      },
      {.epochs = 1, .verbose = 0});
  // Sizes ceil(3 / (s + 1) * 3^(s - r)): 9, 3, 1; 5, 2; 3.
  std::vector<std::pair<int, int>> expected(9, {0, 1});
  expected.insert(expected.end(), 3, {1, 3});
  expected.insert(expected.end(), 1, {3, 9});
  expected.insert(expected.end(), 5, {0, 3});
  expected.insert(expected.end(), 2, {3, 9});
  expected.insert(expected.end(), 3, {0, 9});
  EXPECT_EQ(epochs, expected);
  const auto& trials = search.trials();
  std::vector<double> first;
  for (int i = 0; i < 9; ++i) first.push_back(*trials[static_cast<std::size_t>(i)].score);
  std::sort(first.begin(), first.end());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(*trials[static_cast<std::size_t>(*trials[9 + i].from)].score, first[i]);
    EXPECT_LE(*trials[9 + i].score, first[i] * 1.5) << "begins with the weights of the trial before";
  }
  // From its files, in the middle.
  for (int n = 11; n < 23; ++n) {
    std::ostringstream name;
    name << "trial_00" << n;
    fs::remove_all(folder_ / "untitled_project" / name.str());
  }
  Hyperband resumed(small_model, c);
  EXPECT_EQ(resumed.trials().size(), 11u);
  resumed.search(data.x, data.y, {.verbose = 0});
  EXPECT_EQ(scores(resumed), scores(search));
  c.factor = 1;
  EXPECT_THAT(tests::error_text<ValueError>([&] { Hyperband(small_model, c); }), HasSubstr("a factor of at least 2"));
}

}  // namespace
}  // namespace cornu::keras::tuner

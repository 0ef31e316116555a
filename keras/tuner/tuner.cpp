#include "cornu/keras/tuner/tuner.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iostream>

#include "cornu/graph/array/random.h"
#include "cornu/keras/callbacks/hparams.h"
#include "cornu/keras/callbacks/monitor.h"
#include "cornu/keras/callbacks/tensorboard.h"
#include "cornu/keras/tuner/internal/oracle.h"
#include "cornu/keras/tuner/internal/trial_files.h"
#include "cornu/keras/utils/random_seed.h"

namespace cornu::keras::tuner {

namespace fs = std::filesystem;
using graph::message;
using graph::require;

namespace internal {

Oracle::~Oracle() = default;

std::vector<const Trial*> ranked(const std::vector<Trial>& trials, bool maximize) {
  std::vector<const Trial*> completed;
  for (const Trial& trial : trials)
    if (trial.status == "COMPLETED") completed.push_back(&trial);
  std::stable_sort(completed.begin(), completed.end(), [&](const Trial* a, const Trial* b) {
    return maximize ? *a->score > *b->score : *a->score < *b->score;
  });
  return completed;
}

}  // namespace internal

namespace {

constexpr int kMostCollisions = 20;
constexpr const char* kCheckpoint = "checkpoint.h5";

/// Bits that depend on these alone.
std::uint64_t trial_bits(std::uint64_t seed, int number, int attempt, std::string_view name) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  const auto words =
      graph::random::philox(seed, static_cast<std::uint64_t>(number) << 32 | static_cast<std::uint32_t>(attempt), hash);
  return static_cast<std::uint64_t>(words[0]) << 32 | words[1];
}

/// Where in its range a trial draws a hyperparameter, 0 to below 1.
double place_of(std::uint64_t seed, int number, int attempt, const std::string& name) {
  return static_cast<double>(trial_bits(seed, number, attempt, name) >> 11) * 0x1p-53;
}

bool same_value(const Value& a, const Value& b) {
  return a.kind() == b.kind() && a.number() == b.number() && a.text() == b.text();
}

/// Watches the objective of a fit: the figures of its best epoch, whose weights are kept.
struct BestEpoch : callbacks::Callback {
  std::string objective, path;
  bool maximize = false;
  std::optional<double> best, best_of_all;  // of this execution, and of all of the trial
  int epoch = 0;
  Logs logs;  // of that epoch
  Logs last;  // of the last one

  void on_train_begin(const Logs&) override { best.reset(); }
  void on_epoch_end(int now, const Logs& figures) override {
    last = figures;
    const double* value = figures.find(objective);
    if (!value || std::isnan(*value)) return;
    const auto better = [&](const std::optional<double>& than) {
      return !than || (maximize ? *value > *than : *value < *than);
    };
    if (better(best)) best = *value, epoch = now, logs = figures;
    if (!better(best_of_all)) return;
    best_of_all = *value;
    model().save_weights(path);
  }
};

/// Runs what may fail for a reason of the trial's own; then the trial says so.
template <class F>
bool succeeds(Trial& trial, F&& run) {
  try {
    run();
    return true;
  } catch (const std::exception& e) {
    trial.status = "FAILED", trial.message = e.what();
    return false;
  }
}

}  // namespace

struct Tuner::State {
  std::shared_ptr<internal::Oracle> oracle;
  TunerConfig config;
  Build build;
  fs::path folder;
  internal::SearchFile search;
  std::vector<Trial> trials;

  using Run = std::function<bool(Trial&)>;  // false: it was interrupted

  void open();
  void run_all(const Run& run, bool verbose);
  bool run_trial(Trial& trial, const Run& run);
  std::optional<Trial> made(int number, const internal::Slot& slot);
  void prepare(Trial& trial, int attempt);
  bool tried_before(const HyperParameters& candidate) const;
  void learn_space(const HyperParameters& asked);
  bool fit_trial(Trial& trial, const std::function<History(models::Model&, FitConfig)>& fit, const FitConfig& config);
  void score(Trial& trial, const std::vector<Logs>& executions);
  void ensure_built(models::Model& model) const;
  std::vector<Trial> best(int most) const;
};

// --- where it is written

void Tuner::State::open() {
  require<ValueError>(config.executions_per_trial >= 1, "tuner: expected executions_per_trial of at least 1, got ",
                      config.executions_per_trial);
  require<ValueError>(
      config.max_retries_per_trial >= 0 && config.max_consecutive_failed_trials >= 1,
      "tuner: expected max_retries_per_trial of at least 0 and max_consecutive_failed_trials of at least "
      "1, got ",
      config.max_retries_per_trial, " and ", config.max_consecutive_failed_trials);
  const auto& [objective, direction] = config.objective;
  require<ValueError>(direction == "min" || direction == "max" || direction == "auto",
                      "tuner: expected the direction of an objective to be min, max or auto, got '", direction, "'");
  const fs::path name = config.project_name;
  require<ValueError>(!name.empty() && name.filename() == name && name != "." && name != "..",
                      "tuner: project_name must be a plain name, got '", config.project_name, "'");
  require<ValueError>((config.tune_new_entries && config.allow_new_entries) || !config.hyperparameters.space().empty(),
                      "tuner: without new entries the search needs hyperparameters");
  folder = fs::path(config.directory) / name;
  std::error_code error;
  if (config.overwrite) fs::remove_all(folder, error);
  search = {oracle->kind(), objective, std::nullopt, config.seed.value_or(0), config.hyperparameters.space(), {}};
  if (direction != "auto") search.maximize = direction == "max";
  if (!config.seed) search.seed = utils::next_random_seed();
  const auto found = internal::read_search(folder);
  if (!found) return;
  require<ValueError>(found->kind == search.kind && found->objective == objective, "[", folder.string(),
                      "] there is another search: ", found->kind, " for '", found->objective, "', now ", search.kind,
                      " for '", objective, "'; overwrite = true begins anew");
  require<ValueError>(!config.seed || found->seed == search.seed, "[", folder.string(),
                      "] there is a search with the seed ", found->seed, ", now ", search.seed,
                      "; overwrite = true begins anew");
  search.seed = found->seed;
  search.input_shape = found->input_shape;
  if (!search.maximize) search.maximize = found->maximize;
  HyperParameters known = config.hyperparameters;
  search.space = known.space();
  for (const HyperParameter& parameter : found->space)
    if (!known.contains(parameter.name)) search.space.push_back(parameter);
  trials = internal::read_trials(folder);
}

// --- trials

void Tuner::State::run_all(const Run& run, bool verbose) {
  int failed = 0;
  internal::write_search(folder, search);
  for (int n = 0; n < oracle->trials(); ++n) {
    if (std::any_of(trials.begin(), trials.end(), [&](const Trial& trial) { return trial.number == n; })) continue;
    const auto slot = oracle->slot(n, trials, search.maximize.value_or(false));
    if (!slot) continue;
    std::optional<Trial> trial = made(n, *slot);
    if (!trial) continue;  // all values have been tried
    if (verbose) std::cout << "Search: Running Trial #" << n + 1 << '\n';
    if (!run_trial(*trial, run)) return;
    internal::write_search(folder, search);
    internal::write_trial(folder, *trial);
    trials.push_back(*trial);
    if (verbose) {
      std::cout << "Trial " << n + 1 << ' ' << trial->status;
      if (trial->score) std::cout << ", " << search.objective << ": " << *trial->score;
      const std::vector<Trial> so_far = best(1);
      if (!so_far.empty()) std::cout << ", best so far: " << *so_far[0].score;
      std::cout << '\n';
    }
    failed = trial->status == "COMPLETED" ? 0 : failed + 1;
    require<graph::Error>(failed < config.max_consecutive_failed_trials, "tuner: ", failed,
                          " trials in a row have failed, the last one: ", trial->message);
  }
}

bool Tuner::State::run_trial(Trial& trial, const Run& run) {
  const HyperParameters fresh = trial.hyperparameters;
  for (int retry = 0; retry <= config.max_retries_per_trial; ++retry) {
    trial.hyperparameters = fresh;
    trial.status = "RUNNING", trial.message.clear();
    if (!run(trial)) return false;
    if (trial.status == "COMPLETED") break;
  }
  learn_space(trial.hyperparameters);
  trial.hyperparameters.keep_asked();
  trial.hyperparameters.draw_by(nullptr);
  return true;
}

/// A trial with its values, as far as they are known before it is run; nothing if all of them have been tried.
std::optional<Trial> Tuner::State::made(int number, const internal::Slot& slot) {
  Trial trial{.number = number, .epochs = slot.epochs, .initial_epoch = slot.initial_epoch, .from = slot.from};
  trial.trial_id = internal::folder_of(folder, number).filename().string().substr(std::string_view("trial_").size());
  if (slot.from) {
    const auto from =
        std::find_if(trials.begin(), trials.end(), [&](const Trial& t) { return t.number == *slot.from; });
    trial.hyperparameters = from->hyperparameters;
    return trial;
  }
  for (int attempt = 0; attempt < kMostCollisions; ++attempt) {
    prepare(trial, attempt);
    if (!tried_before(trial.hyperparameters)) return trial;
  }
  return std::nullopt;
}

void Tuner::State::prepare(Trial& trial, int attempt) {
  const auto given = config.hyperparameters;
  trial.hyperparameters = given;
  HyperParameters& hp = trial.hyperparameters;
  for (const HyperParameter& parameter : search.space)
    if (parameter.kind != HyperParameter::Kind::Fixed)
      hp.set(parameter.name, parameter.at(place_of(search.seed, trial.number, attempt, parameter.name)));
  hp.draw_by([seed = search.seed, number = trial.number, attempt, allow = config.allow_new_entries,
              tune = config.tune_new_entries](const HyperParameter& parameter) {
    require<ValueError>(allow, "tuner: '", parameter.name,
                        "' is none of the hyperparameters that the search was given");
    return tune ? parameter.at(place_of(seed, number, attempt, parameter.name)) : parameter.default_value;
  });
}

/// Whether a trial has used the same values: those that it did not ask for are not among them.
bool Tuner::State::tried_before(const HyperParameters& candidate) const {
  return std::any_of(trials.begin(), trials.end(), [&](const Trial& trial) {
    const Values& used = trial.hyperparameters.values();
    return std::all_of(used.begin(), used.end(), [&](const auto& entry) {
      if (!candidate.contains(entry.first)) return !config.tune_new_entries;  // then it has its default again
      return same_value(candidate.get(entry.first), entry.second);
    });
  });
}

void Tuner::State::learn_space(const HyperParameters& asked) {
  for (const HyperParameter& parameter : asked.space()) {
    const auto known = std::find_if(search.space.begin(), search.space.end(),
                                    [&](const HyperParameter& other) { return other.name == parameter.name; });
    if (known != search.space.end())
      *known = parameter;
    else if (config.tune_new_entries)
      search.space.push_back(parameter);
  }
}

// --- models

bool Tuner::State::fit_trial(Trial& trial, const std::function<History(models::Model&, FitConfig)>& fit,
                             const FitConfig& config_of_fit) {
  const fs::path own = internal::folder_of(folder, trial.number);
  auto watch = std::make_shared<BestEpoch>();
  watch->objective = search.objective, watch->path = (own / kCheckpoint).string();
  std::error_code error;
  fs::create_directories(own, error);
  require<IoError>(!error, "[", own.string(), "] cannot make the folder: ", error.message());
  std::vector<Logs> executions;
  for (int e = 0; e < config.executions_per_trial; ++e) {
    if (config.seed) utils::set_random_seed(trial_bits(search.seed, trial.number, e, "execution"));
    std::optional<models::Model> model;
    if (!succeeds(trial, [&] { model.emplace(build(trial.hyperparameters)); })) return true;
    if (!search.maximize) {
      callbacks::Monitor monitor("tuner", search.objective, "auto");
      monitor.settle(*model);
      search.maximize = monitor.worst() < 0;
    }
    watch->maximize = *search.maximize;
    FitConfig now = config_of_fit;
    if (trial.epochs > 0) now.epochs = trial.epochs, now.initial_epoch = trial.initial_epoch;
    now.callbacks.push_back(watch);
    if (!config.log_dir.empty()) {
      fs::path logs = fs::path(config.log_dir) / trial.trial_id;
      if (config.executions_per_trial > 1) logs /= "execution" + std::to_string(e);
      now.callbacks.push_back(callbacks::TensorBoard({.log_dir = logs}));
      now.callbacks.push_back(
          callbacks::HParams({.log_dir = logs, .hparams = trial.hyperparameters.values(), .trial_id = trial.trial_id}));
    }
    bool interrupted = false;
    if (!succeeds(trial, [&] {
          if (trial.from) ensure_built(*model);
          if (trial.from) model->load_weights(internal::folder_of(folder, *trial.from) / kCheckpoint);
          interrupted = fit(*model, std::move(now)).interrupted();
        }))
      return true;
    if (interrupted) return false;
    require<ValueError>(watch->last.contains(search.objective), "tuner: the objective '", search.objective,
                        "' was not logged; there are ", callbacks::available(watch->last));
    if (!watch->best) {
      trial.status = "INVALID", trial.message = "'" + search.objective + "' was NaN";
      return true;
    }
    if (const auto& network = *model; network.built() && network.input_names().size() == 1)
      search.input_shape = {network.input_shape().begin(), network.input_shape().end()};
    executions.push_back(watch->logs);
    trial.best_step = watch->epoch;
  }
  score(trial, executions);
  return true;
}

/// A model that learns its input's shape from the data is built for that of the trials.
void Tuner::State::ensure_built(models::Model& model) const {
  if (!model.built() && !search.input_shape.empty()) model.build(Shape(search.input_shape).with(0, kUnknown));
}

/// The means over the executions.
void Tuner::State::score(Trial& trial, const std::vector<Logs>& executions) {
  trial.metrics = {};
  for (const auto& [name, value] : executions.front()) {
    double sum = 0;
    for (const Logs& logs : executions) sum += logs.contains(name) ? logs.at(name) : value;
    trial.metrics.set(name, sum / static_cast<double>(executions.size()));
  }
  trial.score = trial.metrics.at(search.objective);
  trial.status = "COMPLETED";
}

std::vector<Trial> Tuner::State::best(int most) const {
  std::vector<Trial> best;
  for (const Trial* trial : internal::ranked(trials, search.maximize.value_or(false)))
    if (static_cast<int>(best.size()) < most) best.push_back(*trial);
  return best;
}

// --- what users call

Tuner::Tuner(std::shared_ptr<internal::Oracle> oracle, TunerConfig config, Build build)
    : state_(std::make_shared<State>(State{std::move(oracle), std::move(config), std::move(build), {}, {}, {}})) {
  state_->open();
}

void Tuner::search(const Arrays& x, const Arrays& y, const FitConfig& config) {
  search([&](models::Model& model, FitConfig now) { return model.fit(x, y, std::move(now)); }, config);
}

void Tuner::search(const std::shared_ptr<data::Source>& source, const FitConfig& config) {
  search([&](models::Model& model, FitConfig now) { return model.fit(source, std::move(now)); }, config);
}

void Tuner::search(const std::function<History(models::Model&, FitConfig)>& fit, const FitConfig& config) {
  require<ValueError>(static_cast<bool>(state_->build), "tuner: the search was given no function that makes a model");
  state_->run_all([&](Trial& trial) { return state_->fit_trial(trial, fit, config); }, config.verbose > 0);
}

void Tuner::search(const std::function<double(HyperParameters&)>& run) {
  State& state = *state_;
  if (!state.search.maximize) state.search.maximize = false;
  state.run_all(
      [&](Trial& trial) {
        double sum = 0;
        for (int e = 0; e < state.config.executions_per_trial; ++e) {
          if (state.config.seed) utils::set_random_seed(trial_bits(state.search.seed, trial.number, e, "execution"));
          if (!succeeds(trial, [&] { sum += run(trial.hyperparameters); })) return true;
        }
        const double mean = sum / state.config.executions_per_trial;
        if (std::isnan(mean)) {
          trial.status = "INVALID", trial.message = "the function gave NaN";
          return true;
        }
        state.score(trial, {{{state.search.objective, mean}}});
        return true;
      },
      false);
}

const std::vector<Trial>& Tuner::trials() const { return state_->trials; }
std::vector<Trial> Tuner::get_best_trials(int num_trials) const { return state_->best(num_trials); }

std::vector<HyperParameters> Tuner::get_best_hyperparameters(int num_trials) const {
  std::vector<HyperParameters> best;
  for (Trial& trial : state_->best(num_trials)) best.push_back(std::move(trial.hyperparameters));
  return best;
}

std::vector<models::Model> Tuner::get_best_models(int num_models) const {
  require<ValueError>(static_cast<bool>(state_->build), "tuner: the search was given no function that makes a model");
  std::vector<models::Model> models;
  for (Trial& trial : state_->best(num_models)) {
    models::Model model = state_->build(trial.hyperparameters);
    state_->ensure_built(model);
    model.load_weights(internal::folder_of(state_->folder, trial.number) / kCheckpoint);
    models.push_back(model);
  }
  return models;
}

void Tuner::search_space_summary() const { search_space_summary(std::cout); }
void Tuner::search_space_summary(std::ostream& out) const {
  out << "Search space summary\n";
  for (const HyperParameter& p : state_->search.space) {
    out << p.name << ": ";
    if (p.kind == HyperParameter::Kind::Int || p.kind == HyperParameter::Kind::Float) {
      out << p.min_value << " to " << p.max_value << ", " << p.sampling;
      if (p.step) out << ", step " << *p.step;
    } else if (p.kind == HyperParameter::Kind::Choice) {
      for (std::size_t i = 0; i < p.values.size(); ++i) out << (i ? ", " : "") << to_string(p.values[i]);
    } else {
      out << (p.kind == HyperParameter::Kind::Boolean ? "true or false" : to_string(p.default_value));
    }
    out << '\n';
  }
}

void Tuner::results_summary(int num_trials) const { results_summary(num_trials, std::cout); }
void Tuner::results_summary(int num_trials, std::ostream& out) const {
  out << "Results summary\nObjective: " << state_->search.objective << ", "
      << (state_->search.maximize.value_or(false) ? "max" : "min") << '\n';
  for (const Trial& trial : state_->best(num_trials)) {
    out << "\nTrial " << trial.trial_id << "\nHyperparameters:\n";
    for (const auto& [name, value] : trial.hyperparameters.values()) out << name << ": " << to_string(value) << '\n';
    out << "Score: " << *trial.score << '\n';
  }
}

}  // namespace cornu::keras::tuner

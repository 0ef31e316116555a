#include "cornu/keras/tuner/internal/trial_files.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cornu/io/atomic_file.h"

namespace cornu::keras::tuner::internal {

namespace fs = std::filesystem;
using graph::message;
using nlohmann::json;
using Kind = HyperParameter::Kind;

namespace {

constexpr const char* kKindWords[] = {"Int", "Float", "Choice", "Boolean", "Fixed"};

json to_json(const Value& value) {
  if (value.kind() == Value::Kind::text) return value.text();
  if (value.kind() == Value::Kind::truth) return value.truth();
  const double number = value.number();
  constexpr double kExact = 9007199254740992;
  if (std::abs(number) < kExact && number == std::floor(number)) return static_cast<std::int64_t>(number);
  return number;
}

Value value_of(const json& j) {
  if (j.is_string()) return j.get<std::string>();
  if (j.is_boolean()) return j.get<bool>();
  return j.get<double>();
}

json to_json(const HyperParameter& p) {
  json j{{"name", p.name}, {"default", to_json(p.default_value)}};
  if (p.kind == Kind::Int || p.kind == Kind::Float) {
    j["min_value"] = to_json(Value(p.min_value)), j["max_value"] = to_json(Value(p.max_value));
    if (p.step) j["step"] = to_json(Value(*p.step));
    j["sampling"] = p.sampling;
  }
  for (const Value& value : p.values) j["values"].push_back(to_json(value));
  return {{"class_name", kKindWords[static_cast<int>(p.kind)]}, {"config", j}};
}

HyperParameter parameter_of(const json& j) {
  const auto kind = std::find(std::begin(kKindWords), std::end(kKindWords), j.at("class_name").get<std::string>());
  if (kind == std::end(kKindWords)) throw FormatError("unknown kind of hyperparameter");
  const json& c = j.at("config");
  HyperParameter p{c.at("name").get<std::string>(), static_cast<Kind>(kind - std::begin(kKindWords)),
                   value_of(c.at("default"))};
  p.min_value = c.value("min_value", 0.0), p.max_value = c.value("max_value", 0.0);
  if (c.contains("step")) p.step = c["step"].get<double>();
  p.sampling = c.value("sampling", p.sampling);
  if (c.contains("values"))
    for (const json& value : c["values"]) p.values.push_back(value_of(value));
  return p;
}

json to_json(const Trial& trial) {
  json values = json::object(), metrics = json::object();
  for (const auto& [name, value] : trial.hyperparameters.values()) values[name] = to_json(value);
  for (const auto& [name, value] : trial.metrics) metrics[name] = value;
  json j{{"trial_id", trial.trial_id},
         {"hyperparameters", {{"values", values}}},
         {"status", trial.status},
         {"score", nullptr},
         {"best_step", trial.best_step},
         {"metrics", metrics},
         {"message", trial.message},
         {"epochs", trial.epochs},
         {"initial_epoch", trial.initial_epoch},
         {"from", nullptr}};
  if (trial.score) j["score"] = *trial.score;
  if (trial.from) j["from"] = *trial.from;
  return j;
}

Trial trial_of(const json& j) {
  Trial trial{.number = std::stoi(j.at("trial_id").get<std::string>()),
              .trial_id = j.at("trial_id").get<std::string>()};
  for (const auto& [name, value] : j.at("hyperparameters").at("values").items())
    trial.hyperparameters.set(name, value_of(value));
  trial.status = j.at("status").get<std::string>();
  if (!j.at("score").is_null()) trial.score = j["score"].get<double>();
  trial.best_step = j.at("best_step").get<int>();
  for (const auto& [name, value] : j.at("metrics").items())
    trial.metrics.set(name, value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
  trial.message = j.at("message").get<std::string>();
  trial.epochs = j.at("epochs").get<int>(), trial.initial_epoch = j.at("initial_epoch").get<int>();
  if (!j.at("from").is_null()) trial.from = j["from"].get<int>();
  return trial;
}

/// What `read` makes of a JSON file, with the file's name before what is wrong.
template <class F>
auto read_json(const fs::path& path, F&& read) {
  std::ifstream file(path);
  graph::require<IoError>(file.good(), "[", path.string(), "] cannot read");
  try {
    return read(json::parse(file));
  } catch (const std::exception& e) {
    throw FormatError(message("[", path.string(), "] is no file of a search, or damaged: ", e.what()));
  }
}

void write_json(const fs::path& path, const json& j) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  graph::require<IoError>(!error, "[", path.parent_path().string(), "] cannot make the folder: ", error.message());
  const std::string text = j.dump(2) + "\n";
  io::AtomicFile file(path);
  file.write(text.data(), text.size());
  file.commit();
}

}  // namespace

fs::path folder_of(const fs::path& folder, int number) {
  std::ostringstream name;
  name << "trial_" << std::setw(4) << std::setfill('0') << number;
  return folder / name.str();
}

std::optional<SearchFile> read_search(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / "oracle.json", error)) return std::nullopt;
  return read_json(folder / "oracle.json", [](const json& j) {
    SearchFile search{j.at("kind").get<std::string>(),
                      j.at("objective").get<std::string>(),
                      std::nullopt,
                      j.at("seed").get<std::uint64_t>(),
                      {},
                      {}};
    if (!j.at("maximize").is_null()) search.maximize = j["maximize"].get<bool>();
    search.input_shape = j.at("input_shape").get<std::vector<std::int64_t>>();
    for (const json& parameter : j.at("space")) search.space.push_back(parameter_of(parameter));
    return search;
  });
}

void write_search(const fs::path& folder, const SearchFile& search) {
  json space = json::array();
  for (const HyperParameter& parameter : search.space) space.push_back(to_json(parameter));
  json j{{"kind", search.kind}, {"objective", search.objective},    {"maximize", nullptr}, {"seed", search.seed},
         {"space", space},      {"input_shape", search.input_shape}};
  if (search.maximize) j["maximize"] = *search.maximize;
  write_json(folder / "oracle.json", j);
}

std::vector<Trial> read_trials(const fs::path& folder) {
  std::vector<Trial> trials;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().filename().string().starts_with("trial_") && fs::exists(entry.path() / "trial.json", error))
      trials.push_back(read_json(entry.path() / "trial.json", trial_of));
  std::sort(trials.begin(), trials.end(), [](const Trial& a, const Trial& b) { return a.number < b.number; });
  return trials;
}

void write_trial(const fs::path& folder, const Trial& trial) {
  write_json(folder_of(folder, trial.number) / "trial.json", to_json(trial));
}

}  // namespace cornu::keras::tuner::internal

#include "cornu/keras/saving/internal/training_config.h"

#include <algorithm>
#include <map>

#include "cornu/keras/models/network.h"
#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/saving/compile_config.h"
#include "cornu/keras/saving/internal/keras2_objects.h"

namespace cornu::keras::saving {
namespace internal {
namespace {

using graph::require;

Json metric_list(const std::vector<Shared<metrics::Metric>>& metrics, Json (*written)(const metrics::Metric&)) {
  Json list = Json::array();
  for (const auto& metric : metrics) list.push_back(written(*metric));
  return list;
}

Json keras3_metric(const metrics::Metric& metric) { return keras3_object(metric); }

// Of one output as it is; of several by the outputs' names, without those that have none. `none` if no output has one.
template <class Write>
Json per_output(const std::vector<models::Training::Output>& outputs, Write&& write) {
  Json all = Json::object();
  for (const auto& output : outputs)
    if (Json json = write(output); !json.is_null()) all[output.name] = std::move(json);
  if (all.empty()) return nullptr;
  return all;
}

// Losses, weights and metrics: of one output as they are, of several by the outputs' names.
Json outputs_config(const std::vector<models::Training::Output>& outputs, Json (*loss)(const losses::Loss&),
                    Json (*metric)(const metrics::Metric&)) {
  const auto metrics_json = [&](bool weighted) {
    return per_output(outputs, [&](const auto& output) {
      const auto& list = weighted ? output.weighted_metrics : output.metrics;
      return list.empty() ? Json(nullptr) : metric_list(list, metric);
    });
  };
  Json json = {
      {"loss",
       per_output(outputs, [&](const auto& output) { return output.loss ? loss(*output.loss) : Json(nullptr); })},
      {"metrics", metrics_json(false)},
      {"weighted_metrics", metrics_json(true)},
      {"loss_weights",
       per_output(outputs, [](const auto& output) { return output.weight ? Json(*output.weight) : Json(nullptr); })}};
  if (outputs.size() > 1) return json;
  for (Json& part : json)
    if (!part.is_null()) part = Json(part.front());
  if (!json["loss_weights"].is_null()) json["loss_weights"] = Json::array({json["loss_weights"]});
  return json;
}

const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

bool is_object(const Json& json) { return json.is_string() || (json.is_object() && json.contains("class_name")); }

// {"class_name": "function", "config": "mse"} and "mse" name the same; an object has arguments.
template <class T>
Arg<T> object_or_name(const Json& json, KerasVersion written_by) {
  const auto named = [](const std::string& name) {
    return telling_how_to_register(T::registry(), name, [&] { return Arg<T>(T::from_name(name)); });
  };
  if (json.is_string()) return named(json.get<std::string>());
  if (const auto kind = json.find("class_name"); json.is_object() && kind != json.end() && *kind == "function")
    return named(class_name_of(json, T::registry(), written_by));
  return Arg<T>(make_object(T::registry(), json, written_by));
}

template <class T, class Read>
PerOutput<T> read_per_output(const Json& json, const char* what, Read&& read) {
  if (is_object(json) || json.is_number()) return PerOutput<T>(read(json));
  require<FormatError>(json.is_array() || json.is_object(), "compile: ", what,
                       " need to be one, a list or one for each output by name");
  if (json.is_array()) {
    std::vector<T> list;
    for (const Json& entry : json) list.push_back(read(entry));
    return list;
  }
  std::map<std::string, T> named;
  for (const auto& [name, entry] : json.items()) named.emplace(name, read(entry));
  return named;
}

using Metrics = std::vector<Arg<metrics::Metric>>;

// A list for one output. Keras 2 puts the output's name in front of a metric's, and would again.
Metrics metrics_of(const Json& json, KerasVersion written_by, const std::string& output) {
  Metrics list;
  if (json.is_null()) return list;
  if (is_object(json)) {
    list.push_back(object_or_name<metrics::Metric>(json, written_by));
    const std::string prefix = output + "_", name = list.back()->name();
    if (!output.empty() && name.starts_with(prefix)) list.back()->rename(name.substr(prefix.size()));
    return list;
  }
  require<FormatError>(json.is_array() || json.is_object(), "compile: metrics need to be a list of names and objects");
  for (const Json& metric : json)
    for (auto& read : metrics_of(metric, written_by, output)) list.push_back(std::move(read));
  return list;
}

ListPerOutput<Arg<metrics::Metric>> read_metrics(const Json& json, KerasVersion written_by,
                                                 const std::vector<std::string>& outputs) {
  const bool several = outputs.size() > 1;
  const auto name_of = [&](std::size_t i) { return several && i < outputs.size() ? outputs[i] : std::string(); };
  if (json.is_object() && !is_object(json)) {
    if (json.size() == 1 && !several) return metrics_of(json.front(), written_by, "");
    std::map<std::string, Metrics> named;
    for (const auto& [name, list] : json.items())
      named.emplace(name, metrics_of(list, written_by, several ? name : ""));
    return named;
  }
  const bool lists =
      json.is_array() && std::any_of(json.begin(), json.end(), [](const Json& entry) { return entry.is_array(); });
  if (!lists || json.size() == 1) return metrics_of(json, written_by, name_of(0));
  std::vector<Metrics> all;
  for (const Json& list : json) all.push_back(metrics_of(list, written_by, name_of(all.size())));
  return all;
}

// Keras 2 has two sets of optimizers; of the older ones the class stands there without a package.
bool is_legacy(const Json& json, KerasVersion written_by) {
  if (written_by != KerasVersion::keras2 || !json.is_object()) return false;
  const auto kind = json.find("class_name");
  if (kind == json.end() || !kind->is_string() || !optimizers::legacy::registry().contains(kind->get<std::string>()))
    return false;
  const auto& config = config_in(json);
  if (config.is_object() && config.contains("use_ema")) return false;  // which the older ones do not have
  const auto flag = config.find("is_legacy_optimizer");
  return config.is_object() && (flag == config.end() || *flag == true);
}

}  // namespace

Json training_config(const models::Training& training) {
  const auto outputs = training.outputs();
  const bool several = outputs.size() > 1;
  Json json = outputs_config(outputs, keras2_loss, keras2_metric);
  for (const char* key : {"metrics", "weighted_metrics"})  // one list an output
    if (!several && !json[key].is_null()) json[key] = Json::array({json[key]});
  json["optimizer_config"] = keras2_optimizer(*training.optimizer());
  return json;
}

Json compile_config_of(const models::Training& training) {
  Json json = {{"optimizer", keras3_optimizer(*training.optimizer())}};
  json.update(outputs_config(
      training.outputs(), [](const losses::Loss& loss) { return keras3_object(loss); }, keras3_metric));
  json.update(Json{{"run_eagerly", false}, {"steps_per_execution", 1}, {"jit_compile", "auto"}});
  return json;
}

CompileConfig compile_config(const Json& json, KerasVersion written_by, const std::vector<std::string>& outputs) {
  require<FormatError>(json.is_object(), "compile: expected a JSON object");
  CompileConfig config;
  const Json* optimizer = find(json, "optimizer_config");
  if (!optimizer) optimizer = find(json, "optimizer");
  if (optimizer)
    config.optimizer =
        is_legacy(*optimizer, written_by)
            ? Arg<optimizers::Optimizer>(make_object(optimizers::legacy::registry(), *optimizer, written_by))
            : object_or_name<optimizers::Optimizer>(*optimizer, written_by);
  if (const Json* loss = find(json, "loss"))
    config.loss = read_per_output<Arg<losses::Loss>>(*loss, "losses", [&](const Json& entry) {
      return entry.is_null() ? Arg<losses::Loss>() : object_or_name<losses::Loss>(entry, written_by);
    });
  if (const Json* metrics = find(json, "metrics")) config.metrics = read_metrics(*metrics, written_by, outputs);
  if (const Json* metrics = find(json, "weighted_metrics"))
    config.weighted_metrics = read_metrics(*metrics, written_by, outputs);
  if (const Json* weights = find(json, "loss_weights"))
    config.loss_weights = read_per_output<double>(*weights, "loss_weights", [](const Json& entry) {
      require<FormatError>(entry.is_number() || entry.is_null(), "compile: loss_weights need to be numbers");
      return entry.is_null() ? 1.0 : entry.get<double>();
    });
  return config;
}

void compile_as(const Json& json, KerasVersion written_by, models::Model& model) {
  telling_how_to_do_without([&] { model.compile(compile_config(json, written_by, model.network()->output_names())); });
}

}  // namespace internal

CompileConfig compile_config_from_json(std::string_view json, KerasVersion written_by) {
  return internal::compile_config(internal::parse_json(std::string(json), "compile"), written_by, {});
}

}  // namespace cornu::keras::saving

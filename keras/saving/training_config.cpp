#include "cornu/keras/saving/internal/training_config.h"

#include "cornu/keras/optimizers/legacy/registry.h"
#include "cornu/keras/saving/compile_config.h"
#include "cornu/keras/saving/internal/keras2_objects.h"

namespace cornu::keras::saving {
namespace internal {
namespace {

using graph::require;

Json metric_list(const std::vector<Shared<metrics::Metric>>& metrics) {
  if (metrics.empty()) return nullptr;
  Json list = Json::array();
  for (const auto& metric : metrics) list.push_back(keras2_metric(*metric));
  return Json::array({std::move(list)});  // one list an output
}

const Json* find(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

bool is_object(const Json& json) { return json.is_string() || (json.is_object() && json.contains("class_name")); }

// What a file holds for each output, by list or by name: of one output.
const Json& only_output(const Json& json, const char* what) {
  const Json* at = &json;
  while (!is_object(*at) && (at->is_array() || at->is_object())) {
    require<ValueError>(at->size() == 1, "compile: ", what, " for ", at->size(), " outputs; models here have one");
    at = &at->front();
  }
  return *at;
}

// {"class_name": "function", "config": "mse"} and "mse" name the same; an object has arguments.
template <class T>
Arg<T> object_or_name(const Json& json, KerasVersion written_by) {
  if (json.is_string()) return Arg<T>(T::from_name(json.get<std::string>()));
  if (const auto kind = json.find("class_name"); json.is_object() && kind != json.end() && *kind == "function")
    return Arg<T>(T::from_name(class_name_of(json, T::registry(), written_by)));
  return Arg<T>(make_object(T::registry(), json, written_by));
}

void read_metrics(const Json& json, KerasVersion written_by, std::vector<Arg<metrics::Metric>>& metrics) {
  if (json.is_null()) return;
  if (is_object(json)) return metrics.push_back(object_or_name<metrics::Metric>(json, written_by));
  require<FormatError>(json.is_array() || json.is_object(), "compile: metrics need to be a list of names and objects");
  for (const Json& metric : json) read_metrics(metric, written_by, metrics);
}

// Keras 2 has two sets of optimizers; of the older ones the class stands there without a package.
bool is_legacy(const Json& json, KerasVersion written_by) {
  if (written_by != KerasVersion::keras2 || !json.is_object()) return false;
  const auto kind = json.find("class_name");
  if (kind == json.end() || !kind->is_string() || !optimizers::legacy::registry().contains(kind->get<std::string>()))
    return false;
  const auto& config = config_in(json);
  const auto flag = config.find("is_legacy_optimizer");
  return config.is_object() && (flag == config.end() || *flag == true);
}

}  // namespace

Json training_config(const models::Training& training) {
  const CompileConfig& config = training.config();
  return {{"loss", training.loss() ? keras2_loss(*training.loss()) : Json(nullptr)},
          {"metrics", metric_list(training.metrics())},
          {"weighted_metrics", metric_list(training.weighted_metrics())},
          {"loss_weights", config.loss_weights ? Json::array({*config.loss_weights}) : Json(nullptr)},
          {"optimizer_config", keras2_optimizer(*training.optimizer())}};
}

CompileConfig compile_config(const Json& json, KerasVersion written_by) {
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
    config.loss = object_or_name<losses::Loss>(only_output(*loss, "losses"), written_by);
  if (const Json* metrics = find(json, "metrics")) read_metrics(*metrics, written_by, config.metrics);
  if (const Json* metrics = find(json, "weighted_metrics")) read_metrics(*metrics, written_by, config.weighted_metrics);
  if (const Json* weights = find(json, "loss_weights")) {
    const Json& weight = only_output(*weights, "loss weights");
    require<FormatError>(weight.is_number(), "compile: loss_weights need to be a number");
    config.loss_weights = weight.get<double>();
  }
  return config;
}

}  // namespace internal

CompileConfig compile_config_from_json(std::string_view json, KerasVersion written_by) {
  return internal::compile_config(internal::parse_json(std::string(json), "compile"), written_by);
}

}  // namespace cornu::keras::saving

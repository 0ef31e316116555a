// What Keras 2 and tf.keras called otherwise before 2.15. Each line of the tables has its case in
// keras2_config_test.cpp.
#include "cornu/keras/saving/internal/keras2_config.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "cornu/keras/utils/console.h"

namespace cornu::keras::saving::internal {
namespace {

struct Now {
  std::string_view class_name;
  std::map<std::string_view, std::string_view> renamed = {};  // arguments: what they were, what they are
  std::map<std::string_view, Json> added = {};                // what the class did without being told
};

const std::map<std::string_view, Now>& classes_now() {
  static const std::map<std::string_view, Now> classes = {
      {"BatchNormalizationV1", {"BatchNormalization"}},
      {"BatchNormalizationV2", {"BatchNormalization"}},
      {"SyncBatchNormalization", {"BatchNormalization"}},
      {"UnifiedLSTM", {"LSTM"}},
      {"UnifiedGRU", {"GRU"}},
      {"CuDNNLSTM", {"LSTM", {}, {{"recurrent_activation", "sigmoid"}}}},
      {"CuDNNGRU", {"GRU", {}, {{"recurrent_activation", "sigmoid"}, {"reset_after", true}}}},
      {"ThresholdedReLU", {"ReLU", {{"theta", "threshold"}}}},
  };
  return classes;
}

// {"type": "ndarray", "value": 0.3}
bool is_number_of_numpy(const Json& json) {
  return json.is_object() && json.size() == 2 && json.contains("type") && json.contains("value") &&
         json["type"].is_string();
}

bool is_wide_or_half(const Json& name) {
  return name == "float16" || name == "mixed_float16" || name == "float64" || name == "mixed_float64";
}

// The policy's name in {"class_name": "Policy", "config": {"name": "mixed_float16"}}; else null.
Json policy_name(const Json& json) {
  if (json.is_string()) return json;
  const auto kind = json.is_object() ? json.find("class_name") : json.end();
  if (!json.is_object() || kind == json.end() || !kind->is_string() ||
      kind->get_ref<const std::string&>().find("Policy") == std::string::npos || !json.contains("config") ||
      !json["config"].is_object())
    return nullptr;
  return json["config"].value("name", Json());
}

void collect_names(const Json& json, std::set<std::string>& names) {
  if (json.is_object() && json.contains("class_name") && json.contains("config") && json["config"].is_object()) {
    const auto name = json["config"].find("name");
    if (name != json["config"].end() && name->is_string() &&
        name->get_ref<const std::string&>().find('/') != std::string::npos)
      names.insert(name->get<std::string>());
  }
  if (json.is_structured())
    for (const Json& part : json) collect_names(part, names);
}

// The calls ["layer", 0, 0, {…}] of a node, which is one or a list of them.
std::vector<Json*> calls_of(Json& node) {
  const auto is_call = [](const Json& json) {
    return json.is_array() && json.size() == 4 && json[0].is_string() && json[3].is_object();
  };
  std::vector<Json*> calls;
  if (is_call(node)) calls.push_back(&node);
  if (node.is_array())
    for (Json& part : node)
      if (is_call(part)) calls.push_back(&part);
  return calls;
}

// Functions of TensorFlow that are layers, and names that mean the same.
void rename_function(Json& object) {
  Json& config = object["config"];
  const auto function = config.find("function");
  if (function == config.end() || !object.contains("inbound_nodes")) return;
  const auto for_each_call = [&](auto&& change) {
    for (Json& node : object["inbound_nodes"])
      for (Json* call : calls_of(node)) change((*call)[3]);
  };
  if (*function == "compat.v1.transpose") {
    *function = "transpose";
    for_each_call([](Json& kwargs) { kwargs.erase("conjugate"), kwargs.erase("name"); });
  } else if (*function == "concat") {
    Json axis = -1;
    for_each_call([&](Json& kwargs) { axis = kwargs.value("axis", axis), kwargs = Json::object(); });
    object["class_name"] = "Concatenate";
    config = {{"name", config.value("name", Json())}, {"axis", std::move(axis)}};
  } else if (*function == "math.l2_normalize" || *function == "nn.l2_normalize" || *function == "linalg.l2_normalize") {
    Json axis;
    for_each_call([&](Json& kwargs) { axis = kwargs.value("axis", axis), kwargs = Json::object(); });
    object["class_name"] = "UnitNormalization";
    config = {{"name", config.value("name", Json())}, {"axis", std::move(axis)}};
  }
}

class Older {
 public:
  Older(const Json& config, KerasVersion written_by) : keras2_(written_by == KerasVersion::keras2) {
    if (keras2_) collect_names(config, slashed_);
  }

  Json now(const Json& json) {
    if (json.is_string()) {
      const auto& text = json.get_ref<const std::string&>();
      return slashed_.contains(text) ? Json(name_without_slash(text)) : json;
    }
    if (json.is_array()) {
      Json list = Json::array();
      for (const Json& part : json) list.push_back(now(part));
      return list;
    }
    if (!json.is_object()) return json;
    if (keras2_ && is_number_of_numpy(json)) return json["value"];
    Json object = Json::object();
    for (const auto& [name, value] : json.items()) {
      object[name] = now(value);
      if (name == "dtype" && is_wide_or_half(policy_name(value))) {
        object[name] = "float32";
        computed_otherwise = policy_name(value).get<std::string>();
      }
    }
    if (keras2_) rename(object);
    return object;
  }

  std::string computed_otherwise;  // a dtype

 private:
  static void rename(Json& object) {
    const auto kind = object.find("class_name"), config = object.find("config");
    if (kind == object.end() || !kind->is_string() || config == object.end() || !config->is_object()) return;
    if (*kind == "TFOpLambda") return rename_function(object);
    std::string written = kind->get<std::string>();
    if (const auto package = written.rfind('>'); package != std::string::npos) written = written.substr(package + 1);
    const auto found = classes_now().find(written);
    if (found == classes_now().end()) return;
    const Now& now = found->second;
    Json arguments = Json::object();
    for (const auto& [name, value] : config->items()) {
      const auto renamed = now.renamed.find(name);
      arguments[renamed == now.renamed.end() ? name : std::string(renamed->second)] = value;
    }
    for (const auto& [name, value] : now.added)
      if (!arguments.contains(std::string(name))) arguments[std::string(name)] = value;
    object["class_name"] = now.class_name;
    object["config"] = std::move(arguments);
  }

  bool keras2_;
  std::set<std::string> slashed_;
};

}  // namespace

std::string name_without_slash(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

Json from_older(const Json& config, KerasVersion written_by) {
  Older older(config, written_by);
  Json now = older.now(config);
  if (!older.computed_otherwise.empty())
    utils::warn(graph::message("the model's dtype is ", older.computed_otherwise,
                               ", in which nothing is computed here: it is computed in float32"));
  return now;
}

}  // namespace cornu::keras::saving::internal

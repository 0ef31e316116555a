#include <cornu/cornu.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "cornu/keras/command_line/command.h"
#include "cornu/keras/command_line/inputs.h"
#include "cornu/keras/command_line/weights.h"

namespace cornu::command_line {
namespace {

using namespace cornu::keras;

/// Says where two configs differ, a line each: "config/layers/1/units: 8, 16".
bool differs(const nlohmann::ordered_json& a, const nlohmann::ordered_json& b, const std::string& at) {
  if (a == b) return false;
  const auto text = [](const nlohmann::ordered_json& value) {
    const std::string all = value.dump();
    return all.size() > 60 ? all.substr(0, 57) + "..." : all;
  };
  if (a.is_object() && b.is_object()) {
    bool any = false;
    for (const auto& [key, value] : a.items()) {
      if (!b.contains(key)) {
        std::cout << at << '/' << key << ": " << text(value) << ", not there\n";
        any = true;
      } else {
        any = differs(value, b[key], at + '/' + key) || any;
      }
    }
    for (const auto& [key, value] : b.items())
      if (!a.contains(key)) {
        std::cout << at << '/' << key << ": not there, " << text(value) << '\n';
        any = true;
      }
    return any;
  }
  if (a.is_array() && b.is_array() && a.size() == b.size()) {
    bool any = false;
    for (std::size_t i = 0; i < a.size(); ++i) any = differs(a[i], b[i], at + '/' + std::to_string(i)) || any;
    return any;
  }
  std::cout << at << ": " << text(a) << ", " << text(b) << '\n';
  return true;
}

bool weights_differ(const models::Model& a, const models::Model& b, double tolerance) {
  std::map<std::string, Array> others;
  for (const NamedWeight& weight : weights_of(b)) others.emplace(weight.name, weight.variable.value());
  bool any = false;
  const auto say = [&](const std::string& name, const std::string& what) {
    std::cout << name << ": " << what << '\n';
    any = true;
  };
  for (const NamedWeight& weight : weights_of(a)) {
    const auto other = others.extract(weight.name);
    const Array x = weight.variable.value();
    if (other.empty()) {
      say(weight.name, "only in the first");
    } else if (x.shape() != other.mapped().shape()) {
      say(weight.name, graph::message("shapes ", x.shape(), " and ", other.mapped().shape()));
    } else if (x.size() > 0) {
      const Array distance = abs(x.astype(float64) - other.mapped().astype(float64));
      const double most = max(distance).item<double>();
      if (!(most <= tolerance))
        say(weight.name, graph::message("differs by ", short_number(most), " at most, ",
                                        short_number(mean(distance).item<double>()), " on average"));
    }
  }
  for (const auto& [name, value] : others) say(name, "only in the second");
  return any;
}

int diff(const po::variables_map& given) {
  try {
    const auto a = open_model(get<std::string>(given, "first")), b = open_model(get<std::string>(given, "second"));
    bool any = false;
    if (!get<bool>(given, "weights-only"))
      any = differs(nlohmann::ordered_json::parse(a.to_json()), nlohmann::ordered_json::parse(b.to_json()), "");
    any = weights_differ(a, b, get<double>(given, "tolerance")) || any;
    return any ? 1 : 0;
  } catch (const std::exception& error) {
    std::cout.flush();
    std::cerr << "cornu diff: " << error.what() << '\n';
    return 2;
  }
}

const Registered registered_diff({
    .name = "diff",
    .arguments = "FIRST SECOND",
    .does = "where two models differ: configs and weights",
    .details = "Exit status 0: they are equal; 1: they differ; 2: trouble.",
    .positional = {"first", "second"},
    .required = {"first", "second"},
    .options =
        [](auto add) {
          add("first", po::value<std::string>(), "a model");
          add("second", po::value<std::string>(), "another one");
          add("tolerance", po::value<double>()->default_value(0), "differences of weights up to this do not count");
          add("weights-only", po::bool_switch(), "without the configs");
        },
    .run = diff,
});

}  // namespace
}  // namespace cornu::command_line

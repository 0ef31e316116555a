#include "cornu/keras/tuner/hyperparameters.h"

#include <algorithm>
#include <cmath>

#include "cornu/graph/check.h"

namespace cornu::keras::tuner {

using graph::message;
using graph::require;
using Kind = HyperParameter::Kind;

namespace {

constexpr const char* kTunerKinds[] = {"an Int", "a Float", "a Choice", "a Boolean", "a Fixed"};

double whole_part(double value) { return std::floor(value + 1e-8); }

/// How many values a range with a step has.
double steps_of(const HyperParameter& p) {
  if (p.sampling == "linear") return whole_part((p.max_value - p.min_value) / *p.step) + 1;
  return whole_part(std::log(p.max_value / p.min_value) / std::log(*p.step)) + 1;
}

double stepped(const HyperParameter& p, double place) {
  const double index = std::floor(place * steps_of(p));
  if (p.sampling == "linear") return p.min_value + index * *p.step;
  const double grown = p.min_value * std::pow(*p.step, index);
  return p.sampling == "log" ? grown : p.max_value + p.min_value - grown;
}

double between(const HyperParameter& p, double max_value, double place) {
  if (p.sampling == "linear") return place * (max_value - p.min_value) + p.min_value;
  const double ratio = max_value / p.min_value;
  if (p.sampling == "log") return p.min_value * std::pow(ratio, place);
  return max_value + p.min_value - p.min_value * std::pow(ratio, 1 - place);
}

void require_range(const HyperParameter& p) {
  require<ValueError>(p.min_value <= p.max_value, "hyperparameter '", p.name,
                      "': expected min_value <= max_value, got ", p.min_value, " and ", p.max_value);
  const bool linear = p.sampling == "linear";
  require<ValueError>(linear || p.sampling == "log" || p.sampling == "reverse_log", "hyperparameter '", p.name,
                      "': unknown sampling '", p.sampling, "'; known are linear, log, reverse_log");
  require<ValueError>(linear || p.min_value > 0, "hyperparameter '", p.name, "': sampling '", p.sampling,
                      "' needs a min_value above 0, got ", p.min_value);
  require<ValueError>(!p.step || (linear ? *p.step > 0 : *p.step > 1), "hyperparameter '", p.name,
                      "': expected a step above ", linear ? 0 : 1, ", got ", p.step.value_or(0));
}

template <class T>
HyperParameter range(Kind kind, const std::string& name, T min_value, T max_value, const RangeConfig<T>& config) {
  HyperParameter p{name,
                   kind,
                   config.default_value.value_or(min_value),
                   static_cast<double>(min_value),
                   static_cast<double>(max_value),
                   config.step ? std::optional(static_cast<double>(*config.step)) : std::nullopt,
                   config.sampling};
  require_range(p);
  return p;
}

template <class Values, class T>
HyperParameter choice(const std::string& name, const Values& values, const std::optional<T>& default_value) {
  require<ValueError>(values.size() > 0, "hyperparameter '", name, "': expected values to choose from, got none");
  require<ValueError>(!default_value || std::find(values.begin(), values.end(), *default_value) != values.end(),
                      "hyperparameter '", name, "': the default is none of the values");
  HyperParameter p{name, Kind::Choice, default_value ? Value(*default_value) : Value(*values.begin())};
  for (const auto& value : values) p.values.push_back(value);
  return p;
}

}  // namespace

Value HyperParameter::at(double place) const {
  switch (kind) {
    case Kind::Int:  // the upper bound is as likely as the others
      return step ? std::round(stepped(*this, place))
                  : std::min(std::floor(between(*this, max_value + 1, place)), max_value);
    case Kind::Float:
      return step ? stepped(*this, place) : between(*this, max_value, place);
    case Kind::Choice:
      return values[static_cast<std::size_t>(place * static_cast<double>(values.size()))];
    case Kind::Boolean:
      return place >= 0.5;
    case Kind::Fixed:
      break;
  }
  return default_value;
}

std::int64_t HyperParameters::Int(const std::string& name, std::int64_t min_value, std::int64_t max_value,
                                  const RangeConfig<std::int64_t>& config) {
  return std::llround(asked(range(Kind::Int, name, min_value, max_value, config)).number());
}

double HyperParameters::Float(const std::string& name, double min_value, double max_value,
                              const RangeConfig<double>& config) {
  return asked(range(Kind::Float, name, min_value, max_value, config)).number();
}

std::string HyperParameters::Choice(const std::string& name, const std::vector<std::string>& values,
                                    const std::optional<std::string>& default_value) {
  return asked(choice(name, values, default_value)).text();
}

std::int64_t HyperParameters::Choice(const std::string& name, std::initializer_list<int> values,
                                     std::optional<int> default_value) {
  return std::llround(asked(choice(name, values, default_value)).number());
}

double HyperParameters::Choice(const std::string& name, std::initializer_list<double> values,
                               std::optional<double> default_value) {
  return asked(choice(name, values, default_value)).number();
}

bool HyperParameters::Boolean(const std::string& name, bool default_value) {
  return asked({name, Kind::Boolean, default_value}).truth();
}

Value HyperParameters::Fixed(const std::string& name, const Value& value) { return asked({name, Kind::Fixed, value}); }

const Value& HyperParameters::get(const std::string& name) const {
  const auto found = values_.find(name);
  if (found != values_.end()) return found->second;
  std::string known;
  for (const auto& [other, value] : values_) known += (known.empty() ? "" : ", ") + other;
  throw ValueError(message("no hyperparameter '", name, "'; there are ", known.empty() ? "none" : known));
}

void HyperParameters::keep_asked() {
  std::erase_if(values_, [&](const auto& entry) {
    return std::none_of(space_.begin(), space_.end(), [&](const HyperParameter& p) { return p.name == entry.first; });
  });
}

const Value& HyperParameters::asked(HyperParameter parameter) {
  require<ValueError>(!parameter.name.empty(), "a hyperparameter needs a name");
  const auto known = std::find_if(space_.begin(), space_.end(),
                                  [&](const HyperParameter& other) { return other.name == parameter.name; });
  if (known == space_.end()) {
    space_.push_back(parameter);
  } else if (known->kind != Kind::Fixed) {
    require<ValueError>(known->kind == parameter.kind, "hyperparameter '", parameter.name, "' is ",
                        kTunerKinds[static_cast<int>(known->kind)], ", and was asked for as ",
                        kTunerKinds[static_cast<int>(parameter.kind)]);
    *known = parameter;
  }
  const auto found = values_.find(parameter.name);
  if (found != values_.end()) return found->second;
  const bool drawn = draw_ && parameter.kind != Kind::Fixed;
  return values_.emplace(parameter.name, drawn ? draw_(parameter) : parameter.default_value).first->second;
}

}  // namespace cornu::keras::tuner

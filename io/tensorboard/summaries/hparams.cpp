#include "cornu/io/tensorboard/summaries/hparams.h"

#include <charconv>
#include <cmath>
#include <set>

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/internal/serialize.h"
#include "cornu/io/tensorboard/internal/utf8.h"
#include "cornu/io/tensorboard/proto/hparams.pb.h"

namespace cornu::io::tensorboard::summaries {

namespace proto = cornu_tensorboard;
using namespace graph;
using internal::valid_utf8;

namespace {

void require_finite(const std::string& name, double number) {
  require<ValueError>(std::isfinite(number), "[hparams] the value of \"", valid_utf8(name), "\" must be finite, got ",
                      number, " (TensorBoard takes no other number; give it as a text)");
}

proto::Value value_of(const std::string& name, const HParam& value) {
  require<ValueError>(!name.empty(), "[hparams] a hyperparameter needs a name that is not empty");
  proto::Value message;
  switch (value.kind()) {
    case HParam::Kind::number:
      require_finite(name, value.number());
      message.set_number_value(value.number());
      break;
    case HParam::Kind::truth:
      message.set_bool_value(value.truth());
      break;
    case HParam::Kind::text:
      message.set_string_value(valid_utf8(value.text()));
  }
  return message;
}

proto::HParamType type_of(const HParam& value) {
  return value.kind() == HParam::Kind::number  ? proto::DATA_TYPE_FLOAT64
         : value.kind() == HParam::Kind::truth ? proto::DATA_TYPE_BOOL
                                               : proto::DATA_TYPE_STRING;
}

void fill(proto::HParamInfo& to, const Experiment::Parameter& from) {
  const std::string name = valid_utf8(from.name);
  require<ValueError>(!name.empty(), "[hparams] a hyperparameter needs a name that is not empty");
  require<ValueError>(from.values.empty() || !from.interval, "[hparams] \"", name,
                      "\" has both values and an interval");
  to.set_name(name);
  to.set_display_name(valid_utf8(from.display_name));
  to.set_description(valid_utf8(from.description));
  if (from.sample) to.set_type(type_of(*from.sample));
  for (const HParam& value : from.values) {
    require<ValueError>(value.kind() == from.values.front().kind(), "[hparams] the values of \"", name,
                        "\" are of several kinds");
    *to.mutable_domain_discrete()->add_values() = value_of(name, value);
    to.set_type(type_of(value));
  }
  if (!from.interval) return;
  const auto [least, greatest] = *from.interval;
  require_finite(name, least);
  require_finite(name, greatest);
  require<ValueError>(least <= greatest, "[hparams] the interval of \"", name, "\" ends before it begins: ", least,
                      " to ", greatest);
  to.set_type(proto::DATA_TYPE_FLOAT64);
  to.mutable_domain_interval()->set_min_value(least);
  to.mutable_domain_interval()->set_max_value(greatest);
}

/// The metadata says everything, and the tensor is empty.
Summary hparams_summary(const char* tag, const proto::HParamsPluginData& data) {
  Summary summary = internal::new_summary(tag, "hparams", DataClass::tensor, {}, internal::serialize(data));
  summary.numbers = Array();
  return summary;
}

}  // namespace

std::string to_string(const HParam& value) {
  if (value.kind() == HParam::Kind::text) return '"' + value.text() + '"';
  if (value.kind() == HParam::Kind::truth) return value.truth() ? "true" : "false";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value.number()).ptr};
}

Summary hparams_experiment(const Experiment& experiment) {
  proto::HParamsPluginData data;
  auto& message = *data.mutable_experiment();
  std::set<std::string> names;
  for (const auto& parameter : experiment.parameters) {
    require<ValueError>(names.insert(parameter.name).second, "[hparams] \"", valid_utf8(parameter.name),
                        "\" is there twice");
    fill(*message.add_hparam_infos(), parameter);
  }
  for (const auto& metric : experiment.metrics) {
    require<ValueError>(!metric.tag.empty(), "[hparams] a metric needs a tag that is not empty");
    auto& to = *message.add_metric_infos();
    to.mutable_name()->set_tag(valid_utf8(metric.tag));
    to.mutable_name()->set_group(valid_utf8(metric.group));
    to.set_display_name(valid_utf8(metric.display_name));
    to.set_description(valid_utf8(metric.description));
  }
  return hparams_summary("_hparams_/experiment", data);
}

Summary hparams_session_start(const HParams& values, const std::string& trial, double seconds) {
  proto::HParamsPluginData data;
  auto& message = *data.mutable_session_start_info();
  for (const auto& [name, value] : values) (*message.mutable_hparams())[valid_utf8(name)] = value_of(name, value);
  message.set_group_name(valid_utf8(trial));
  message.set_start_time_secs(seconds);
  return hparams_summary("_hparams_/session_start_info", data);
}

Summary hparams_session_end(Status status, double seconds) {
  proto::HParamsPluginData data;
  data.mutable_session_end_info()->set_status(static_cast<proto::Status>(status));
  data.mutable_session_end_info()->set_end_time_secs(seconds);
  return hparams_summary("_hparams_/session_end_info", data);
}

}  // namespace cornu::io::tensorboard::summaries

#include "cornu/keras/saving/internal/keras2_objects.h"

#include "cornu/keras/saving/internal/json_writer.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/to_lower.h"

namespace cornu::keras::saving::internal {
namespace {

// Class and config alone. `object_of` refuses what is not registered.
Json class_and_config(const Object& object) {
  Json json = object_of(object, Form::keras2);
  return Json{{"class_name", json["class_name"]}, {"config", std::move(json["config"])}};
}

std::string package_of(const Object& object) {
  const auto* entry = registered_as(object);
  return entry ? std::string(entry->form.keras2_package) : "";
}

void warn_of_exclusions(const optimizers::Optimizer& optimizer) {
  if (optimizer.has_exclusions())
    utils::warn(graph::message(optimizer.described(),
                               ": which variables are excluded from weight decay is not saved, as no file of Keras "
                               "holds it; call exclude_from_weight_decay after loading"));
}

}  // namespace

Json keras2_loss(const losses::Loss& loss) {
  Json json = class_and_config(loss);
  const auto& entry = *registered_as(loss);
  const bool plain = same_config(loss, *entry.make(nullptr));
  return plain && !entry.aliases.empty() ? Json(entry.aliases.front()) : json;
}

Json keras2_metric(const metrics::Metric& metric) {
  const auto* entry = registered_as(metric);
  if (!entry || !entry->form.by_name) return class_and_config(metric);
  const std::string asked = utils::to_lower(metric.name());
  return metrics::registry().find_or_null(asked) == entry ? asked : entry->class_name;
}

std::string keras2_optimizer_name(const optimizers::Optimizer& optimizer) { return optimizer.keras2_name(); }

Json keras3_object(const Object& object) {
  const auto* entry = registered_as(object);
  return entry && entry->form.by_name ? Json(entry->class_name) : object_of(object, Form::keras3);
}

Json keras3_optimizer(const optimizers::Optimizer& optimizer) {
  warn_of_exclusions(optimizer);
  return keras3_object(optimizer);
}

Json keras2_optimizer(const optimizers::Optimizer& optimizer) {
  warn_of_exclusions(optimizer);
  Json json = class_and_config(optimizer);
  if (const std::string package = package_of(optimizer); !package.empty())
    json["class_name"] = package + ">" + optimizer.class_name();
  return json;
}

}  // namespace cornu::keras::saving::internal

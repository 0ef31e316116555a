#include "cornu/keras/saving/custom_objects.h"

#include <set>

#include "cornu/graph/check.h"
#include "cornu/keras/activations/activation.h"
#include "cornu/keras/constraints/constraint.h"
#include "cornu/keras/internal/custom_scope.h"
#include "cornu/keras/losses/loss.h"
#include "cornu/keras/metrics/mean_metric_wrapper.h"
#include "cornu/keras/regularizers/regularizer.h"

namespace cornu::keras::saving {
namespace {

using Entry = AnyRegistry::Entry;
using keras::internal::CustomClasses;
using keras::internal::OfOwnEntry;
using EntryPointer = std::shared_ptr<const Entry>;

template <class Kind>
class FunctionOfOne final : public Kind, public OfOwnEntry {
 public:
  FunctionOfOne(EntryPointer entry, CustomObject::OfOne function)
      : OfOwnEntry(std::move(entry)), function_(std::move(function)) {}
  Tensor operator()(const Tensor& x) const override { return function_(x); }

 private:
  CustomObject::OfOne function_;
};

struct CustomLossConfig {
  std::string reduction = "sum_over_batch_size";
  std::string name;
  std::string dtype = {};
};

// What Loss makes of a function, with a name.
class CustomLoss final : public Configured<losses::Loss, CustomLossConfig>, public OfOwnEntry {
 public:
  CustomLoss(EntryPointer entry, const CustomObject::OfTwo& function, CustomLossConfig config)
      : Configured(std::move(config)), OfOwnEntry(std::move(entry)), made_(Loss::from_callable(function)) {}
  Tensor call(const Tensor& y_true, const Tensor& y_pred) const override { return made_->call(y_true, y_pred); }

 private:
  Shared<Loss> made_;
};

struct CustomMetricConfig {
  std::string name;
  std::string dtype = "float32";
};

class CustomMetric final : public Configured<metrics::MeanMetricWrapper, CustomMetricConfig>, public OfOwnEntry {
 public:
  CustomMetric(EntryPointer entry, CustomObject::OfTwo function, CustomMetricConfig config)
      : Configured(std::move(config)), OfOwnEntry(std::move(entry)), function_(std::move(function)) {}
  Tensor values(const Tensor& y_true, const Tensor& y_pred) const override { return function_(y_true, y_pred); }

 private:
  CustomObject::OfTwo function_;
};

// Files hold a function by its name alone; one that has another name in logs, or another reduction, with its config.
// Each object has an entry of its own, which outlives the scope.
template <class Make>
EntryPointer entry_of_function(const std::string& name, bool by_name, const Make& make) {
  return std::make_shared<Entry>(
      Entry{name, {name}, {.by_name = by_name}, [=](ConfigVisitor* reader) { return make(name, reader); }});
}

template <class Kind>
struct MakeOfOne {
  CustomObject::OfOne function;
  std::shared_ptr<Object> operator()(const std::string& name, ConfigVisitor*) const {
    return std::make_shared<FunctionOfOne<Kind>>(entry_of_function(name, true, *this), function);
  }
};

template <class Kind, class Made, class Config>
struct MakeOfTwo {
  CustomObject::OfTwo function;
  std::shared_ptr<Object> operator()(const std::string& name, ConfigVisitor* reader) const {
    Config config{.name = name}, plain = config;
    if (reader) Kind::config_fields(config, *reader);
    bool by_name = config.name == plain.name;
    if constexpr (requires { config.reduction; }) by_name = by_name && config.reduction == plain.reduction;
    return std::make_shared<Made>(entry_of_function(name, by_name, *this), function, std::move(config));
  }
};

// One name of a kind.
class OneName final : public AnyRegistry {
 public:
  explicit OneName(const AnyRegistry& kind, const Entry& entry) : AnyRegistry(kind.kind()) { add(entry, typeid(void)); }
};

template <class Make>
std::pair<const AnyRegistry*, std::shared_ptr<const AnyRegistry>> named(const AnyRegistry& kind,
                                                                        const std::string& name, const Make& make) {
  return {&kind, std::make_shared<OneName>(kind, *entry_of_function(name, true, make))};
}

}  // namespace

CustomObject CustomObject::made_of(OfOne function) {
  return made_by([function = std::move(function)](const std::string& name) -> Classes {
    return {named(activations::registry(), name, MakeOfOne<activations::Activation>{function}),
            named(constraints::registry(), name, MakeOfOne<constraints::Constraint>{function}),
            named(regularizers::registry(), name, MakeOfOne<regularizers::Regularizer>{function})};
  });
}

CustomObject CustomObject::made_of(OfTwo function) {
  return made_by([function = std::move(function)](const std::string& name) -> Classes {
    return {named(losses::registry(), name, MakeOfTwo<losses::Loss, CustomLoss, CustomLossConfig>{function}),
            named(metrics::registry(), name, MakeOfTwo<metrics::Metric, CustomMetric, CustomMetricConfig>{function})};
  });
}

CustomObjects::CustomObjects(const std::vector<std::pair<std::string, CustomObject>>& objects) {
  auto classes = std::make_shared<std::vector<CustomClasses>>();
  std::set<std::string> names;
  for (const auto& [name, object] : objects) {
    graph::require<graph::ValueError>(!name.empty(), "custom_objects: a name is empty");
    graph::require<graph::ValueError>(names.insert(name).second, "custom_objects: '", name, "' is given twice");
    for (auto& [kind, own] : object.classes(name)) classes->push_back({kind, std::move(own)});
  }
  if (!classes->empty()) classes_ = std::move(classes);
}

CustomObjects::CustomObjects(std::initializer_list<std::pair<const char*, CustomObject>> objects)
    : CustomObjects(std::vector<std::pair<std::string, CustomObject>>(objects.begin(), objects.end())) {}

CustomObjectScope::CustomObjectScope(const CustomObjects& objects) {
  if (objects.empty()) return;
  keras::internal::enter_custom_scope(objects.classes_);
  entered_ = true;
}

CustomObjectScope::~CustomObjectScope() {
  if (entered_) keras::internal::leave_custom_scope();
}

}  // namespace cornu::keras::saving

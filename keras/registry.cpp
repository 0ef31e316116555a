#include "cornu/keras/registry.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <typeindex>
#include <unordered_map>

#include "cornu/graph/check.h"
#include "cornu/keras/internal/custom_scope.h"

namespace cornu::keras {
namespace {

using graph::require;
using graph::ValueError;

struct Classes {
  std::mutex mutex;
  std::unordered_map<std::type_index, std::shared_ptr<const AnyRegistry::Entry>> by_type;
};
Classes& classes() {
  static Classes all;
  return all;
}

}  // namespace

struct AnyRegistry::Entries {
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<const Entry>, std::less<>> by_name;
  std::vector<std::shared_ptr<const Entry>> in_order;
};

AnyRegistry::AnyRegistry(std::string kind, KindForm form)
    : kind_(std::move(kind)), form_(form), entries_(std::make_unique<Entries>()) {}
AnyRegistry::~AnyRegistry() = default;

void AnyRegistry::add(Entry added, const std::type_info& type) {
  const auto entry = std::make_shared<const Entry>(std::move(added));
  std::vector<std::string> names = entry->aliases;
  names.push_back(entry->class_name);
  {
    const std::lock_guard lock(entries_->mutex);
    for (const std::string& name : names)
      require<ValueError>(!entries_->by_name.contains(name), "a ", kind_, " named '", name, "' is already registered");
    for (const std::string& name : names) entries_->by_name.emplace(name, entry);
    entries_->in_order.push_back(entry);
  }
  if (type == typeid(void)) return;  // each object has its own entry
  const std::lock_guard lock(classes().mutex);
  classes().by_type.emplace(type, entry);
}

const AnyRegistry::Entry* AnyRegistry::find_or_null(std::string_view name) const {
  if (const Entry* custom = internal::find_custom(*this, name)) return custom;
  const std::lock_guard lock(entries_->mutex);
  const auto found = entries_->by_name.find(name);
  return found == entries_->by_name.end() ? nullptr : found->second.get();
}

const AnyRegistry::Entry& AnyRegistry::find(std::string_view name) const {
  if (const Entry* entry = find_or_null(name)) return *entry;
  const std::lock_guard lock(entries_->mutex);
  std::string known;
  for (const auto& [key, entry] : entries_->by_name) known += (known.empty() ? "" : ", ") + key;
  throw ValueError(graph::message("unknown ", kind_, " '", name, "'; known: ", known));
}

const AnyRegistry::Entry* AnyRegistry::find_keras2(std::string_view name) const {
  if (internal::find_custom(*this, name)) return nullptr;
  const std::lock_guard lock(entries_->mutex);
  const auto& in_order = entries_->in_order;
  const auto found = std::find_if(in_order.begin(), in_order.end(),
                                  [&](const auto& entry) { return !name.empty() && entry->form.keras2_name == name; });
  return found == in_order.end() ? nullptr : found->get();
}

std::vector<std::string> AnyRegistry::class_names() const {
  const std::lock_guard lock(entries_->mutex);
  std::vector<std::string> names;
  for (const auto& entry : entries_->in_order) names.push_back(entry->class_name);
  return names;
}

const AnyRegistry::Entry* registered_as(const Object& object) {
  {
    const std::lock_guard lock(classes().mutex);
    const auto found = classes().by_type.find(typeid(object));
    if (found != classes().by_type.end()) return found->second.get();
  }
  const auto* own = dynamic_cast<const internal::OfOwnEntry*>(&object);
  return own ? own->entry() : nullptr;
}

}  // namespace cornu::keras

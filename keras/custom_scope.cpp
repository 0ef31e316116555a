#include "cornu/keras/internal/custom_scope.h"

namespace cornu::keras::internal {
namespace {

using Scopes = std::vector<std::shared_ptr<const std::vector<CustomClasses>>>;

Scopes& scopes_of_this_thread() {
  thread_local Scopes scopes;
  return scopes;
}

}  // namespace

OfOwnEntry::~OfOwnEntry() = default;

void enter_custom_scope(std::shared_ptr<const std::vector<CustomClasses>> classes) {
  scopes_of_this_thread().push_back(std::move(classes));
}

void leave_custom_scope() { scopes_of_this_thread().pop_back(); }

const AnyRegistry::Entry* find_custom(const AnyRegistry& kind, std::string_view name) {
  const Scopes& scopes = scopes_of_this_thread();
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
    for (const CustomClasses& classes : **scope)
      if (classes.kind == &kind)
        if (const auto* entry = classes.own->find_or_null(name)) return entry;
  return nullptr;
}

}  // namespace cornu::keras::internal

#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cornu/keras/registry.h"

namespace cornu::keras::internal {

/// Classes that stand beside those of a kind for a while: `own` is looked into before `kind` is.
struct CustomClasses {
  const AnyRegistry* kind;
  std::shared_ptr<const AnyRegistry> own;
};

/// From here on, until `leave_custom_scope`, this thread finds these classes first. Scopes lie within each other.
void enter_custom_scope(std::shared_ptr<const std::vector<CustomClasses>> classes);
void leave_custom_scope();

/// The entry of the innermost scope of this thread that has one of this name for the kind; else null.
const AnyRegistry::Entry* find_custom(const AnyRegistry& kind, std::string_view name);

/// The base of an object whose class stands for many functions, so that its entry is its own rather than its class'.
class OfOwnEntry {
 public:
  explicit OfOwnEntry(std::shared_ptr<const AnyRegistry::Entry> entry) : entry_(std::move(entry)) {}
  virtual ~OfOwnEntry();
  const AnyRegistry::Entry* entry() const { return entry_.get(); }

 private:
  std::shared_ptr<const AnyRegistry::Entry> entry_;
};

}  // namespace cornu::keras::internal

#include "cornu/graph/op.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "cornu/graph/check.h"
#include "cornu/graph/internal/field_texts.h"

namespace cornu::graph {

FieldVisitor::~FieldVisitor() = default;
Op::~Op() = default;

std::int64_t next_effect() {
  static std::atomic<std::int64_t> last{0};
  return ++last;
}

Tensors Op::no_gradient(const Backward& b) { return Tensors(b.inputs().size()); }

namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, OpRegistry::Factory, std::less<>> factories;
};
Registry& registry() {
  static Registry r;
  return r;
}

}  // namespace

std::string to_string(const Op& op) {
  internal::FieldTexts fields;
  op.fields(fields);
  std::string text(op.name());
  const char* before = "(";
  for (const auto& [name, value] : fields.list) {
    text += message(before, name, '=', value);
    before = ", ";
  }
  return text + (fields.list.empty() ? "()" : ")");
}

void OpRegistry::add(Factory factory) {
  std::string name(factory()->name());
  const std::lock_guard lock(registry().mutex);
  const bool added = registry().factories.emplace(name, std::move(factory)).second;
  require<ValueError>(added, "an op named '", name, "' is already registered");
}

std::vector<std::string> OpRegistry::names() const {
  const std::lock_guard lock(registry().mutex);
  std::vector<std::string> names;
  for (const auto& [name, factory] : registry().factories) names.push_back(name);
  return names;
}

std::unique_ptr<Op> OpRegistry::make(std::string_view name) const {
  {
    const std::lock_guard lock(registry().mutex);
    const auto found = registry().factories.find(name);
    if (found != registry().factories.end()) return found->second();
  }
  std::string known;
  for (const std::string& n : names()) known += (known.empty() ? "" : ", ") + n;
  throw ValueError(message("no op named '", name, "'; known: ", known));
}

OpRegistry& op_registry() {
  static OpRegistry r;
  return r;
}

bool Backward::wants(int i) const { return wanted_[i]; }

}  // namespace cornu::graph

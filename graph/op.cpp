#include "cornu/graph/op.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <sstream>

#include "cornu/graph/check.h"

namespace cornu::graph {

FieldVisitor::~FieldVisitor() = default;
Op::~Op() = default;

Tensors Op::no_gradient(const Backward& b) { return Tensors(b.inputs().size()); }

namespace {

struct FieldText final : FieldVisitor {
  std::ostringstream out;
  const char* comma = "";
  template <class T>
  void put(std::string_view name, const T& value) {
    out << comma << name << '=' << value;
    comma = ", ";
  }
  void boolean(std::string_view name, bool value) override { put(name, value ? "true" : "false"); }
  void integer(std::string_view name, std::int64_t value) override { put(name, value); }
  void number(std::string_view name, double value) override { put(name, value); }
  void text(std::string_view name, std::string_view value) override { put(name, value); }
  void integers(std::string_view name, const std::vector<std::int64_t>& value) override {
    std::string list = "[";
    for (std::size_t i = 0; i < value.size(); ++i) list += (i ? ", " : "") + std::to_string(value[i]);
    put(name, list + "]");
  }
};

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
  FieldText text;
  text.out.precision(17);
  op.fields(text);
  return message(op.name(), "(", text.out.str(), ")");
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

}  // namespace cornu::graph
